/** What people tell a module: fields, settings, yes or no; and what they see of it while it works. */
import type { Page } from '@playwright/test';
import { enable, expect, expectAccessible, expectNoReload, goTo, module, test } from './contara.ts';

const NAME = 'Workbench';

test.use({ modules: ['workbench'] });

function stat(page: Page, label: string) {
  return module(page, NAME).locator('dl').filter({ hasText: label }).getByRole('definition');
}

function press(page: Page, name: string): Promise<void> {
  return module(page, NAME).getByRole('button', { name, exact: true }).click();
}

test('a form is filled in, refused at its field, corrected and accepted', async ({ browsers }) => {
  const [one, two] = await browsers.two();
  await enable(one, NAME);
  const tile = module(one, NAME);
  await press(one, 'Save');
  await expect(tile.getByLabel('Name')).toHaveAccessibleDescription('This field is required.');
  await expect(tile.getByLabel('Name')).toBeFocused();
  await tile.getByLabel('Name').fill('nas');
  await tile.getByLabel('Port').fill('');
  await tile.getByLabel('Token').fill('hunter2');
  await press(one, 'Save');
  await expect(tile.getByLabel('Port')).toHaveAttribute('aria-invalid', 'true');
  await expect(tile.getByLabel('Port')).toBeFocused();
  await expect(tile.getByLabel('Name')).toHaveValue('nas');
  await expect(stat(one, 'Saved')).toHaveText('0');

  // A frame meanwhile changes nothing of what is typed.
  await press(two, 'Wipe');
  await two.getByRole('alertdialog').getByRole('button', { name: 'Continue' }).click();
  await expect(stat(one, 'Wiped')).toHaveText('1');
  await expect(tile.getByLabel('Token')).toHaveValue('hunter2');

  await tile.getByLabel('Port').fill('8080');
  await expect(tile.getByLabel('Port')).not.toHaveAttribute('aria-invalid');
  await one.keyboard.press('Enter');
  for (const page of [one, two]) await expect(module(page, NAME)).toContainText('Saved nas:8080');
  await expect(tile.getByLabel('Token')).toHaveValue('');
  await expect(tile.getByLabel('Token')).toHaveAttribute('placeholder', 'Stored');
  await expect(module(two, NAME).getByLabel('Name')).toHaveValue('nas');
  await expectNoReload(one, two);
});

test('what must be confirmed is asked first, and Escape is a no', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await enable(page, NAME);
  const dialog = page.getByRole('alertdialog', { name: 'Are you sure?' });
  await press(page, 'Wipe');
  await expect(dialog).toContainText('Everything on it is lost.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(module(page, NAME).getByRole('button', { name: 'Wipe' })).toBeFocused();
  await expect(stat(page, 'Wiped')).toHaveText('0');
  await press(page, 'Wipe');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(stat(page, 'Wiped')).toHaveText('1');
});

test('a long action is seen by all, and anyone can cancel it', async ({ browsers }) => {
  const [one, two] = await browsers.two();
  await enable(one, NAME);
  await press(one, 'Count');
  for (const page of [one, two]) {
    await expect(module(page, NAME).getByRole('button', { name: 'Count', exact: true })).toHaveAttribute(
      'aria-busy',
      'true',
    );
    await expect(module(page, NAME).getByRole('list', { name: 'Running actions' })).toContainText(
      /Count: Counting · \d+ of 100/,
    );
  }
  await module(two, NAME).getByRole('button', { name: 'Cancel Count' }).click();
  for (const page of [one, two]) {
    await expect(module(page, NAME).getByRole('list', { name: 'Running actions' })).toHaveCount(0);
  }
  await expect(one.getByRole('region', { name: 'Notifications' })).toContainText('cancelled');
});

test('a modal has its own fields, which are empty when it opens again', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await enable(page, NAME);
  await module(page, NAME).getByLabel('Name').fill('on the tile');
  await press(page, 'Ask');
  const dialog = page.getByRole('dialog', { name: 'Ask' });
  await dialog.getByLabel('Name').fill('in the modal');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await press(page, 'Ask');
  await expect(dialog.getByLabel('Name')).toHaveValue('');
  await dialog.getByLabel('Name').fill('again');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('region', { name: 'Notifications' })).toContainText('It is called again');
  await page.keyboard.press('Escape');
  await expect(module(page, NAME).getByLabel('Name')).toHaveValue('on the tile');
});

