/** The dashboard is arranged: by mouse, by touch, by keyboard alone, on several pages, while modules go on. */
import type { CDPSession, Locator, Page } from '@playwright/test';
import {
  expect,
  expectAccessible,
  expectConnected,
  goTo,
  module,
  tabTo,
  test,
  type Browsers,
} from './contara.ts';

/** In the server's order. The third one counts ten times a second; the last one wants two columns. */
const MODULES = ['my_module', 'notebook', 'ticker', 'workbench'];

test.use({ modules: MODULES });

function cell(page: Page, name: string): Locator {
  return page.locator(`[data-module="${name}"]`);
}

function bar(page: Page, title: string): Locator {
  return page.getByRole('button', { name: `Move ${title}`, exact: true });
}

function said(page: Page): Locator {
  return page.getByRole('region', { name: 'Arrange the tiles' }).getByRole('status');
}

async function expectOrder(page: Page, ...names: string[]): Promise<void> {
  const order = () =>
    page.locator('[data-module]').evaluateAll((cells) => cells.map((cell) => cell.dataset['module']));
  await expect.poll(order).toEqual(names);
}

/** Where it is once its tile has glided to its place. */
async function box(target: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const glides = (element: Element) => element.closest('[data-module]')?.getAnimations().length;
  await expect.poll(() => target.evaluate(glides)).toBe(0);
  const found = await target.boundingBox();
  if (!found) throw new Error('it is not shown');
  return found;
}

async function middle(target: Locator): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = await box(target);
  return { x: x + width / 2, y: y + height / 2 };
}

/** A browser whose dashboard has all tiles, as large as they stay: one that is still to come would push those below it away. */
async function withTiles(
  browsers: Browsers,
  options: Parameters<Browsers['signedIn']>[0] = {},
): Promise<Page> {
  const page = await browsers.signedIn(options);
  await page.evaluate(async (names) => {
    for (const name of names) await fetch(`/api/modules/${name}/enable`, { method: 'POST' });
  }, MODULES);
  await expectOrder(page, ...MODULES);
  await expect(page.locator('[data-module] article:not([aria-busy])')).toHaveCount(MODULES.length);
  return page;
}

async function arrange(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Arrange', exact: true }).click();
}

/** Resolves once the server has what this changes: what was begun before doesn't count. */
async function saved(page: Page, act: () => Promise<void>): Promise<void> {
  const put = page.waitForRequest(
    (request) => request.url().endsWith('/api/dashboard') && request.method() === 'PUT',
  );
  await act();
  expect((await (await put).response())?.status()).toBe(200);
}

test('by mouse: moved while frames come in, resized, hidden and shown again, and so after a reload', async ({
  browsers,
}) => {
  const page = await withTiles(browsers, { viewport: { width: 1280, height: 800 } });
  await arrange(page);

  // Half-way the module draws its tile anew, several times.
  const ticks = cell(page, 'ticker').locator('dd');
  const from = await middle(bar(page, 'Ticker'));
  const target = await middle(cell(page, 'my_module'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + target.x) / 2, from.y + 8, { steps: 4 });
  const before = Number(await ticks.textContent());
  await expect.poll(async () => Number(await ticks.textContent())).toBeGreaterThan(before + 3);
  await page.mouse.move(target.x, target.y, { steps: 4 });
  await expectOrder(page, 'ticker', 'my_module', 'notebook', 'workbench');
  // It hangs at the pointer, not in its place.
  const lifted = await box(bar(page, 'Ticker'));
  expect(lifted.y + lifted.height / 2).toBeCloseTo(target.y, 0);
  await saved(page, () => page.mouse.up());
  await expect(said(page)).toHaveText('Put down: Ticker, position 1 of 4, 1 column wide, 1 row high');

  // Escape, and it is where it was.
  const again = await middle(bar(page, 'Ticker'));
  const other = await middle(cell(page, 'notebook'));
  await page.mouse.move(again.x, again.y);
  await page.mouse.down();
  await page.mouse.move(other.x, other.y, { steps: 4 });
  await expectOrder(page, 'my_module', 'notebook', 'ticker', 'workbench');
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expectOrder(page, 'ticker', 'my_module', 'notebook', 'workbench');

  const small = await box(cell(page, 'ticker'));
  const corner = { x: small.x + small.width - 12, y: small.y + small.height - 12 };
  await page.mouse.move(corner.x, corner.y);
  await page.mouse.down();
  await page.mouse.move(corner.x + small.width, corner.y + small.height, { steps: 4 });
  await saved(page, () => page.mouse.up());
  const large = await box(cell(page, 'ticker'));
  expect(large.width).toBeGreaterThan(1.9 * small.width);
  expect(large.height).toBeGreaterThan(1.9 * small.height);

  await saved(page, () => page.getByRole('button', { name: 'Hide Notebook' }).click());
  await expectOrder(page, 'ticker', 'my_module', 'workbench');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await expectOrder(page, 'ticker', 'my_module', 'workbench');
  expect((await box(cell(page, 'ticker'))).width).toBeCloseTo(large.width, 0);
  // Tiles can be used again.
  await module(page).getByRole('button', { name: 'Increment' }).click();

  await arrange(page);
  await saved(page, () => page.getByRole('button', { name: 'Show Notebook' }).click());
  await expectOrder(page, 'ticker', 'my_module', 'notebook', 'workbench');
  await expect(bar(page, 'Notebook')).toBeFocused();
  await page.getByRole('button', { name: 'Reset' }).click();
  await saved(page, () => page.getByRole('alertdialog').getByRole('button', { name: 'Reset' }).click());
  await expectOrder(page, ...MODULES);
});

