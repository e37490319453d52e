/**
 * What people do, done by keyboard alone: the pages fault any use of a pointer. Arranging the tiles (arrange.spec.ts), the palette
 * (palette.spec.ts), devices (account.spec.ts), older activity (activity.spec.ts), a whole set-up (setup.spec.ts) and its undo
 * (setup-undo.spec.ts) have theirs beside what else is known of them.
 */
import type { Locator, Page } from '@playwright/test';
import {
  connection,
  count,
  expect,
  expectConnected,
  module,
  power,
  tabTo,
  test,
  type Browsers,
} from './contara.ts';
import { password, state } from './setup.ts';

const WORKBENCH = 'Workbench';

/** A browser without a mouse and without touch. */
async function keyboardOnly(browsers: Browsers): Promise<Page> {
  const page = await browsers.open();
  await page.addInitScript(() => {
    addEventListener('pointerdown', () => console.error('a pointer was used'), { capture: true });
  });
  return page;
}

/** One that is signed in, too. */
async function signedIn(browsers: Browsers, pairingUrl: string): Promise<Page> {
  const page = await keyboardOnly(browsers);
  await page.goto(pairingUrl);
  await expectConnected(page);
  return page;
}

/** Goes there by Tab, and presses it. */
async function use(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Goes to a field by Tab, and writes over what is in it. */
async function write(page: Page, target: Locator, words: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(words);
}

/** Chooses in a list by the first letters. */
async function choose(page: Page, list: Locator, words: string): Promise<void> {
  await tabTo(page, list);
  await page.keyboard.type(words);
  await expect(list.locator('option:checked')).toHaveText(new RegExp(`^${words}`));
}

async function visit(page: Page, name: string): Promise<void> {
  await use(page, page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }));
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeFocused();
}

function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true });
}

async function enabled(page: Page, name: string): Promise<void> {
  await visit(page, 'Modules');
  await use(page, power(page, 'Enable', name), 'Space');
  // The focus stays where it was, on what the button has become.
  await expect(power(page, 'Disable', name)).toBeFocused();
  await visit(page, 'Dashboard');
}

test('signing in, enabling a module and using it', async ({ browsers, daemon }) => {
  const page = await keyboardOnly(browsers);
  await page.goto(daemon.url);
  await tabTo(page, page.getByLabel('Pairing code'));
  await page.keyboard.type(daemon.printed.pairing_code);
  await page.keyboard.press('Enter');
  await expectConnected(page);

  await use(page, page.getByRole('link', { name: 'Skip to content' }));
  await expect(page.getByRole('main')).toBeFocused();

  await enabled(page, 'My Module');
  await use(page, module(page).getByRole('button', { name: 'Increment' }));
  await expect(count(page)).toHaveText('1');
  await expect(module(page).getByRole('button', { name: 'Increment' })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(count(page)).toHaveText('2');
});

test.describe('with a module that asks for much', () => {
  test.use({ modules: ['workbench'] });

  test('a form, a question, a modal, a long action, and a fault', async ({ browsers, daemon }) => {
    const page = await signedIn(browsers, daemon.printed.pairing_url);
    await enabled(page, WORKBENCH);
    const tile = module(page, WORKBENCH);
    const within = (name: string) => tile.getByRole('button', { name, exact: true });

    await use(page, within('Save'));
    await expect(tile.getByLabel('Name')).toBeFocused();
    await expect(tile.getByLabel('Name')).toHaveAccessibleDescription('This field is required.');
    await page.keyboard.type('nas');
    await page.keyboard.press('Enter');
    await expect(tile).toContainText('Saved nas:80');

    // The safe answer has the focus, and the way back leads to where one was.
    const question = page.getByRole('alertdialog');
    await use(page, within('Wipe'));
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(within('Wipe')).toBeFocused();
    await page.keyboard.press('Enter');
    await use(page, question.getByRole('button', { name: 'Continue' }));
    await expect(tile.locator('dl').filter({ hasText: 'Wiped' })).toContainText('1');

    const dialog = page.getByRole('dialog', { name: 'Ask' });
    await use(page, within('Ask'));
    await expect(dialog.getByRole('heading', { name: 'Ask' })).toBeFocused();
    const inDialog = () => dialog.evaluate((element) => element.contains(document.activeElement));
    for (const key of ['Tab', 'Shift+Tab']) {
      for (let presses = 0; presses < 8; presses++) {
        await page.keyboard.press(key);
        // A browser's own bar may be among the stops; nothing behind the dialog is.
        expect(
          (await inDialog()) || (await page.evaluate(() => document.activeElement === document.body)),
        ).toBe(true);
      }
    }
    await write(page, dialog.getByLabel('Name'), 'nas2');
    await use(page, dialog.getByRole('button', { name: 'Use' }));
    await expect(dialog).toContainText('It is called nas2');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(within('Ask')).toBeFocused();

    await use(page, within('Count'));
    await use(page, within('Cancel Count'));
    await expect(tile.getByRole('list', { name: 'Running actions' })).toHaveCount(0);

    await use(page, within('Break'));
    await expect(tile).toContainText('the belt has come off');
    await use(page, tile.getByText('Traceback', { exact: true }));
    await expect(tile.getByText('RuntimeError').first()).toBeVisible();
    await use(page, within('Try again with Workbench'));
    await expect(tile).not.toContainText('the belt has come off');
  });

  test('a module is found, set up and switched off', async ({ browsers, daemon }) => {
    const page = await signedIn(browsers, daemon.printed.pairing_url);
    await enabled(page, WORKBENCH);
    await visit(page, 'Modules');
    const entry = module(page, WORKBENCH);
    await write(page, page.getByLabel('Search modules'), 'nothing like it');
    await expect(entry).toHaveCount(0);
    await use(page, button(page, 'Show all'));
    await choose(page, page.getByLabel('Tag', { exact: true }), 'forms');
    await expect(entry).toBeVisible();

    await use(page, entry.getByRole('link', { name: 'Settings' }));
    await expect(page.getByRole('heading', { level: 1, name: 'Workbench settings' })).toBeFocused();
    await write(page, page.getByLabel('Interval'), '7');
    await choose(page, page.getByLabel('Level'), 'high');
    await use(page, page.getByLabel('Notify'), 'Space');
    await use(page, button(page, 'Save'));
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByLabel('Interval')).toHaveValue('7');
    await expect(page.getByLabel('Level').locator('option:checked')).toHaveText('high');
    await expect(page.getByLabel('Notify')).not.toBeChecked();

    await visit(page, 'Modules');
    await use(page, power(page, 'Disable', WORKBENCH));
    await expect(power(page, 'Enable', WORKBENCH)).toBeFocused();

    await visit(page, 'Activity');
    const kind = page.getByRole('combobox', { name: 'Kind' });
    await choose(page, kind, 'Settings');
    await expect(page.getByRole('main').getByRole('listitem')).toHaveText([/Workbench/]);
    await visit(page, 'System');
    await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible();
  });

  test('who has lost the connection can ask for another try', async ({ browsers, daemon }) => {
    browsers.expect('lost');
    const page = await signedIn(browsers, daemon.printed.pairing_url);
    await daemon.end('SIGKILL');
    const again = page.getByRole('region', { name: 'Connection' }).getByRole('button', { name: 'Retry now' });
    await tabTo(page, again);
    await daemon.run();
    await page.keyboard.press('Enter');
    await expect(connection(page)).toHaveText('Connected');
  });
});

