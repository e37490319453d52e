/** A table of 5,000 rows that change twice a second, used while they do. */
import type { Page } from '@playwright/test';
import { enable, expect, module, test } from './contara.ts';

const NAME = 'Big table';
/** Three frames of 60 a second: half of all frames are far below, whatever else the machine does. */
const SMOOTH = 50;
/** A stop that a person feels, on a machine that does much else meanwhile. */
const LONGEST = 1_000;

test.use({ modules: ['big_table'] });

interface Frames {
  readonly median: number;
  readonly longest: number;
}

/** From now on the page notes how long each frame took. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.frames60 = [];
    let before = performance.now();
    const note = (now: number) => {
      window.frames60?.push(now - before);
      before = now;
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
}

async function framesOf(page: Page): Promise<Frames> {
  const frames = await page.evaluate(() => window.frames60 ?? []);
  expect(frames.length).toBeGreaterThan(20);
  const ordered = frames.toSorted((one, other) => one - other);
  return { median: ordered[ordered.length >> 1] ?? Infinity, longest: ordered.at(-1) ?? Infinity };
}

declare global {
  interface Window {
    frames60?: number[];
  }
}

async function open(page: Page): Promise<void> {
  await enable(page, NAME);
  await module(page, NAME)
    .getByRole('link', { name: `Open ${NAME}` })
    .click();
  await expect(page.getByRole('row')).toHaveCount(201);
}

test('5,000 rows that change are sorted and filtered without a stop', async ({ browsers }, testInfo) => {
  test.slow();
  const page = await browsers.signedIn();
  await open(page);
  await watchFrames(page);
  await page.getByRole('button', { name: 'Size' }).click();
  const box = page.getByRole('searchbox', { name: 'Filter the rows' });
  await box.pressSequentially('file 49', { delay: 40 });
  await expect(page.getByText(/^[\d,]+ of 5,000 rows match$/)).toBeVisible();
  // The rows go on changing below what is being typed.
  const changing = page.locator('tbody');
  const before = await changing.textContent();
  await expect(changing).not.toHaveText(before ?? '');
  await expect(box).toBeFocused();
  await expect(box).toHaveValue('file 49');
  const { median, longest } = await framesOf(page);
  testInfo.annotations.push({
    type: 'frames',
    description: `median ${String(median)} ms, longest ${String(longest)} ms`,
  });
  console.log(`frames: median ${median.toFixed(1)} ms, longest ${longest.toFixed(1)} ms`);
  expect(median).toBeLessThan(SMOOTH);
  expect(longest).toBeLessThan(LONGEST);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row')).toHaveCount(201);
});

test('the page, the order and the filter outlast frames and a way by keyboard', async ({ browsers }) => {
  const page = await browsers.signedIn({ viewport: { width: 390, height: 800 } });
  await open(page);
  await page.getByRole('button', { name: 'Number' }).focus();
  await page.keyboard.press('Enter');
  const first = page.getByRole('row').nth(1);
  await expect(first).toContainText('4999');
  await page.getByRole('button', { name: 'Next page' }).press('Enter');
  await expect(page.getByText('201–400 of 5,000')).toBeVisible();
  await expect(first).toContainText('4799');
  const size = await page.locator('tbody').textContent();
  await expect(page.locator('tbody')).not.toHaveText(size ?? '');
  await expect(first).toContainText('4799');
  await expect(page.getByText('201–400 of 5,000')).toBeVisible();
});
