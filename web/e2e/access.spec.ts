/** For people who see badly, and people who use no pointer. */
import {
  count,
  enable,
  expect,
  expectAccessible,
  expectConnected,
  goTo,
  module,
  problems,
  test,
} from './contara.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1280]) {
    test.describe(`${colorScheme}, ${String(width)} px`, () => {
      test.use({ modules: ['my_module', 'exits_at_import'] });

      test('axe finds nothing on any page, and nothing is cut off', async ({ browsers, daemon }) => {
        browsers.expect('wrongCode', 'failingModule');
        const viewport = { width, height: 800 };
        const page = await browsers.open({ colorScheme, viewport, reducedMotion: 'reduce' });
        const expectFits = async () => {
          const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
          expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
        };
        await page.goto(daemon.url);
        await expect(page.getByLabel('Pairing code')).toBeVisible();
        await expectAccessible(page);
        await page.getByLabel('Pairing code').fill('0000-0000-0000');
        await page.keyboard.press('Enter');
        await expect(page.getByRole('alert')).toContainText('not valid');
        await expectAccessible(page);
        await expectFits();

        await page.goto(daemon.printed.pairing_url);
        await expectConnected(page);
        await expectAccessible(page);
        await enable(page);
        await enable(page, 'Exits at import');
        await expect(count(page)).toHaveText('0');
        await expect(module(page, 'Exits at import')).toContainText(/exit/i);
        await expectAccessible(page);
        await expectFits();

        await goTo(page, 'Modules');
        await expect(problems(page)).toBeVisible();
        await expectAccessible(page);
        await expectFits();

        browsers.expect('lost');
        await daemon.end('SIGKILL');
        await expect(page.getByRole('region', { name: 'Connection' })).toBeVisible();
        await expectAccessible(page);
        await expectFits();
      });
    });
  }
}