test.describe('with every component', () => {
  test.use({ modules: ['all_components'] });

  test('tabs, a chart, a table, its pages and its rows', async ({ browsers, daemon }) => {
    const page = await signedIn(browsers, daemon.printed.pairing_url);
    await enabled(page, 'All components');
    const tile = module(page, 'All components');
    const tab = (name: string) => tile.getByRole('tab', { name });
    await tabTo(page, tab('Figures'));
    await page.keyboard.press('ArrowRight');
    await expect(tab('Charts')).toBeFocused();
    const chart = tile.getByRole('slider').first();
    await tabTo(page, chart);
    const newest = await chart.getAttribute('aria-valuetext');
    await page.keyboard.press('Home');
    await expect(chart).not.toHaveAttribute('aria-valuetext', newest ?? '');

    await tabTo(page, tab('Charts'));
    await page.keyboard.press('ArrowRight');
    const first = tile.getByRole('row').nth(1);
    await expect(first).toContainText('Game 4');
    await use(page, tile.getByRole('button', { name: 'Size' }));
    await expect(first).toContainText('Game 0');
    await use(page, tile.getByRole('button', { name: 'Next page' }));
    await use(page, tile.getByRole('button', { name: 'Drop Game 3' }));
    await use(page, page.getByRole('alertdialog').getByRole('button', { name: 'Continue' }));
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Dropped Game 3');
  });
});

test.describe('with something to set up', () => {
  test.use({ modules: [], setup: ['slow'] });

  test('a run is begun, cancelled, and found again', async ({ browsers, daemon }) => {
    const page = await signedIn(browsers, daemon.printed.pairing_url);
    await visit(page, 'Set up');
    await use(page, page.getByRole('checkbox').first(), 'Space');
    await use(page, button(page, 'Review 1 module'));
    await use(page, button(page, 'Start'));
    await write(page, page.getByLabel(/^Word/), 'hello');
    await write(page, password(page), 's3cret-one');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('log')).toContainText('the first is (hello)');
    await use(page, button(page, 'Cancel the run'));
    await use(page, page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the run' }));
    await expect(state(page)).toContainText('cancelled');
    await visit(page, 'Activity');
    await use(page, page.getByRole('main').getByRole('listitem').first().getByRole('link'));
    await expect(state(page)).toContainText('cancelled');
  });
});
