/** How the system is: in words, with what to do, kept up to date while it is open. */
import { enable, expect, expectAccessible, goTo, tabTo, test } from './contara.ts';

test.use({ modules: ['my_module', 'exits_at_import'] });

test('each part says how it is; a module that fails is named with what to do, and no more once it is off', async ({
  browsers,
}) => {
  browsers.expect('failingModule');
  const [page, other] = await browsers.two();
  await tabTo(page, page.getByRole('link', { name: 'System', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'System' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'System', exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
  const parts = page.getByRole('list', { name: 'Health' }).getByRole('listitem');
  const modules = parts.filter({ hasText: 'enabled' });
  await expect(parts).toHaveCount(10);
  await expect(modules).toContainText('No module is enabled.');
  await expect(parts.filter({ hasText: 'Database' })).toContainText('its check has found nothing');
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText(/Python\s*3\./);
  const disk = page.getByRole('meter', { name: 'Disk' });
  await expect(disk).toHaveAttribute('aria-valuetext', /[\d.]+ [GT]B free of [\d.]+ [GT]B/);
  await expect(page.getByRole('list', { name: 'What is taken' }).getByRole('meter')).not.toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Limits' })).toContainText(/Processes\s*64/);

  const place = () =>
    page
      .getByRole('region', { name: 'Limits' })
      .evaluate((region) => region.getBoundingClientRect().top + scrollY);
  await page.evaluate(() => scrollTo(0, 40));
  const before = await place();
  await enable(other, 'My Module');
  await expect(modules).toContainText('1 of 1 enabled modules run.');
  expect(await place()).toBe(before);
  expect(await page.evaluate(() => scrollY)).toBe(40);

  await enable(other, 'Exits at import');
  await expect(modules).toContainText('In trouble: Exits at import');
  await expect(modules).toContainText('Try again starts it anew');
  await expect(modules).toContainText('needs attention');
  await goTo(other, 'Modules');
  await other.getByRole('button', { name: 'Disable Exits at import' }).click();
  await expect(modules).toContainText('1 of 1 enabled modules run.');
});

test('without a daemon what is known stays, and comes up to date with it', async ({ browsers, daemon }) => {
  const page = await browsers.signedIn({ locale: 'de-DE' });
  await page.goto(`${daemon.url}/system`);
  await expect(page.getByText('Kein Modul ist eingeschaltet.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Grenzen' })).toContainText(/2,1\sMB/);
  browsers.expect('lost');
  await daemon.end('SIGKILL');
  await expect(page.getByRole('region', { name: 'Verbindung' })).toBeVisible();
  await expect(page.getByText('Kein Modul ist eingeschaltet.')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await daemon.run();
  await expect(page.getByRole('region', { name: 'Verbindung' })).toBeHidden({ timeout: 20_000 });
  await expect(page.getByRole('listitem').filter({ hasText: 'Offene Verbindungen: 1' })).toBeVisible();
});

for (const width of [320, 640, 1280]) {
  test(`axe finds nothing at ${String(width)} px, light or dark, and nothing stands out at the side`, async ({
    browsers,
  }) => {
    browsers.expect('failingModule');
    const page = await browsers.signedIn({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    await enable(page, 'Exits at import');
    await goTo(page, 'System');
    await expect(page.getByText('In trouble: Exits at import')).toBeVisible();
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await expectAccessible(page);
    }
    const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
    expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
  });
}
