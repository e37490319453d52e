/** What a manifest's capabilities change: modules that push nothing, and modules without a place on the dashboard. */
import type { Page } from '@playwright/test';
import { enable, expect, expectNoReload, goTo, module, power, test } from './contara.ts';

test.describe('a module that pushes nothing', () => {
  test.use({ modules: ['on_demand', 'my_module'] });

  const NAME = 'On demand';
  const looks = async (page: Page) => Number(await module(page, NAME).getByRole('definition').textContent());

  test('has a button for a fresh look, which every browser then has', async ({ browsers }) => {
    const [one, two] = await browsers.two();
    await enable(one, NAME);
    await enable(one);
    for (const page of [one, two]) await expect(module(page)).toBeVisible();
    for (const page of [one, two]) {
      const before = Math.max(await looks(one), await looks(two));
      const refresh = module(page, NAME).getByRole('button', { name: `Refresh ${NAME}` });
      await refresh.click();
      await expect(refresh).toBeFocused();
      for (const each of [one, two]) await expect.poll(() => looks(each)).toBeGreaterThan(before);
    }
    await expect(module(one).getByRole('button', { name: /^Refresh/ })).toHaveCount(0);
    await expectNoReload(one, two);
  });
});

test.describe('a module without a place on the dashboard', () => {
  test.use({ modules: ['page_only'] });

  const NAME = 'Page only';

  test('is not there, but its page can be reached and lives', async ({ browsers }) => {
    const [one, two] = await browsers.two();
    await enable(one, NAME);
    await expect(one.getByRole('heading', { name: 'No enabled module has a tile' })).toBeVisible();
    await expect(one.getByRole('article')).toHaveCount(0);
    for (const page of [one, two]) {
      await goTo(page, 'Modules');
      await expect(power(page, 'Disable', NAME)).toBeVisible();
      await page.getByRole('link', { name: `Page of ${NAME}` }).click();
      await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeFocused();
      await expect(page.getByRole('definition')).toHaveText('0');
    }
    await one.getByRole('button', { name: 'Press' }).click();
    for (const page of [one, two]) await expect(page.getByRole('definition')).toHaveText('1');
    await expectNoReload(one, two);
  });
});