/** What a finger does. */
async function touch(
  session: CDPSession,
  type: 'touchStart' | 'touchMove' | 'touchEnd',
  point?: { x: number; y: number },
): Promise<void> {
  await session.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] });
}

test('by touch on a phone: by buttons without any dragging, and dragged', async ({ browsers }) => {
  const page = await withTiles(browsers, { viewport: { width: 390, height: 800 }, hasTouch: true });
  await page.getByRole('button', { name: 'Arrange', exact: true }).tap();
  await bar(page, 'Ticker').tap();
  const wider = page.getByRole('button', { name: 'Wider' });
  await expect(wider).toHaveAccessibleDescription('Not possible here');
  await saved(page, () => page.getByRole('button', { name: 'Earlier' }).tap());
  await expectOrder(page, 'my_module', 'ticker', 'notebook', 'workbench');
  const { height } = await box(cell(page, 'ticker'));
  await saved(page, () => page.getByRole('button', { name: 'Taller' }).tap());
  expect((await box(cell(page, 'ticker'))).height).toBeGreaterThan(1.5 * height);

  // Last: Chromium may take a tap right after a drag for a part of it.
  await bar(page, 'My Module').scrollIntoViewIfNeeded();
  const from = await middle(bar(page, 'My Module'));
  const target = await middle(bar(page, 'Ticker'));
  const finger = await page.context().newCDPSession(page);
  await touch(finger, 'touchStart', from);
  for (const part of [0.25, 0.5, 0.75, 1, 1.02])
    await touch(finger, 'touchMove', { x: from.x, y: from.y + part * (target.y - from.y) });
  await expectOrder(page, 'ticker', 'my_module', 'notebook', 'workbench');
  await saved(page, () => touch(finger, 'touchEnd'));
  await page.reload();
  await expectOrder(page, 'ticker', 'my_module', 'notebook', 'workbench');
});

test('a finger held at the edge scrolls the page along', async ({ browsers }) => {
  const page = await withTiles(browsers, { viewport: { width: 390, height: 500 }, hasTouch: true });
  await page.getByRole('button', { name: 'Arrange', exact: true }).tap();
  await bar(page, 'My Module').scrollIntoViewIfNeeded();
  const from = await middle(bar(page, 'My Module'));
  const finger = await page.context().newCDPSession(page);
  await touch(finger, 'touchStart', from);
  await touch(finger, 'touchMove', { x: from.x, y: 480 });
  await expectOrder(page, 'notebook', 'ticker', 'workbench', 'my_module');
  await saved(page, () => touch(finger, 'touchEnd'));
});

