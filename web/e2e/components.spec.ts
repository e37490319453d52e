/** The whole vocabulary, sent by the real SDK through the real daemon, on a tile, a page and in a modal. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { enable, expect, module, test } from './contara.ts';

const NAME = 'All components';

test.use({ modules: ['all_components'] });

async function expectWell(page: Page): Promise<void> {
  await expect(page.getByText(/Unknown component|could not be drawn/)).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html) }))).toEqual([]);
  const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
  expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1280]) {
    test(`every component is drawn, ${colorScheme}, ${String(width)} px`, async ({ browsers }, testInfo) => {
      test.slow();
      const viewport = { width, height: 900 };
      const page = await browsers.signedIn({ colorScheme, viewport, reducedMotion: 'reduce' });
      const look = async (name: string) => {
        await expectWell(page);
        const path = testInfo.outputPath(`${name}-${colorScheme}-${String(width)}.png`);
        await page.screenshot({ path, fullPage: true });
      };
      await enable(page, NAME);
      const tile = module(page, NAME);
      for (const tab of ['Figures', 'Charts', 'Table', 'Messages']) {
        await tile.getByRole('tab', { name: tab }).click();
        await look(`tile-${tab.toLowerCase()}`);
      }
      await tile.getByRole('button', { name: 'Open', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'All fields' })).toBeVisible();
      await look('modal');
      await page.keyboard.press('Escape');
      await tile.getByRole('link', { name: `Open ${NAME}` }).click();
      await expect(page.getByLabel('Notes')).toBeVisible();
      await look('page');
    });
  }
}

test('a table sorts by its companions, pages, and asks before it acts on a row', async ({ browsers }) => {
  const page = await browsers.signedIn();
  await enable(page, NAME);
  await module(page, NAME).getByRole('tab', { name: 'Table' }).click();
  const first = module(page, NAME).getByRole('row').nth(1);
  await expect(first).toContainText('Game 4');
  await page.getByRole('button', { name: 'Size' }).click();
  await expect(first).toContainText('Game 0');
  await page.getByRole('button', { name: 'Next page' }).click();
  await expect(first).toContainText('Game 3');
  await page.getByRole('button', { name: 'Drop Game 3' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('Dropped Game 3');
});
