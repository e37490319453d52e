/** The page of all components, from the shipped build, with no module behind it: whole and accessible, in both colour schemes. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './contara.ts';
import type { Daemon } from './daemon.ts';

test.use({ modules: [] });

async function open(page: Page, daemon: Daemon): Promise<void> {
  await page.goto(`${daemon.url}/dev/components`);
  await expect(page.getByRole('heading', { level: 1, name: 'Components' })).toBeVisible();
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1280]) {
    test(`every state of every component, ${colorScheme}, ${String(width)} px`, async ({
      browsers,
      daemon,
    }, testInfo) => {
      test.slow();
      browsers.expect('brokenStory');
      const viewport = { width, height: 900 };
      const page = await browsers.signedIn({ colorScheme, viewport, reducedMotion: 'reduce' });
      await open(page, daemon);
      await expect(page.getByText('This part could not be drawn')).toHaveCount(1);
      const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
      expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
      await expectAccessible(page);
      const path = testInfo.outputPath(`components-${colorScheme}-${String(width)}.png`);
      await page.screenshot({ path, fullPage: true });
    });
  }
}

test('modals are opened, scrolled and left by keyboard', async ({ browsers, daemon }) => {
  browsers.expect('brokenStory');
  const page = await browsers.signedIn();
  await open(page, daemon);
  const opener = page.getByRole('button', { name: 'Open: Long' });
  await opener.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Much to read' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
});

test('who is not signed in sees none of it', async ({ browsers, daemon }) => {
  const page = await browsers.open();
  await page.goto(`${daemon.url}/dev/components`);
  await expect(page.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
});
