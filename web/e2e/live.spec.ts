/** The Quick Start module, alive in two browsers, through whatever ends around it. */
import type { Page } from '@playwright/test';
import {
  connection,
  count,
  enable,
  expect,
  expectConnected,
  expectLost,
  expectNoReload,
  goTo,
  increment,
  module,
  power,
  test,
} from './contara.ts';
import { isRunning, type Daemon } from './daemon.ts';

/** Whoever looks is back within a second; this machine may have much else to do. */
const RECONNECTED_WITHIN = 3_000;

async function theWorker(daemon: Daemon): Promise<number> {
  await expect.poll(() => daemon.workers()).toHaveLength(1);
  return (await daemon.workers())[0] ?? 0;
}

declare global {
  interface Window {
    /** Every text that the page has shown since `watchText`. */
    shown?: string[];
  }
}

/** From now on no text escapes, however short it is to be read. */
async function watchText(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown: string[] = [];
    window.shown = shown;
    const look = () => shown.push(document.body.innerText);
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
}

async function expectShown(page: Page, text: RegExp): Promise<void> {
  await expect.poll(() => page.evaluate(() => window.shown?.join('\n'))).toMatch(text);
}

test('enable, and Increment counts in both browsers without a reload', async ({ browsers }) => {
  const [one, two] = await browsers.two();
  await expect(one.getByRole('heading', { name: 'No module is enabled' })).toBeVisible();
  await goTo(one, 'Modules');
  await expect(one.getByRole('article')).toHaveCount(1);
  await expect(module(one)).toContainText('Version 1.0.0');
  await expect(module(one)).toContainText('by Your Name');
  await expect(module(one)).toContainText('A simple example module');
  await expect(module(one)).toContainText('Disabled');
  await power(one, 'Enable').click();
  await expect(module(one)).toContainText('Running');
  await goTo(one, 'Dashboard');

  for (const page of [one, two]) {
    await expect(module(page).getByRole('heading', { name: 'My Module' })).toBeVisible();
    await expect(module(page).getByRole('term')).toHaveText('Count');
    await expect(count(page)).toHaveText('0');
  }
  await increment(one);
  await expect(count(one)).toHaveText('1');
  await expect(count(two)).toHaveText('1');
  await increment(two);
  await expect(count(one)).toHaveText('2');
  await expect(count(two)).toHaveText('2');
  await expectNoReload(one, two);

  await one.reload();
  await expect(count(one)).toHaveText('2');
});

test('disable takes the tile from both browsers, enable brings it back', async ({ browsers }) => {
  const [one, two] = await browsers.two();
  await enable(one);
  await expect(count(two)).toHaveText('0');
  await goTo(one, 'Modules');
  await power(one, 'Disable').click();
  await expect(power(one, 'Enable')).toBeVisible();
  await expect(module(one)).toContainText('Disabled');
  await goTo(one, 'Dashboard');
  for (const page of [one, two]) {
    await expect(page.getByRole('heading', { name: 'No module is enabled' })).toBeVisible();
    await expect(page.getByRole('article')).toHaveCount(0);
  }
  await enable(two);
  await increment(two);
  for (const page of [one, two]) await expect(count(page)).toHaveText('1');
  await expectNoReload(one, two);
});