test('settings are shown, refused where they are wrong, stored and used; a secret never comes back', async ({
  browsers,
  daemon,
}) => {
  browsers.expect('refusedFields');
  const page = await browsers.signedIn();
  await enable(page, NAME);
  await expect(stat(page, 'Interval')).toHaveText('5');
  await goTo(page, 'Modules');
  await module(page, NAME).getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Workbench settings' })).toBeVisible();
  await expect(page.getByLabel('Interval')).toHaveAccessibleDescription('Seconds between looks');
  await page.getByLabel('Interval').fill('99');
  await page.getByLabel('Labels').fill('one\ntwo');
  await page.getByLabel('Level').selectOption('high');
  await page.getByLabel('Notify').click();
  await page.getByLabel('Mail host').fill('mail.local');
  await page.getByLabel('Token', { exact: true }).fill('hunter2');
  const save = page.getByRole('button', { name: 'Save' });
  await save.click();
  await expect(page.getByLabel('Interval')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Interval')).toBeFocused();

  // Nothing that was typed is lost by a look elsewhere.
  await goTo(page, 'Dashboard');
  await page.goBack();
  await expect(page.getByLabel('Labels')).toHaveValue('one\ntwo');
  await page.getByLabel('Interval').fill('7');
  await save.click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(page.getByLabel('Token', { exact: true })).toHaveValue('');
  await expect(page.getByLabel('Token', { exact: true })).toHaveAttribute('placeholder', 'Stored');

  await page.reload();
  await expect(page.getByLabel('Interval')).toHaveValue('7');
  await expect(page.getByLabel('Labels')).toHaveValue('one\ntwo');
  await expect(page.getByLabel('Level').locator('option:checked')).toHaveText('high');
  await expect(page.getByLabel('Notify')).not.toBeChecked();
  await expect(page.getByLabel('Mail host')).toHaveValue('mail.local');
  await expect(page.getByLabel('Token', { exact: true })).toHaveAttribute('placeholder', 'Stored');
  expect(await page.content()).not.toContain('hunter2');
  expect(daemon.log).not.toContain('hunter2');

  await page.getByRole('button', { name: 'Clear Token' }).click();
  await save.click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(page.getByLabel('Token', { exact: true })).not.toHaveAttribute('placeholder', 'Stored');
  await goTo(page, 'Dashboard');
  await expect(stat(page, 'Interval')).toHaveText('7');
});

test('settings that two browsers change: each sees the other’s, and nobody overwrites what they have not seen', async ({
  browsers,
}) => {
  browsers.expect('settingsChanged');
  const [one, two] = await browsers.two();
  for (const page of [one, two]) {
    await goTo(page, 'Modules');
    await module(page, NAME).getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByLabel('Interval')).toHaveValue('5');
  }
  const save = (page: Page) => page.getByRole('button', { name: 'Save' });
  const saved = (page: Page) => expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await one.getByLabel('Interval').fill('8');
  await two.getByLabel('Interval').fill('12');
  await two.getByLabel('Mail host').fill('mail.local');
  await save(two).click();
  await saved(two);
  // What wasn't touched follows; what was is offered.
  await expect(one.getByLabel('Mail host')).toHaveValue('mail.local');
  await expect(one.getByText('Changed elsewhere to 12')).toBeVisible();
  await expect(one.getByLabel('Interval')).toHaveValue('8');
  await expectAccessible(one);
  await one.getByRole('button', { name: 'Keep mine' }).click();
  await expect(one.getByLabel('Interval')).toBeFocused();
  await save(one).click();
  await saved(one);
  await expect(two.getByLabel('Interval')).toHaveValue('8');
  await expect(two.getByLabel('Mail host')).toHaveValue('mail.local');

  // A page that hasn't heard of a change yet.
  await one.route('**/settings', (route) => route.abort());
  await one.getByLabel('Mail host').fill('mine.local');
  await two.getByLabel('Interval').fill('20');
  await save(two).click();
  await saved(two);
  await expect(one.getByText('The settings could not be loaded')).toBeVisible();
  await expect(one.getByLabel('Interval')).toHaveValue('8');
  await one.unroute('**/settings');
  await save(one).click();
  await expect(one.getByRole('alert')).toContainText('Changed elsewhere meanwhile');
  await expect(one.getByLabel('Interval')).toHaveValue('20');
  await expect(one.getByLabel('Mail host')).toHaveValue('mine.local');
  await save(one).click();
  await saved(one);
  await expect(two.getByLabel('Mail host')).toHaveValue('mine.local');
  await expect(two.getByLabel('Interval')).toHaveValue('20');
  await expectNoReload(one, two);
});