test('by keyboard alone', async ({ browsers }) => {
  const page = await withTiles(browsers, { viewport: { width: 1280, height: 800 } });
  await tabTo(page, page.getByRole('button', { name: 'Arrange', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Done' })).toBeFocused();

  await tabTo(page, bar(page, 'My Module'));
  await expect(bar(page, 'My Module')).toHaveAccessibleDescription(/Arrow keys move/);
  await page.keyboard.press('ArrowRight');
  await expectOrder(page, 'notebook', 'my_module', 'ticker', 'workbench');
  await expect(bar(page, 'My Module')).toBeFocused();
  await expect(said(page)).toHaveText('My Module, position 2 of 4, 1 column wide, 1 row high');

  await page.keyboard.press('Space');
  await expect(bar(page, 'My Module')).toHaveAttribute('aria-pressed', 'true');
  await expect(said(page)).toContainText('Picked up');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await expect(said(page)).toHaveText('My Module, position 1 of 4, 2 columns wide, 2 rows high');
  await page.keyboard.press('Escape');
  await expect(said(page)).toHaveText('Taken back: My Module, position 2 of 4, 1 column wide, 1 row high');
  await expectOrder(page, 'notebook', 'my_module', 'ticker', 'workbench');

  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(said(page)).toHaveText('Put down: My Module, position 2 of 4, 2 columns wide, 1 row high');

  await tabTo(page, page.getByRole('button', { name: 'Hide My Module' }));
  await page.keyboard.press('Enter');
  await expect(bar(page, 'Ticker')).toBeFocused();
  await expect(said(page)).toHaveText('My Module is hidden');
  await page.keyboard.press('Shift+Tab');
  await tabTo(page, page.getByRole('button', { name: 'Show My Module' }));
  await page.keyboard.press('Space');
  await expect(bar(page, 'My Module')).toBeFocused();
  await tabTo(page, page.getByRole('button', { name: 'Hide Notebook' }));
  await saved(page, () => page.keyboard.press('Enter'));
  await page.reload();
  await expectOrder(page, 'my_module', 'ticker', 'workbench');
});

test('a new client starts with what was saved last, until it has its own', async ({ browsers }) => {
  const one = await withTiles(browsers);
  await arrange(one);
  await bar(one, 'Workbench').focus();
  await saved(one, () => one.keyboard.press('ArrowLeft'));
  const two = await browsers.signedIn();
  const first = ['my_module', 'notebook', 'workbench', 'ticker'];
  await expectOrder(one, ...first);
  await expectOrder(two, ...first);

  await arrange(two);
  await saved(two, () => two.getByRole('button', { name: 'Hide Workbench' }).click());
  await bar(one, 'Workbench').focus();
  await saved(one, () => one.keyboard.press('ArrowLeft'));
  await two.reload();
  await expectOrder(two, 'my_module', 'notebook', 'ticker');
  await one.reload();
  await expectOrder(one, 'my_module', 'workbench', 'notebook', 'ticker');
});

test('two pages of one client agree: the stale one is told, and shows what the other has saved', async ({
  browsers,
}) => {
  const one = await withTiles(browsers);
  browsers.expect('layoutChanged');
  const two = await one.context().newPage();
  await two.goto(one.url());
  await expectOrder(two, ...MODULES);
  await arrange(two);
  await arrange(one);
  await saved(one, () => one.getByRole('button', { name: 'Hide Notebook' }).click());

  await bar(two, 'Ticker').press('ArrowLeft');
  await expect(two.getByText('arranged in another window meanwhile')).toBeVisible();
  await expectOrder(two, 'my_module', 'ticker', 'workbench');
  // From there on it goes on, and the other page asks as soon as somebody looks at it.
  await saved(two, () => bar(two, 'Ticker').press('ArrowLeft'));
  await one.evaluate(() => dispatchEvent(new Event('focus')));
  await expectOrder(one, 'ticker', 'my_module', 'workbench');
});

test('disabled modules are a line below the tiles, are enabled there, and come back to their places', async ({
  browsers,
}) => {
  const page = await withTiles(browsers);
  const other = await browsers.signedIn();
  const order = ['ticker', 'my_module', 'workbench', 'notebook'];
  await page.evaluate(async (names) => {
    const tiles = names.map((module) => ({ module, size: null, hidden: false }));
    const body = JSON.stringify({ version: 0, tiles });
    await fetch('/api/dashboard', { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
  }, order);
  await page.reload();
  await expectOrder(page, ...order);
  await other.evaluate(async () => {
    for (const name of ['ticker', 'notebook'])
      await fetch(`/api/modules/${name}/disable`, { method: 'POST' });
  });
  await expectOrder(page, 'my_module', 'workbench');
  const summary = page.locator('summary', { hasText: 'Disabled: 2' });
  const disabled = page.getByRole('list', { name: 'Disabled' });
  await expect(disabled).toBeHidden();
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(disabled.getByRole('listitem')).toHaveText([/^Notebook/, /^Ticker/]);
  await expectAccessible(page);

  // What is arranged meanwhile leaves them where they were.
  await arrange(page);
  await saved(page, async () => {
    await bar(page, 'Workbench').focus();
    await page.keyboard.press('ArrowLeft');
  });
  await page.getByRole('button', { name: 'Done' }).click();
  const enableTicker = disabled.getByRole('button', { name: 'Enable Ticker' });
  await enableTicker.focus();
  await page.keyboard.press('Enter');
  await expectOrder(page, 'ticker', 'workbench', 'my_module');
  await expect(page.locator('summary', { hasText: 'Disabled: 1' })).toBeFocused();
  await disabled.getByRole('button', { name: 'Enable Notebook' }).click();
  await expectOrder(page, 'ticker', 'workbench', 'my_module', 'notebook');
  await expect(disabled).toHaveCount(0);
  await expect(page.getByRole('main')).toBeFocused();
});

test('what can’t be saved stays, is said, and is tried again', async ({ browsers }) => {
  const page = await withTiles(browsers);
  browsers.expect('layoutUnsaved');
  await arrange(page);
  await page.route('**/api/dashboard', (route) => route.abort());
  await page.getByRole('button', { name: 'Hide Notebook' }).click();
  await expect(page.getByRole('alert')).toContainText('The arrangement isn’t saved');
  await expectOrder(page, 'my_module', 'ticker', 'workbench');
  await page.unroute('**/api/dashboard');
  await saved(page, () => page.getByRole('button', { name: 'Try again' }).click());
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.reload();
  await expectOrder(page, 'my_module', 'ticker', 'workbench');
});

test('no tile changes its place once it is seen', async ({ browsers }) => {
  const page = await withTiles(browsers);
  await arrange(page);
  await bar(page, 'Workbench').focus();
  await saved(page, () => page.keyboard.press('ArrowLeft'));

  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/dashboard', async (route) => {
    await asked;
    await route.continue();
  });
  await page.reload();
  await expectConnected(page);
  await expect(page.locator('main [aria-busy=true]')).toBeVisible();
  await expect(page.locator('[data-module]')).toHaveCount(0);
  answer();
  await expectOrder(page, 'my_module', 'notebook', 'workbench', 'ticker');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [320, 390, 1280]) {
    test(`axe finds nothing, and nothing is cut off: ${colorScheme}, ${String(width)} px`, async ({
      browsers,
    }) => {
      const viewport = { width, height: 800 };
      const page = await withTiles(browsers, { colorScheme, viewport, reducedMotion: 'reduce' });
      await arrange(page);
      await page.getByRole('button', { name: 'Hide Notebook' }).click();
      await bar(page, 'Ticker').click();
      await expect(page.getByRole('button', { name: 'Taller' })).toBeVisible();
      await expectAccessible(page);
      const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
      expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
      for (const title of ['My Module', 'Workbench'])
        await page.getByRole('button', { name: `Hide ${title}` }).click();
      await page.getByRole('button', { name: 'Hide Ticker' }).click();
      await expect(page.getByText('All tiles are hidden.')).toBeVisible();
      await expectAccessible(page);
      await goTo(page, 'Modules');
      await goTo(page, 'Dashboard');
      await expect(page.getByText('All tiles are hidden.')).toBeVisible();
    });
  }
}
