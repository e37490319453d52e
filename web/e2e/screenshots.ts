/** The pictures in docs/images, taken of the real thing. */
import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { count, enable, expect, increment, test } from './contara.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const VIEWPORT = { width: 640, height: 400 };
const GAP = 16;

async function picture(page: Page): Promise<string> {
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  return `data:image/png;base64,${png.toString('base64')}`;
}

test('dashboard-two-browsers', async ({ browser, browsers }) => {
  const light = await browsers.signedIn({ colorScheme: 'light', viewport: VIEWPORT });
  const dark = await browsers.signedIn({ colorScheme: 'dark', viewport: VIEWPORT });
  await enable(light);
  for (const page of [light, dark, light]) await increment(page);
  for (const page of [light, dark]) {
    await expect(count(page)).toHaveText('3');
    await page.mouse.move(0, VIEWPORT.height - 1);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  }

  const sheet = await browser.newPage({
    viewport: { width: 2 * VIEWPORT.width + 3 * GAP, height: VIEWPORT.height + 2 * GAP },
  });
  const images = [await picture(light), await picture(dark)].map((source) => `<img src="${source}">`);
  await sheet.setContent(`<style>
    body { display: flex; gap: ${String(GAP)}px; margin: ${String(GAP)}px; background: transparent; }
    img { border-radius: 8px; box-shadow: 0 0 0 1px #8886; }
  </style>${images.join('')}`);
  await mkdir(IMAGES, { recursive: true });
  const path = `${IMAGES}dashboard-two-browsers.png`;
  await sheet.screenshot({ path, omitBackground: true });
  await sheet.close();
  expect((await stat(path)).size).toBeLessThan(300_000);
});
