/** What modules tell people: as a toast, and in the history behind the bell, where nothing is lost. */
import type { Page } from '@playwright/test';
import { enable, expect, expectAccessible, expectConnected, tabTo, test } from './contara.ts';

test.use({ modules: ['workbench'] });

const bell = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Notifications/ });
const panel = (page: Page) => page.getByRole('dialog', { name: 'Notifications' });
const rows = (page: Page) => panel(page).getByRole('listitem');
const toasts = (page: Page) => page.getByRole('region', { name: 'Notifications' });

async function openWorkbench(page: Page): Promise<void> {
  await enable(page, 'Workbench');
  await page.goto(new URL('/m/workbench', page.url()).href);
  await expectConnected(page);
}

/** Without a name the module refuses, which is told as an error. */
async function rename(page: Page, name: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'New name' });
  await field.fill(name);
  await field.press('Enter');
}

test('what has gone from the screen is behind the bell, by keyboard alone', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await openWorkbench(page);
  await rename(page, 'Ada');
  await expect(toasts(page)).toContainText('It is called Ada');
  await expect(bell(page)).toHaveAccessibleName('Notifications: 1 new');
  await rename(page, '');
  await expect(toasts(page).getByRole('alert')).toContainText('no name was given');
  await expect(bell(page)).toHaveAccessibleName('Notifications: 2 new, one of them an error');
  await expect(toasts(page)).not.toContainText('It is called Ada', { timeout: 10_000 });

  await tabTo(page, bell(page));
  await page.keyboard.press('Enter');
  await expect(panel(page)).toBeFocused();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText('no name was given');
  await expect(rows(page).first()).toContainText(/Workbench · \d+ seconds? ago/);
  await expect(rows(page).last()).toContainText('It is called Ada');
  await expect(toasts(page)).toBeEmpty();
  await expect(bell(page)).toHaveAccessibleName('Notifications');

  await tabTo(page, rows(page).first().getByRole('button', { name: 'Dismiss notification' }));
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).getByRole('button', { name: 'Dismiss notification' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);
  await expect(bell(page)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(1);
  await tabTo(page, panel(page).getByRole('button', { name: 'Clear all' }));
  await page.keyboard.press('Enter');
  await expect(panel(page)).toContainText('Nothing was told since this page was opened.');
  await tabTo(page, panel(page).getByRole('link'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeFocused();
  await expect(panel(page)).toHaveCount(0);
});

for (const width of [320, 1280]) {
  test(`the history at ${String(width)} px: nothing is cut off, and axe finds nothing, light or dark`, async ({
    browsers,
  }, testInfo) => {
    const page = await browsers.signedIn({ viewport: { width, height: 640 }, reducedMotion: 'reduce' });
    await openWorkbench(page);
    await rename(page, 'Antidisestablishmentarianism'.repeat(8));
    await expect(bell(page)).toHaveAccessibleName('Notifications: 1 new');
    for (let times = 1; times <= 10; times++) {
      await rename(page, '');
      await expect(bell(page)).toHaveAccessibleName(new RegExp(`: ${String(times + 1)} new`));
    }
    await page.screenshot({ path: testInfo.outputPath('toasts.png') });
    await bell(page).click();
    await expect(rows(page)).toHaveCount(11);
    await expect(panel(page)).toBeInViewport({ ratio: 1 });
    await rows(page).last().getByRole('button').scrollIntoViewIfNeeded();
    await expect(rows(page).last()).toBeInViewport();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
      await page.screenshot({ path: testInfo.outputPath(`history-${colorScheme}.png`) });
    }
    await page.mouse.click(4, 300);
    await expect(panel(page)).toHaveCount(0);
  });
}
