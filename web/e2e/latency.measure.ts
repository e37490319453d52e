/**
 * How long it takes from a click on *Increment* in one browser until a second one shows the new count. Both pages live in
 * one Chromium process on one machine, so that `performance` tells them the same time.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { count, enable, expect, increment, test } from './contara.ts';

const SAMPLES = 200;

declare global {
  interface Window {
    /** When Increment was clicked, in order. */
    clicked?: number[];
    /** When each count was first shown. */
    counted?: Record<string, number>;
  }
}

/** Listens before the page does: what the page needs to send the request is part of the measure. */
async function noteClicks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const clicked: number[] = [];
    window.clicked = clicked;
    addEventListener('click', () => clicked.push(performance.timeOrigin + performance.now()), true);
  });
}

async function noteCounts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const counted: Record<string, number> = {};
    window.counted = counted;
    new MutationObserver(() => {
      const shown = document.querySelector('article dd')?.textContent ?? '';
      counted[shown] ??= performance.timeOrigin + performance.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** Nearest rank. */
function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.ceil(sorted.length * part) - 1] ?? NaN;
}

test('latency', async ({ browsers }) => {
  const [one, two] = await browsers.two();
  await enable(one);
  await expect(count(two)).toHaveText('0');
  await noteClicks(one);
  await noteCounts(two);
  for (let sample = 1; sample <= SAMPLES; sample++) {
    await increment(one);
    await expect(count(one)).toHaveText(String(sample));
    await expect(count(two)).toHaveText(String(sample));
    // People don't click in step with the daemon's or the browser's clock.
    await pause(80 + Math.random() * 120);
  }
  const clicked = await one.evaluate(() => window.clicked ?? []);
  const counted = await two.evaluate(() => window.counted ?? {});
  expect(clicked).toHaveLength(SAMPLES);
  const took = clicked.map((at, index) => (counted[String(index + 1)] ?? NaN) - at).sort((a, b) => a - b);
  expect(took.every((each) => each > 0)).toBe(true);
  const [p50, p99, max] = [percentile(took, 0.5), percentile(took, 0.99), percentile(took, 1)].map(
    (value) => Math.round(value * 10) / 10,
  );
  console.log(JSON.stringify({ measure: 'increment_to_second_browser_ms', samples: SAMPLES, p50, p99, max }));
});
