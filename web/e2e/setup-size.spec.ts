/** The set-up wizard with much to ask and much to show. Prints what it measures: of which build is said by CONTARA_BIN. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './contara.ts';
import { begin, review, state } from './setup.ts';

const FIELDS = 40;
const RUNS = 5;

/** A module whose form has a bit of everything. */
function wide(): string {
  const types = ['text', 'check', 'options', 'network', 'text'];
  const config = Array.from({ length: FIELDS }, (_, place) => ({
    type: types[place % types.length],
    name: `field${String(place)}`,
    label: `Field ${String(place)}`,
    help: 'What it is for',
    default: '',
    options: ['one', 'two', 'three', 'four', 'five'].map((value) => ({ name: value, value })),
  }));
  return JSON.stringify({ slug: 'wide', name: 'Wide', description: 'Asks much.', config });
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const lastRow = (page: Page) => page.getByRole('log').getByText('All lines are printed.');

test.describe('a module that asks much', () => {
  test.use({ modules: [], setup: ['talker'] });

  test('forty fields are on the screen at once', async ({ browsers, daemon }) => {
    await daemon.writeModuleFile('wide', '__init__.py', '');
    await daemon.writeModuleFile('wide', 'desc.json', wide());
    const page = await browsers.signedIn();
    const took: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      await review(page, 'Wide');
      took.push(
        await page.evaluate(
          async (last) => {
            const start = [...document.querySelectorAll('button')].find(({ textContent }) =>
              textContent.includes('Start'),
            );
            const before = performance.now();
            start?.click();
            while (!document.querySelector(`[name="${last}"]`)?.checkVisibility())
              await new Promise(requestAnimationFrame);
            return performance.now() - before;
          },
          `field${String(FIELDS - 1)}`,
        ),
      );
      await expect(page.locator('[data-answer]')).toHaveCount(FIELDS);
      if (run === 0) await expectAccessible(page);
      await page.getByRole('button', { name: 'Cancel the run' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel the run' }).click();
      await expect(state(page)).toHaveText(/^It was cancelled/);
    }
    const all = took.map((milliseconds) => milliseconds.toFixed(0)).join(', ');
    console.log(
      `a form of ${String(FIELDS)} fields: median ${median(took).toFixed(0)} ms from Start (${all})`,
    );
    expect(median(took)).toBeLessThan(3_000);
  });
});

test.describe('a module with every kind of field', () => {
  test.use({ modules: [], setup: ['every_field'] });

  for (const [what, viewport] of [
    ['in a phone', { width: 390, height: 800 }],
    // As a browser of 1280 × 800 at 200 %.
    ['at 200 %', { width: 640, height: 400 }],
  ] as const) {
    test(`every error is told at its field and leads there, ${what}`, async ({ browsers }) => {
      browsers.expect('refusedFields');
      const page = await browsers.signedIn({ viewport, deviceScaleFactor: 2 });
      await begin(page, 'Every field');
      await page.getByLabel('Plain').fill('');
      await page.getByLabel('Host').fill('not a name');
      await page.getByRole('textbox', { name: 'Address', exact: true }).fill('1.2.3.400');
      await page.getByLabel('Short 1, address').fill('10.0.0.0');
      await page.getByLabel('Short 1, mask').fill('255.0.255.0');
      await page.getByLabel('Long 1, address').fill('nowhere');
      await page.getByLabel('With a detail').check();
      await page.getByLabel(/^Secret\*?$/).fill('one');
      await page.getByLabel(/^Secret, again/).fill('two');
      await page.getByRole('button', { name: 'Configure' }).click();
      const faults = page.getByRole('group', { name: 'What has to be changed' });
      await expect(faults).toBeFocused();
      for (const label of ['Host', 'Address', 'Short', 'Long', 'Detail', 'Secret'])
        await expect(faults.getByRole('button', { name: label })).toBeVisible();
      await expectAccessible(page);
      const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
      expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
      await faults.getByRole('button', { name: 'Detail' }).click();
      await expect(page.getByLabel(/^Detail/)).toBeFocused();
    });
  }
});

test.describe('a module that has much to say', () => {
  test.use({ modules: [], setup: ['many_lines'] });

  test('a hundred thousand lines come to their last in the page', async ({ browsers, daemon }) => {
    test.slow();
    const page = await browsers.signedIn();
    await review(page, 'Many lines');
    const before = await daemon.memory();
    const start = Date.now();
    await page.getByRole('button', { name: 'Start' }).click();
    await expect(lastRow(page)).toBeVisible({ timeout: 120_000 });
    const seconds = (Date.now() - start) / 1_000;
    const after = await daemon.memory();
    console.log(
      `100,000 lines: ${seconds.toFixed(1)} s from Start to the last line in the page; ` +
        `host ${megabytes(before.now)} before, ${megabytes(after.peak)} at most, ${megabytes(after.now)} after`,
    );
    await expect(state(page)).toHaveText('All is done.');
    expect(await page.getByRole('log').locator('.row').count()).toBeLessThan(400);
    const answers = await page.evaluate(async () => {
      const asked = performance.now();
      await new Promise(requestAnimationFrame);
      return performance.now() - asked;
    });
    expect(answers).toBeLessThan(1_000);

    // One who reads further up stays there; the way back to the end is a button.
    await page.getByRole('log').hover();
    await page.mouse.wheel(0, -100_000);
    await expect(lastRow(page)).toBeHidden();
    await page.getByRole('button', { name: 'Follow the end' }).click();
    await expect(lastRow(page)).toBeVisible();
    await page.getByRole('log').evaluate((box) => (box.scrollTop = 0));
    await expect(page.getByRole('log')).toContainText('line 1 of what');

    const reloaded = Date.now();
    await page.reload();
    await expect(lastRow(page)).toBeVisible({ timeout: 120_000 });
    console.log(`the same after a reload: ${((Date.now() - reloaded) / 1_000).toFixed(1)} s`);
  });
});
