/** What happened and who did it, as people read it. */
import { count, enable, expect, expectConnected, increment, tabTo, test } from './contara.ts';
import type { Locator, Page } from '@playwright/test';

async function openActivity(page: Page, query = ''): Promise<void> {
  await page.goto(new URL(`/activity${query}`, page.url()).href);
  await expectConnected(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeAttached();
}

/** What is listed, the latest first. */
function entries(page: Page): Locator {
  return page.getByRole('main').getByRole('listitem');
}

function kinds(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Kind' });
}

test('who signed in and did what is told to everybody', async ({ browsers }) => {
  const [one, two] = await browsers.two();
  await enable(one);
  for (let pressed = 0; pressed < 3; pressed++) await increment(one);
  await expect(count(one)).toHaveText('3');
  await openActivity(two);
  await expect(entries(two)).toHaveText([
    /My Module: Increment.*Chromium on Linux.*3 times/s,
    /Enabled My Module.*Chromium on Linux/s,
    /Signed in from 127\.0\.0\.1/,
    /Signed in from 127\.0\.0\.1/,
  ]);
  await expect(two.getByRole('main').getByRole('heading', { level: 2 })).toHaveCount(1);
  // It has no page of its own: its entry among the modules is next best.
  for (const link of await entries(two).getByRole('link').all())
    await expect(link).toHaveAttribute('href', '/modules?module=my_module');
});

test('one kind is shown alone, has an address, and the way back leads to all', async ({
  browsers,
  daemon,
}) => {
  const page = await browsers.signedIn();
  await page.request.post(`${daemon.url}/api/modules/my_module/disable`);
  await openActivity(page);
  await expect(entries(page)).toHaveCount(2);
  await kinds(page).selectOption('Modules');
  await expect(entries(page)).toHaveText([/Disabled My Module/]);
  await expect(page).toHaveURL(/\/activity\?kind=module$/);
  await page.reload();
  await expect(entries(page)).toHaveText([/Disabled My Module/]);
  await expect(kinds(page)).toHaveValue('module');
  await page.goBack();
  await expect(entries(page)).toHaveCount(2);
  await kinds(page).selectOption('Settings');
  await expect(page.getByText('Nothing of this kind has happened yet.')).toBeVisible();
});

test.describe('with an action that fails', () => {
  test.use({ modules: ['workbench'] });

  test('refused codes and failures are marked as such, and lead to the module', async ({
    browsers,
    daemon,
  }) => {
    browsers.expect('wrongCode');
    const page = await browsers.signedIn();
    const act = (path: string, data: object) => page.request.post(`${daemon.url}/api/${path}`, { data });
    await act('modules/workbench/enable', {});
    await act('modules/workbench/action/use', { name: '' });
    await act('auth/session', { pairing_code: '0000-0000-0000' });
    await openActivity(page);
    await expect(entries(page).nth(0)).toHaveText(/Wrong pairing code from .*Refused.*isn’t paired/s);
    await expect(entries(page).nth(1)).toHaveText(/Workbench: Use.*Failed.*took/s);
    await entries(page).nth(1).getByRole('link', { name: 'Workbench' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Workbench' })).toBeAttached();
  });
});

test('what is older comes on demand, and by keyboard', async ({ browsers, daemon }) => {
  const page = await browsers.signedIn();
  // Each is another device, so that none is a repeat.
  for (let paired = 0; paired < 54; paired++) {
    const { pairing_code } = await daemon.pair();
    const answer = await page.request.post(`${daemon.url}/api/auth/pair`, { data: { pairing_code } });
    expect(answer.ok()).toBe(true);
  }
  await openActivity(page);
  await expect(entries(page)).toHaveCount(50);
  await tabTo(page, kinds(page));
  await page.keyboard.press('ArrowDown');
  await expect(page).toHaveURL(/kind=sign_in$/);
  await expect(kinds(page)).toBeFocused();
  await expect(entries(page)).toHaveCount(50);

  const more = page.getByRole('button', { name: 'Show more' });
  await tabTo(page, more);
  await page.keyboard.press('Enter');
  await expect(entries(page)).toHaveCount(55);
  await expect(page.getByRole('main').getByRole('status')).toHaveText('5 more entries');
  await expect(more).toBeHidden();
  await expect(entries(page).nth(50)).toBeFocused();
});

test('what cannot be had says why, and is tried again', async ({ browsers }) => {
  browsers.expect('failingActivity');
  const page = await browsers.signedIn();
  await page.route('**/api/activity*', (route) =>
    route.fulfill({ status: 500, json: { detail: 'The disk is full' } }),
  );
  await openActivity(page);
  await expect(page.getByRole('alert')).toContainText('The disk is full');
  await page.unroute('**/api/activity*');
  await page.getByRole('button', { name: 'Load again' }).click();
  await expect(entries(page)).toHaveCount(1);
  await expect(page.getByRole('alert')).toBeHidden();
});
