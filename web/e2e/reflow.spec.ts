/** Every page on small screens, magnified, by touch, in each language, and for languages that are written to the left. */
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

for (const locale of ['en-GB', 'de-DE', 'fr-FR']) {
  test.describe(locale, () => {
    test.use({ locale, hasTouch: true, viewport: { width: 320, height: 640 } });
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
}

interface Box {
  readonly html: string;
  readonly left: number;
  readonly right: number;
}

/** Runs in the page: where everything is whose place the layout decides; in a line of text the letters do. */
function boxes(): Box[] {
  return [...document.body.querySelectorAll('*:not(svg *)')]
    .filter((element) => !getComputedStyle(element).display.startsWith('inline'))
    .filter((element) => element.checkVisibility() && !element.closest('.drawing'))
    .map((element) => {
      const { left, right } = element.getBoundingClientRect();
      return { html: element.outerHTML.slice(0, 160), left, right };
    });
}

/** Runs in the page. All of it is laid out anew: Chromium keeps some paddings of before otherwise. */
function turn(): void {
  const root = document.documentElement;
  root.style.display = 'none';
  root.dir = 'rtl';
  root.getBoundingClientRect();
  root.style.display = '';
}

/** Where everything is once the line runs to the left, against where it would be in a mirror. */
async function expectMirrored(page: Page): Promise<void> {
  const before = await page.evaluate(boxes);
  await page.evaluate(turn);
  const after = await page.evaluate(boxes);
  const width = page.viewportSize()?.width ?? 0;
  const elsewhere = before.filter(({ left, right }, nth) => {
    const now = after[nth];
    return !now || Math.abs(now.left - (width - right)) > 1.5 || Math.abs(now.right - (width - left)) > 1.5;
  });
  expect(after).toHaveLength(before.length);
  expect(elsewhere).toEqual([]);
  const arrows = await page
    .locator('.along')
    .evaluateAll((all) => all.map((one) => getComputedStyle(one).transform));
  expect(arrows.filter((transform) => transform !== 'matrix(-1, 0, 0, 1, 0, 0)')).toEqual([]);
  await expectFits(page);
}

for (const width of [1280, 390]) {
  test.describe(`${String(width)} px`, () => {
    test.use({ viewport: { width, height: 800 } });
    for (const state of STATES) {
      test(`${state.name} is mirrored where lines run to the left`, async ({ page }) => {
        await open(page, state);
        await expectMirrored(page);
      });
    }
  });
}
