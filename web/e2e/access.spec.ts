/** For people who see badly, and people who use no pointer. */
import {
  count,
  enable,
  expect,
  expectAccessible,
  expectConnected,
  goTo,
  module,
  power,
  problems,
  tabTo,
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
