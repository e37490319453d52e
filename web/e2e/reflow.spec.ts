/** Every page on small screens, magnified, by touch, in the language with the longest words, and for languages that are written to the left. */
import type { Page } from '@playwright/test';
import { expect, test } from './contara.ts';
import { expectFits } from './fit.ts';
import { open, STATES } from './states.ts';

test.describe.configure({ mode: 'parallel' });
test.use({ reducedMotion: 'reduce', trace: 'off' });

const SIZES = [
  { width: 320, height: 640 },
  // A window of 1280 × 1024 px at 400 %, and one of 1280 × 800 px at 200 %: what WCAG 1.4.10 and 1.4.4 are about.
  { width: 320, height: 256 },
  { width: 640, height: 400 },
];

test.describe('in German, which has the longest words', () => {
  test.use({ locale: 'de-DE', hasTouch: true, viewport: { width: 320, height: 640 } });
  for (const state of STATES) {
    test(`${state.name} has room on small and magnified screens`, async ({ page }) => {
      await open(page, state);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await test.step(`${String(size.width)} × ${String(size.height)}`, () => expectFits(page));
      }
    });
  }
});

interface Box {
  readonly html: string;
  readonly left: number;
  readonly right: number;
}

/** Runs in the page: where everything is whose place the layout decides; in a line of text the letters do. */
function boxes(): Box[] {
  return [...document.body.querySelectorAll('*:not(svg *)')]
    .filter((element) => !getComputedStyle(element).display.startsWith('inline'))
    .filter((element) => element.checkVisibility() && !element.closest('.drawing, .sr-only'))
    .map((element) => {
      const { left, right } = element.getBoundingClientRect();
      return { html: element.outerHTML.slice(0, 160), left, right };
    });
}

/** Runs in the page. All of it is laid out anew: Chromium keeps some paddings of before otherwise. */
function turn(direction: string): void {
  const root = document.documentElement;
  root.style.display = 'none';
  root.dir = direction;
  root.getBoundingClientRect();
  root.style.display = '';
}

/** Where everything is once the line runs to the left, against where it would be in a mirror. */
async function expectMirrored(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await page.evaluate(turn, 'ltr');
  const before = await page.evaluate(boxes);
  await page.evaluate(turn, 'rtl');
  const after = await page.evaluate(boxes);
  const wanted = before.map((box) => ({ ...box, left: width - box.right, right: width - box.left }));
  // A line of words is a pixel or two wider where its full stop stands on the other side.
  const isThere = ({ left, right }: Box, nth: number) =>
    Math.abs(left - (wanted[nth]?.left ?? NaN)) < 2.5 && Math.abs(right - (wanted[nth]?.right ?? NaN)) < 2.5;
  expect(after).toHaveLength(before.length);
  expect(after.filter((box, nth) => !isThere(box, nth))).toEqual([]);
  await expectFits(page);
}

for (const state of STATES) {
  test(`${state.name} is mirrored where lines run to the left`, async ({ page }) => {
    await open(page, state);
    for (const width of [1280, 390])
      await test.step(`${String(width)} px`, () => expectMirrored(page, width));
  });
}

test('the way back points back, along the line', async ({ page }) => {
  await open(page, { name: 'module', path: '/m/weather' });
  const arrow = page.getByRole('main').getByRole('link', { name: 'Dashboard' }).locator('.along');
  await expect(arrow).toHaveCSS('transform', 'none');
  await page.evaluate(turn, 'rtl');
  await expect(arrow).toHaveCSS('transform', 'matrix(-1, 0, 0, 1, 0, 0)');
});
