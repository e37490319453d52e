/** Getting about: six pages in the header, the palette by keyboard alone, light and dark by choice. */
import type { Page } from '@playwright/test';
import {
  count,
  enable,
  expect,
  expectAccessible,
  expectLost,
  goTo,
  module,
  power,
  tabTo,
  test,
} from './contara.ts';

const field = (page: Page) => page.getByRole('combobox', { name: 'Search and run' });
const entries = (page: Page) => page.getByRole('listbox', { name: 'Found' }).getByRole('option');
const chosen = (page: Page) => entries(page).and(page.getByRole('option', { selected: true }));

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
}

/** The field names what is chosen, to those who hear it. */
async function expectNamed(page: Page): Promise<void> {
  const id = await field(page).getAttribute('aria-activedescendant');
  expect(id).not.toBeNull();
  expect(await chosen(page).getAttribute('id')).toBe(id);
}

/** Nothing stands out at the side, whatever the page is wide. */
async function expectFits(page: Page): Promise<void> {
  const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
  expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
}

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
const PAPER = 'rgb(246, 245, 241)';
const SLATE = 'rgb(20, 25, 27)';
/** Each with what the choice of a language is called in it. */
const LANGUAGES = [
  ['Deutsch', 'Sprache'],
  ['français', 'Langue'],
  ['English', 'Language'],
] as const;

test.describe('the palette', () => {
  test.use({ modules: ['my_module', 'workbench'] });

  test('pages, modules and actions by keyboard alone', async ({ browsers }) => {
    const page = await browsers.signedIn();
    await tabTo(page, page.getByRole('button', { name: 'Search and run' }));
    await page.keyboard.press('Enter');
    await expect(field(page)).toBeFocused();
    await expect(entries(page)).not.toHaveCount(0);
    await expectNamed(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Search and run' })).toBeFocused();

    await openPalette(page);
    await page.keyboard.type('module my en');
    await expect(entries(page)).toHaveText([/^\s*Enable My Module/]);
    await page.keyboard.press('Enter');
    await expect(count(page)).toHaveText('0');

    await openPalette(page);
    await page.keyboard.type('incr');
    await expect(chosen(page)).toContainText('Increment');
    await expectNamed(page);
    await page.keyboard.press('Enter');
    await expect(count(page)).toHaveText('1');
    await expect(page.getByRole('dialog')).toHaveCount(0);

    await openPalette(page);
    // The actions come last.
    await expect(entries(page).filter({ hasText: 'Increment' })).toBeVisible();
    await page.keyboard.press('ArrowUp');
    const last = await entries(page).last().textContent();
    await expect(chosen(page)).toHaveText(last ?? '');
    await page.keyboard.press('ArrowDown');
    await expect(chosen(page)).toContainText('Dashboard');
    await page.keyboard.press('ArrowDown');
    await expect(chosen(page)).toContainText('Modules');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Modules' })).toBeFocused();

    await openPalette(page);
    await page.keyboard.type('no such thing');
    await expect(page.getByText('Nothing is called that.')).toBeVisible();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1, name: 'Modules' })).toBeFocused();
  });

  test('a dangerous action is asked first; what needs to be told more isn’t offered', async ({
    browsers,
  }) => {
    const page = await browsers.signedIn();
    await enable(page, 'Workbench');
    await openPalette(page);
    await page.keyboard.type('workbench wipe');
    await expect(chosen(page)).toContainText('Wipe');
    await field(page).fill('workbench rename');
    await expect(page.getByText('Nothing is called that.')).toBeVisible();
    await field(page).fill('workbench wipe');
    await expect(chosen(page)).toContainText('Wipe');
    await page.keyboard.press('Enter');
    const question = page.getByRole('alertdialog');
    await expect(question).toBeVisible();
    await page.keyboard.press('Control+k');
    await expect(field(page)).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(module(page, 'Workbench').getByRole('definition').nth(1)).toHaveText('0');

    await openPalette(page);
    await page.keyboard.type('wipe');
    await expect(chosen(page)).toContainText('Wipe');
    await page.keyboard.press('Enter');
    await question.getByRole('button', { name: 'Continue' }).click();
    await expect(module(page, 'Workbench').getByRole('definition').nth(1)).toHaveText('1');
  });

  test('what is chosen stays chosen while modules come and go; without a daemon only pages open', async ({
    browsers,
    daemon,
  }) => {
    const [page, other] = await browsers.two();
    await openPalette(page);
    await page.keyboard.type('workbench');
    await expect(entries(page)).toHaveText([
      /^\s*Settings of Workbench/,
      /^\s*Log of Workbench/,
      /^\s*Enable Workbench/,
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(chosen(page)).toContainText('Enable Workbench');
    await goTo(other, 'Modules');
    await power(other, 'Enable', 'Workbench').click();
    await expect(power(other, 'Disable', 'Workbench')).toBeVisible();
    await expect(entries(page).filter({ hasText: 'Disable Workbench' })).toBeVisible();
    await field(page).fill('wo');
    await page.keyboard.press('ArrowDown');
    const kept = (await chosen(page).textContent()) ?? '';
    await daemon.addFixture('greeter');
    await expect(other.getByRole('article', { name: 'Greeter' })).toBeVisible();
    await expect(chosen(page)).toHaveText(kept);
    await expect(field(page)).toBeFocused();

    browsers.expect('lost');
    await daemon.end('SIGKILL');
    await field(page).fill('disable workbench');
    await expect(chosen(page)).toContainText('Not connected to Contara');
    await page.keyboard.press('Enter');
    await expect(field(page)).toBeFocused();
    await field(page).fill('modules');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Modules' })).toBeFocused();
    await expectLost(page);
  });
});

