/** For people who see badly, and people who use no pointer. */
import { expectAccessible, test } from './contara.ts';
import { open, STATES } from './states.ts';

/** Both themes and both widths: what colours do wrong they do at every width, what room does in both themes. */
const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const;

test.describe('every page', () => {
  test.describe.configure({ mode: 'parallel' });
  test.use({ reducedMotion: 'reduce' });

  for (const state of STATES) {
    test(`axe finds nothing in ${state.name}, light and wide, dark and narrow`, async ({ page }) => {
      test.slow(state.name === 'components');
      await open(page, state);
      for (const { colorScheme, width } of LOOKS) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await test.step(`${colorScheme}, ${String(width)} px`, () => expectAccessible(page));
      }
    });
  }
});
