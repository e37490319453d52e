/** A module's log: live, searched, after a restart, of a module that is down or disabled; and where to find it. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import {
  enable,
  expect,
  expectAccessible,
  expectConnected,
  goTo,
  module,
  power,
  tabTo,
  test,
} from './contara.ts';

test.use({ modules: ['chatty', 'exits_at_import'] });

const lines = (page: Page) => page.getByRole('log', { name: 'Lines' });
const level = (page: Page) => page.getByRole('combobox', { name: 'Level' });
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search the log' });

async function openLog(page: Page, name = 'chatty', more = ''): Promise<void> {
  await page.goto(new URL(`/m/${name}/logs${more}`, page.url()).href);
  await expectConnected(page);
}

async function press(page: Page, name: string): Promise<void> {
  await module(page, 'Chatty').getByRole('button', { name }).click();
}

function rows(log: Locator): Promise<number> {
  return log.locator('.row').count();
}

test('what a module says is there at once, by level and by words, also when it is disabled', async ({
  browsers,
}) => {
  const [page, other] = await browsers.two();
  await enable(other, 'Chatty');
  await goTo(page, 'Modules');
  await page.getByRole('link', { name: 'Log of Chatty' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Log of Chatty' })).toBeFocused();
  await expect(lines(page)).toContainText('ready to talk');
  await press(other, 'Say');
  await expect(lines(page)).toContainText('<b>hello</b>');
  await expect(lines(page)).toContainText(/Warning.*this is the last time/);
  await press(other, 'Stumble');
  await expect(lines(page)).toContainText(/Error.*stumbled[^]*Traceback[^]*RuntimeError: the words are gone/);

  await level(page).selectOption('Errors');
  await expect(page).toHaveURL(/\/m\/chatty\/logs\?level=error$/);
  await expect(lines(page)).not.toContainText('the last time');
  await page.reload();
  await expect(lines(page)).toContainText('stumbled');
  await expect(level(page)).toHaveValue('error');
  await page.goBack();
  await expect(lines(page)).toContainText('the last time');
  await search(page).fill('HELLO');
  await expect(page.getByText(/^1 of \d+ lines match$/)).toBeVisible();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('chatty.log');
  expect(await readFile(await saved.path(), 'utf8')).toMatch(/^2\d{3}-\S+Z INFO <b>hello<\/b>\n$/);

  await goTo(other, 'Modules');
  await power(other, 'Disable', 'Chatty').click();
  await expect(power(other, 'Enable', 'Chatty')).toBeVisible();
  await openLog(page);
  await expect(lines(page)).toContainText('stumbled');
});

test('the end is followed until one reads further up, and what isn’t kept any more is told', async ({
  browsers,
}) => {
  const [page, other] = await browsers.two();
  await enable(other, 'Chatty');
  await openLog(page);
  await expect(lines(page)).toContainText('ready to talk');
  await press(other, 'Flood');
  await expect(lines(page)).toContainText('word 1500 of');
  expect(await rows(lines(page))).toBeLessThan(400);
  await lines(page).evaluate((box) => (box.scrollTop = 0));
  await expect(page.getByRole('button', { name: 'Follow the end' })).toBeVisible();
  await press(other, 'Say');
  await expect(page.getByText(/^1,\d{3} lines$/)).toBeVisible();
  await expect(lines(page)).not.toContainText('the last time');
  await page.getByRole('button', { name: 'Follow the end' }).click();
  await expect(lines(page)).toContainText('the last time');

  await openLog(page);
  await expect(page.getByText('1,000 lines', { exact: true })).toBeVisible();
  await lines(page).evaluate((box) => (box.scrollTop = 0));
  await expect(lines(page)).toContainText(/\d{3} lines aren’t kept any more\./);
});

test('a log goes on over a restart of the daemon, and says where the new one begins', async ({
  browsers,
  daemon,
}) => {
  browsers.expect('lost');
  const page = await browsers.signedIn();
  await enable(page, 'Chatty');
  await press(page, 'Stumble');
  await page.getByRole('navigation').getByRole('link', { name: 'Modules' }).click();
  await page.getByRole('link', { name: 'Log of Chatty' }).click();
  await expect(lines(page)).toContainText('stumbled');
  await daemon.end('SIGKILL');
  await expect(page.getByRole('region', { name: 'Connection' })).toBeVisible();
  await expect(lines(page)).toContainText('stumbled');
  await daemon.run();
  await expect(lines(page)).toContainText(
    /stumbled[^]*From here on Contara was started anew\.[^]*ready to talk/,
    {
      timeout: 20_000,
    },
  );
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('from a tile in trouble to the log of what is wrong, by keyboard alone; no module, no log', async ({
  browsers,
}) => {
  browsers.expect('failingModule', 'noLog');
  const page = await browsers.signedIn();
  await enable(page, 'Exits at import');
  await tabTo(page, page.getByRole('link', { name: 'See the log of Exits at import' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Log of Exits at import' })).toBeFocused();
  await expect(lines(page)).toContainText(/exit/i);
  await tabTo(page, search(page));
  await page.keyboard.type('no such words');
  await expect(lines(page)).toContainText('No line matches.');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('log chatty');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Log of Chatty' })).toBeFocused();
  await expect(lines(page)).toContainText('Nothing was logged yet.');
  await openLog(page, 'nobody');
  await expect(page.getByText('There is no module “nobody”.')).toBeVisible();
  await expectAccessible(page);
});

test('12,000 lines: few are in the page, and it answers at once', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await enable(page, 'Chatty');
  const line = (_: unknown, at: number) => ({
    seq: at + 1,
    time: '2026-11-22T12:00:00Z',
    source: 'stdout',
    level: at % 10 === 0 ? 'warning' : 'info',
    logger: '',
    message: `word ${String(at + 1)}`,
    traceback: null,
  });
  const body = { lines: Array.from({ length: 12_000 }, line), next: 12_000 };
  await page.route(/\/api\/modules\/chatty\/logs$/, (route) => route.fulfill({ json: body }));
  await page.route(/\/logs\?after=/, () => undefined);
  await openLog(page);
  await expect(lines(page)).toContainText('word 12000');
  const answered = () =>
    page.evaluate(async () => {
      const asked = performance.now();
      await new Promise(requestAnimationFrame);
      return performance.now() - asked;
    });
  for (const place of [0, 50_000, 120_000]) {
    await lines(page).evaluate((box, top) => (box.scrollTop = top), place);
    expect(await answered()).toBeLessThan(500);
    expect(await rows(lines(page))).toBeLessThan(400);
  }
  await search(page).fill('word 1199');
  await expect(page.getByText('11 of 12,000 lines match')).toBeVisible();
  expect(await rows(lines(page))).toBe(11);
});

for (const width of [320, 390, 1280]) {
  test(`axe finds nothing at ${String(width)} px, light or dark, and nothing stands out at the side`, async ({
    browsers,
  }, testInfo) => {
    const page = await browsers.signedIn({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    await enable(page, 'Chatty');
    await press(page, 'Say');
    await press(page, 'Stumble');
    await openLog(page);
    await expect(lines(page)).toContainText('the words are gone');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
      await page.screenshot({ path: testInfo.outputPath(`log-${colorScheme}.png`) });
    }
    const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
    expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
  });
}