test('a page of its own, live in every browser, and by its address', async ({ browsers, daemon }) => {
  const [one, two] = await browsers.two();
  await enable(one, NAME);
  for (const page of [one, two]) {
    await module(page, NAME).getByRole('link', { name: 'Open Workbench' }).click();
    await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeFocused();
    await expect(page.getByText('The name is unknown')).toBeVisible();
  }
  await one.getByLabel('New name').fill('nas');
  await one.getByRole('button', { name: 'Rename' }).click();
  for (const page of [one, two]) await expect(page.getByText('The name is nas')).toBeVisible();
  await expectNoReload(one, two);
  await two.goto(`${daemon.url}/m/workbench`);
  await expect(two.getByText('The name is nas')).toBeVisible();
  await two.getByRole('link', { name: 'Settings of Workbench' }).click();
  await expect(two.getByRole('heading', { level: 1, name: 'Workbench settings' })).toBeVisible();
  await two.goto(`${daemon.url}/m/nobody`);
  await expect(two.getByText('There is no module “nobody”')).toBeVisible();
});

test('a fault of a background task is told beside the living tile, and can be tried again', async ({
  browsers,
}) => {
  const [one, two] = await browsers.two();
  await enable(one, NAME);
  await press(one, 'Break');
  for (const page of [one, two]) {
    await expect(module(page, NAME)).toContainText('the belt has come off');
    await expect(stat(page, 'Saved')).toHaveText('0');
    await expect(module(page, NAME).getByText('Traceback', { exact: true })).toBeVisible();
  }
  await module(two, NAME).getByRole('button', { name: 'Try again with Workbench' }).click();
  for (const page of [one, two]) {
    await expect(module(page, NAME)).not.toContainText('the belt has come off');
    await expect(stat(page, 'Saved')).toHaveText('0');
  }
});

test('facts are shown, and modules can be found by them', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await goTo(page, 'Modules');
  const entry = module(page, NAME);
  await expect(entry).toContainText('Version 1.2.0');
  await expect(entry).toContainText('testing');
  await expect(entry).toContainText('Needs the network');
  await expect(entry.getByRole('link', { name: 'Homepage' })).toHaveAttribute(
    'href',
    'https://example.org/workbench',
  );
  await page.getByLabel('Search modules').fill('nothing like it');
  await expect(entry).toHaveCount(0);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByLabel('Tag', { exact: true }).selectOption('forms');
  await expect(entry).toBeVisible();
  await page.getByLabel('State').selectOption('Enabled');
  await expect(entry).toHaveCount(0);
});

test('what the list of modules is narrowed to is in the address: for a reload, a link, and the way back', async ({
  browsers,
  daemon,
}) => {
  const page = await browsers.signedIn();
  await goTo(page, 'Modules');
  const entry = module(page, NAME);
  await page.getByLabel('Search modules').pressSequentially('work b');
  await page.getByLabel('State').selectOption('Enabled');
  await expect(page).toHaveURL(/\/modules\?q=work%20b&state=enabled$/);
  await expect(entry).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel('Search modules')).toHaveValue('work b');
  await expect(entry).toHaveCount(0);
  // Over the choice, and then over all that was typed at once.
  await page.goBack();
  await expect(page).toHaveURL(/\?q=work%20b$/);
  await expect(entry).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeAttached();
  await page.goForward();
  await expect(page.getByLabel('Search modules')).toHaveValue('work b');

  await page.goto(`${daemon.url}/m/workbench`);
  await page.getByRole('link', { name: 'Enable it on the Modules page' }).click();
  await expect(page).toHaveURL(/\/modules\?module=workbench$/);
  await expect(entry.getByRole('heading', { name: NAME })).toBeFocused();
  await expect(entry).toHaveAttribute('aria-current', 'true');
  await page.goto(`${daemon.url}/modules?module=nobody`);
  await expect(page.getByText('There is no module “nobody”')).toBeVisible();
});
