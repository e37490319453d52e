/** Who is signed in: two browsers that see, rename and sign out each other. */
import { connection, expect, expectAccessible, expectConnected, tabTo, test } from './contara.ts';
import type { Locator, Page } from '@playwright/test';

async function openAccount(page: Page): Promise<void> {
  await page.goto(new URL('/account', page.url()).href);
  await expectConnected(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeAttached();
}

function others(page: Page): Locator {
  return page.getByRole('region', { name: 'Other devices' });
}

function own(page: Page): Locator {
  return page.getByRole('region', { name: 'This device' });
}

async function rename(device: Locator, name: string): Promise<void> {
  await device.getByRole('button', { name: /^Rename/ }).click();
  await device.getByRole('textbox', { name: 'Name' }).fill(name);
  await device.getByRole('button', { name: 'Save' }).click();
}

/** Returns once the server has taken the name. */
async function renamed(device: Locator, name: string): Promise<void> {
  await rename(device, name);
  await expect(device.getByRole('button', { name: `Rename ${name}` })).toBeFocused();
}

test('one browser signs another out, and stays', async ({ browsers }) => {
  browsers.expect('signedOut');
  const [one, two] = await browsers.two();
  await openAccount(one);
  await expect(others(one).getByRole('listitem')).toHaveCount(1);
  await expect(others(one)).toContainText('Chromium on Linux');
  await expect(others(one)).toContainText('Connected now');

  await others(one).getByRole('button', { name: 'Sign out Chromium on Linux' }).click();
  const question = one.getByRole('alertdialog', { name: 'Sign out Chromium on Linux?' });
  await question.getByRole('button', { name: 'Leave signed in' }).click();
  await expect(connection(two)).toHaveText('Connected');
  await others(one).getByRole('button', { name: 'Sign out Chromium on Linux' }).click();
  await question.getByRole('button', { name: 'Sign out' }).click();

  await expect(two.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
  await expect(two.getByRole('alert')).toContainText('Pair this browser again');
  await expect(others(one).getByRole('status')).toHaveText('Chromium on Linux is signed out.');
  await expect(others(one)).toContainText('No other device is paired.');
  await expect(others(one).getByRole('heading')).toBeFocused();
  await one.reload();
  await expectConnected(one);
});

test('signing out everywhere else leaves this browser', async ({ browsers }) => {
  browsers.expect('signedOut');
  const gone = await Promise.all([browsers.signedIn(), browsers.signedIn()]);
  const page = await browsers.signedIn();
  await openAccount(page);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  const question = page.getByRole('alertdialog', { name: 'Sign out everywhere else?' });
  await expect(question).toContainText('2 other devices');
  await question.getByRole('button', { name: 'Sign out' }).click();
  for (const other of gone) {
    await expect(other.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
  }
  await expect(others(page).getByRole('status')).toHaveText('2 devices are signed out.');
  await expect(connection(page)).toHaveText('Connected');
});

test('a device is called what somebody calls it, here and elsewhere', async ({ browsers }) => {
  browsers.expect('refusedName');
  const [one, two] = await browsers.two();
  await openAccount(one);
  await rename(own(one), '<b>Kitchen</b>');
  await expect(own(one)).toContainText('<b>Kitchen</b>');
  await expect(own(one).getByRole('button', { name: 'Rename <b>Kitchen</b>' })).toBeFocused();
  await openAccount(two);
  await expect(others(two)).toContainText('<b>Kitchen</b>');

  await rename(others(two), '   ');
  await expect(others(two).getByRole('alert')).toHaveText('A name has 1 to 64 characters on one line');
  await expect(others(two).getByRole('textbox', { name: 'Name' })).toBeFocused();
  await two.keyboard.press('Escape');
  await expect(others(two)).toContainText('<b>Kitchen</b>');
});

test('a device that somebody else signed out in between is as good as signed out', async ({ browsers }) => {
  browsers.expect('signedOut', 'gone');
  const [one, two] = await browsers.two();
  const third = await browsers.signedIn();
  await openAccount(one);
  await renamed(own(one), 'Desk');
  await openAccount(two);
  await renamed(own(two), 'Sofa');
  await openAccount(one);
  await openAccount(two);
  for (const page of [one, two]) {
    await others(page).getByRole('button', { name: 'Sign out Chromium on Linux' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
    await expect(others(page).getByRole('status')).toHaveText('Chromium on Linux is signed out.');
  }
  await expect(third.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
});

test('without the server the page says so, and nothing can be pressed', async ({ browsers, daemon }) => {
  browsers.expect('lost');
  const [page] = await browsers.two();
  await openAccount(page);
  await expect(others(page).getByRole('listitem')).toHaveCount(1);
  await daemon.end('SIGKILL');
  await expect(page.getByRole('region', { name: 'Connection' })).toBeVisible();
  const everywhere = page.getByRole('button', { name: 'Sign out everywhere else' });
  await expect(everywhere).toHaveAttribute('aria-disabled', 'true');
  await daemon.run();
  await expect(everywhere).not.toHaveAttribute('aria-disabled');
});

test('everything on it is done by keyboard alone', async ({ browsers }) => {
  browsers.expect('signedOut');
  const [page, other] = await browsers.two();
  await openAccount(page);
  await tabTo(page, own(page).getByRole('button', { name: /^Rename/ }));
  await page.keyboard.press('Enter');
  await expect(own(page).getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('Desk');
  await page.keyboard.press('Enter');
  await expect(own(page).getByRole('button', { name: 'Rename Desk' })).toBeFocused();

  await tabTo(page, others(page).getByRole('button', { name: /^Sign out Chromium/ }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }));
  await page.keyboard.press('Enter');
  await expect(other.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
  await expect(others(page).getByRole('heading')).toBeFocused();

  await tabTo(page, own(page).getByRole('button', { name: 'Sign out this device' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on it, ${colorScheme}, and nothing is cut off at 320 px`, async ({ browsers }) => {
    await browsers.signedIn();
    const viewport = { width: 320, height: 800 };
    const page = await browsers.signedIn({ colorScheme, viewport, reducedMotion: 'reduce' });
    await openAccount(page);
    await expect(others(page).getByRole('listitem')).toHaveCount(1);
    await others(page)
      .getByRole('button', { name: /^Rename/ })
      .click();
    await expectAccessible(page);
    const main = page.getByRole('main');
    const spare = () => main.evaluate((element) => element.clientWidth - element.scrollWidth);
    expect(await spare()).toBeGreaterThanOrEqual(0);
    await others(page).getByRole('button', { name: 'Cancel' }).click();
    await others(page)
      .getByRole('button', { name: /^Sign out Chromium/ })
      .click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expectAccessible(page);
  });
}
