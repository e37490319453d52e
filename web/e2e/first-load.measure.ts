/**
 * How long until the page is there and can be used, on a processor that is four times slower: from when it is opened to the
 * first paint, and to the first moment at which a module’s button answers. Loaded anew each time, nothing kept.
 */
import { count, enable, expect, test } from './contara.ts';

const SAMPLES = 9;
const SLOWER = 4;

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? NaN;
}

test('first load', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await enable(page);
  await expect(count(page)).toHaveText('0');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const button = document.querySelector<HTMLButtonElement>(
        'article button:not(:disabled):not([aria-disabled=true])',
      );
      if (!button) return;
      observer.disconnect();
      performance.mark('usable');
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  const samples = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    await page.reload();
    await expect(count(page)).toHaveText('0');
    await page.waitForFunction(() => performance.getEntriesByName('usable').length > 0);
    const times = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      usable: performance.getEntriesByName('usable')[0]?.startTime ?? NaN,
    }));
    samples.push(times);
  }
  const paint = median(samples.map((times) => times.paint));
  const usable = median(samples.map((times) => times.usable));
  console.log(
    `first paint ${paint.toFixed(0)} ms, usable ${usable.toFixed(0)} ms (medians of ${String(SAMPLES)})`,
  );
});
