/** As most people have it: plain http to a name in their network, which browsers give less; and a network that is slow. */
import type { Page } from '@playwright/test';
import { chromium } from './chromium.ts';
import { count, enable, expect, expectConnected, goTo, increment, module, test } from './contara.ts';

const NAME = 'contara.lan';
test.use({
  launchOptions: {
    ...chromium,
    args: [...(chromium.args ?? []), `--host-resolver-rules=MAP ${NAME} 127.0.0.1`],
  },
});

/** Of all that a page takes until it is of use, in bytes as they are sent. */
const LARGEST_FIRST_LOAD = 180_000;

/** Notes when the page says that it is connected: from then on it fetches the code of other pages, when there is nothing else to do. */
async function noteConnected(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('[role=status]')?.textContent !== 'Connected') return;
      observer.disconnect();
      performance.mark('connected');
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

/** What was received in all until it was connected, in bytes; as browsers count, with 300 for each answer's head. */
function firstLoad(page: Page): Promise<number> {
  return page.evaluate(() => {
    const connected = performance.getEntriesByName('connected')[0]?.startTime ?? NaN;
    const files = [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ];
    const before = files.filter((file) => file.startTime <= connected) as PerformanceResourceTiming[];
    return before.reduce((sum, { transferSize }) => sum + transferSize, 0);
  });
}

test('without a secure context all of it works, and comes compressed', async ({ browser, daemon }) => {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== NAME) faults.push(`asked for ${request.url()}`);
  });
  await noteConnected(page);
  const { pairing_url } = await daemon.pair();
  await page.goto(pairing_url.replace('127.0.0.1', NAME));
  await expectConnected(page);
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  const bytes = await firstLoad(page);
  console.log(`first load: ${String(bytes)} bytes`);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThan(LARGEST_FIRST_LOAD);

  await enable(page);
  await increment(page);
  await expect(count(page)).toHaveText('1');
  await page.reload();
  await expect(count(page)).toHaveText('1');
  expect(faults).toEqual([]);
  await page.close();
});

test('over a slow network the page says what it waits for, and nothing is lost', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await enable(page);
  const devtools = await page.context().newCDPSession(page);
  // A phone at the edge of its network.
  const slow = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 20_000 };
  await devtools.send('Network.emulateNetworkConditions', slow);
  await page.reload();
  await expectConnected(page);
  await expect(count(page)).toHaveText('0');
  for (let click = 0; click < 3; click++) await increment(page);
  await expect(count(page)).toHaveText('3');
  await goTo(page, 'Modules');
  await expect(module(page)).toBeVisible();
});
