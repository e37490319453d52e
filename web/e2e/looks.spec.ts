/**
 * How the main pages and all components look, wide and narrow, light and dark, against the pictures in `pictures/`.
 * `npm run e2e:update` takes them again (README.md).
 */
import type { Page } from '@playwright/test';
import { pictured } from './chromium.ts';
import { expect, test } from './contara.ts';
import { open, STATES, type State } from './states.ts';

test.describe.configure({ mode: 'parallel' });
test.use({
  launchOptions: pictured,
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  reducedMotion: 'reduce',
  trace: 'off',
});

const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [1280, 390];
const COMPONENTS: State = { name: 'components', path: '/dev/components', busy: true };

for (const state of STATES.filter((each) => each.pictured)) {
  test(`${state.name} looks as ever`, async ({ page }) => {
    await open(page, state);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        await expect
          .soft(page)
          .toHaveScreenshot(['pages', `${state.name}-${String(width)}-${colorScheme}.png`]);
      }
    }
  });
}

for (const width of WIDTHS) {
  for (const colorScheme of SCHEMES) {
    test(`all components look as ever, ${colorScheme}, ${String(width)} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      test.slow();
      await open(page, COMPONENTS);
      // It would lie over the components.
      await page.getByRole('banner').evaluate((header) => header.remove());
      for (const section of await page.getByRole('main').locator('section:has(> h2)').all()) {
        const kind = await section.getByRole('heading', { level: 2 }).first().innerText();
        await expect
          .soft(section)
          .toHaveScreenshot(['components', `${kind}-${String(width)}-${colorScheme}.png`]);
      }
    });
  }
}

/** The families of the fonts that the text in an element is drawn with. */
async function fontsOf(page: Page, selector: string): Promise<{ familyName: string }[]> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('DOM.enable');
  await devtools.send('CSS.enable');
  const { root } = await devtools.send('DOM.getDocument');
  const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector });
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId });
  return fonts;
}

test('what is drawn with are the fonts beside the tests', async ({ page }) => {
  await open(page, COMPONENTS);
  expect(await fontsOf(page, 'h1')).toMatchObject([{ familyName: expect.stringMatching(/^Inter\b/) }]);
  expect(await fontsOf(page, 'main h2')).toMatchObject([{ familyName: 'JetBrains Mono' }]);
});