test('light and dark by choice: at once, in every window, and before anything is painted', async ({
  browsers,
}) => {
  const page = await browsers.signedIn({ colorScheme: 'light' });
  await goTo(page, 'Account');
  expect(await background(page)).toBe(PAPER);
  const second = await page.context().newPage();
  await second.goto(page.url());
  const choice = page.getByLabel('Colours');
  await tabTo(page, choice);
  await choice.selectOption('Dark');
  await expect.poll(() => background(page)).toBe(SLATE);
  await expect.poll(() => background(second)).toBe(SLATE);
  await expect(second.getByLabel('Colours')).toHaveValue('dark');

  // Held up, the app can't have painted it.
  await page.route(/\/assets\/index-.*\.js$/, () => undefined);
  await page.reload({ waitUntil: 'commit' });
  await expect.poll(() => background(page)).toBe(SLATE);
  await page.unroute(/\/assets\/index-.*\.js$/);
  await page.reload();
  await expect(choice).toHaveValue('dark');

  await choice.selectOption('As the system');
  await expect.poll(() => background(page)).toBe(PAPER);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => background(page)).toBe(SLATE);
});

for (const width of [320, 390, 640, 1280]) {
  test(`six pages in the header, and the palette, at ${String(width)} px in every language`, async ({
    browsers,
  }) => {
    const page = await browsers.signedIn({ viewport: { width, height: 720 }, reducedMotion: 'reduce' });
    const links = page.getByRole('banner').getByRole('navigation').getByRole('link');
    await goTo(page, 'Account');
    for (const [language, label] of LANGUAGES) {
      await page.getByLabel(/^(Language|Sprache|Langue)$/).selectOption(language);
      await expect(page.getByLabel(label, { exact: true })).toBeAttached();
      await expect(links).toHaveCount(6);
      for (const link of await links.all()) {
        const cut = await link.evaluate((element) => element.scrollWidth - element.clientWidth);
        expect(cut, (await link.textContent()) ?? '').toBeLessThanOrEqual(0);
      }
      await expectFits(page);
    }
    await expect(links.and(page.locator('[aria-current="page"]'))).toHaveText('Account');
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await expectAccessible(page);
      await openPalette(page);
      await expect(entries(page)).not.toHaveCount(0);
      await expectAccessible(page);
      await expectFits(page);
      await page.keyboard.press('Escape');
      await page.getByLabel('Colours').selectOption(scheme === 'light' ? 'dark' : 'light');
      await expectAccessible(page);
      await page.getByLabel('Colours').selectOption('As the system');
    }
  });
}
