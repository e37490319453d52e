/** For people who see badly, and people who use no pointer. */
import { count, expect, expectAccessible, expectConnected, module, power, tabTo, test } from './contara.ts';
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

test('everything can be done by keyboard', async ({ browsers, daemon }) => {
  const page = await browsers.open();
  await page.goto(daemon.url);
  await tabTo(page, page.getByLabel('Pairing code'));
  await page.keyboard.type(daemon.printed.pairing_code);
  await page.keyboard.press('Enter');
  await expectConnected(page);

  await tabTo(page, page.getByRole('link', { name: 'Skip to content' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  await tabTo(page, page.getByRole('link', { name: 'Modules', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Modules' })).toBeFocused();
  await tabTo(page, power(page, 'Enable'));
  await page.keyboard.press('Space');
  // The focus stays where it was, on what the button has become.
  await expect(power(page, 'Disable')).toBeFocused();

  await tabTo(page, page.getByRole('link', { name: 'Dashboard', exact: true }));
  await page.keyboard.press('Enter');
  await tabTo(page, module(page).getByRole('button', { name: 'Increment' }));
  await page.keyboard.press('Enter');
  await expect(count(page)).toHaveText('1');
  await expect(module(page).getByRole('button', { name: 'Increment' })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(count(page)).toHaveText('2');
});
