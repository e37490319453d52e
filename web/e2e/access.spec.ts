/** For people who see badly, and people who use no pointer. */
import { expectAccessible, test } from './contara.ts';
import { open, STATES } from './states.ts';

test.describe('every page', () => {
  test.describe.configure({ mode: 'parallel' });
  test.use({ reducedMotion: 'reduce' });

  for (const state of STATES) {
    test(`axe finds nothing in ${state.name}, light or dark, wide or narrow`, async ({ page }) => {
      test.slow(state.name === 'components');
      await open(page, state);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await test.step(`${colorScheme}, ${String(width)} px`, () => expectAccessible(page));
        }
      }
    });
  }
});