test('kill -9 of the daemon: both browsers say so, and find the next one by themselves', async ({
  browsers,
  daemon,
}) => {
  browsers.expect('lost');
  const [one, two] = await browsers.two();
  await enable(one);
  await increment(one);
  await expect(count(two)).toHaveText('1');
  const worker = await theWorker(daemon);

  expect(await daemon.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  for (const page of [one, two]) {
    await expectLost(page);
    // What was known stays readable, and nothing can be pressed that couldn't work.
    await expect(count(page)).toHaveText('1');
    await expect(module(page).getByRole('button', { name: 'Increment' })).toBeDisabled();
  }
  await expect.poll(() => isRunning(worker), 'no worker outlives the host').toBe(false);

  await daemon.run();
  for (const page of [one, two]) {
    await expect(connection(page)).toHaveText('Connected', { timeout: RECONNECTED_WITHIN });
    await expect(page.getByRole('region', { name: 'Connection' })).toHaveCount(0);
    await expect(count(page)).toHaveText('0');
  }
  await increment(one);
  await expect(count(two)).toHaveText('1');
  await increment(two);
  await expect(count(one)).toHaveText('2');
  await expectNoReload(one, two);
});

test('a list that could not be loaded comes by itself with the daemon', async ({ browsers, daemon }) => {
  browsers.expect('lost');
  const page = await browsers.signedIn();
  // The code of other pages comes when there is nothing else to do.
  await page.waitForFunction(() => {
    const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
    const isThere = (part: RegExp) => fetched.some((name) => part.test(name));
    return [/\/Modules-.*\.js$/, /\/Modules-.*\.css$/, /\/EntrySkeleton-.*\.css$/].every(isThere);
  });
  await daemon.end('SIGKILL');
  await expectLost(page);
  await goTo(page, 'Modules');
  await expect(page.getByRole('alert')).toContainText('The list of modules could not be loaded');
  await daemon.run();
  await expect(connection(page)).toHaveText('Connected', { timeout: RECONNECTED_WITHIN });
  await expect(module(page)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a page whose code could not be fetched comes by itself with the daemon', async ({
  browsers,
  daemon,
}) => {
  browsers.expect('lost', 'unfetched');
  const page = await browsers.signedIn();
  let isServed = false;
  await page.route('**/assets/Modules-*.js', (route) => (isServed ? route.continue() : route.abort()));
  await page.reload();
  await expectConnected(page);
  await daemon.end('SIGKILL');
  await expectLost(page);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Modules' }).click();
  await expect(page.getByRole('alert')).toContainText('This page could not be loaded');
  isServed = true;
  await daemon.run();
  await expect(connection(page)).toHaveText('Connected', { timeout: RECONNECTED_WITHIN });
  await expect(module(page)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a daemon that hangs is noticed like one that is gone', async ({ browsers, daemon }) => {
  browsers.expect('lost');
  const page = await browsers.signedIn();
  await enable(page);
  await expect(count(page)).toHaveText('0');
  daemon.signal('SIGSTOP');
  await expectLost(page);
  daemon.signal('SIGCONT');
  await expect(connection(page)).toHaveText('Connected', { timeout: RECONNECTED_WITHIN });
  await increment(page);
  await expect(count(page)).toHaveText('1');
});

test('kill -9 of the worker: the tile says so, the worker comes back, the daemon never stops', async ({
  browsers,
  daemon,
}) => {
  const [one, two] = await browsers.two();
  await enable(one);
  await increment(two);
  await expect(count(one)).toHaveText('1');
  const worker = await theWorker(daemon);
  const host = daemon.pid;

  const health: boolean[] = [];
  let over = false;
  const asking = (async () => {
    while (!over) health.push(await daemon.isHealthy());
  })();
  for (const page of [one, two]) await watchText(page);
  process.kill(worker, 'SIGKILL');
  for (const page of [one, two]) {
    await expectShown(page, /SIGKILL|signal 9|killed/i);
    await expectShown(page, /Starting again in \d+ s/);
    await expect(count(page)).toHaveText('0');
  }
  over = true;
  await asking;
  expect(health.length).toBeGreaterThan(10);
  expect(health).not.toContain(false);

  expect(await theWorker(daemon)).not.toBe(worker);
  expect(daemon.pid).toBe(host);
  expect(await isRunning(host)).toBe(true);
  await increment(one);
  for (const page of [one, two]) {
    await expect(count(page)).toHaveText('1');
    await expect(connection(page)).toHaveText('Connected');
  }
  await expectNoReload(one, two);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends the daemon in order, with every worker`, async ({ browsers, daemon }) => {
    browsers.expect('lost');
    const page = await browsers.signedIn();
    await enable(page);
    const worker = await theWorker(daemon);
    expect(await daemon.end(signal)).toEqual({ code: 0, signal: null });
    expect(await isRunning(worker)).toBe(false);
    await expectLost(page);

    await daemon.run();
    await expectConnected(page);
    await expect(count(page)).toHaveText('0');
  });
}
