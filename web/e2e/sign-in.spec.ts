import { connection, enable, expect, expectConnected, module, test } from './contara.ts';
import type { Page } from '@playwright/test';

async function type(page: Page, code: string): Promise<void> {
  await page.getByLabel('Pairing code').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function expectOnlyACookie(page: Page): Promise<void> {
  const cookies = await page.context().cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  const seen = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]);
  expect(seen).toEqual(['', 0, 0]);
}

test('the printed link signs in, and its code stays nowhere', async ({ daemon, browsers }) => {
  const page = await browsers.open();
  await page.goto(daemon.printed.pairing_url);
  await expectConnected(page);
  expect(page.url()).toBe(`${daemon.url}/`);
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  await expectOnlyACookie(page);
  expect(daemon.log).not.toContain(daemon.printed.pairing_code);

  await page.reload();
  await expectConnected(page);
});

test('a code typed by hand signs in, however it is written', async ({ daemon, browsers }) => {
  const page = await browsers.open();
  await page.goto(daemon.url);
  await type(page, ` ${daemon.printed.pairing_code.replaceAll('-', ' ').toLowerCase()} `);
  await expectConnected(page);
  await expectOnlyACookie(page);
});

test('a code works once', async ({ daemon, browsers }) => {
  browsers.expect('wrongCode');
  const first = await browsers.open();
  await first.goto(daemon.printed.pairing_url);
  await expectConnected(first);
  const second = await browsers.open();
  await second.goto(daemon.printed.pairing_url);
  await expect(second.getByRole('alert')).toContainText('used already');
  expect(second.url()).toBe(`${daemon.url}/`);
});

test('five wrong codes lock the address, and say for how long', async ({ daemon, browsers }) => {
  browsers.expect('wrongCode');
  const page = await browsers.open();
  await page.goto(daemon.url);
  await type(page, 'hello');
  await expect(page.getByRole('alert')).toContainText('12 characters');

  for (let wrong = 1; wrong <= 5; wrong++) {
    const answer = page.waitForResponse(/\/api\/auth\/session/);
    await type(page, `0000-0000-000${String(wrong)}`);
    expect((await answer).status()).toBe(401);
    await expect(page.getByRole('alert')).toContainText('This code is not valid');
  }
  const answer = page.waitForResponse(/\/api\/auth\/session/);
  await type(page, daemon.printed.pairing_code);
  expect((await answer).status()).toBe(429);
  await expect(page.getByRole('alert')).toContainText(/locked out.*\d+ seconds/i);
});

test('signing out ends that browser only', async ({ browsers }) => {
  browsers.expect('signedOut');
  const [one, two] = await browsers.two();
  await enable(one);
  await one.getByRole('button', { name: 'Sign out' }).click();
  await expect(one.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
  expect(await one.context().cookies()).toEqual([]);
  await one.reload();
  await expect(one.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();

  await expect(connection(two)).toHaveText('Connected');
  await module(two).getByRole('button', { name: 'Increment' }).click();
  await expect(module(two).getByRole('definition')).toHaveText('1');
  await two.reload();
  await expectConnected(two);
});

test('a browser whose session ended elsewhere says so', async ({ browsers }) => {
  browsers.expect('signedOut');
  const page = await browsers.signedIn();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('You were signed out');
});
