/** The set-up wizard with the real daemon: from a choice to a finished run, by pointer and by keyboard. */
import { expect, expectAccessible, goTo, tabTo, test } from './contara.ts';
import { again, begin, password, state } from './setup.ts';

test.describe('a module that asks', () => {
  test.use({ modules: [], setup: ['greeting'] });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`is set up, and axe finds nothing on the way, ${colorScheme}`, async ({ browsers }) => {
      browsers.expect('refusedFields');
      const page = await browsers.signedIn({ colorScheme, reducedMotion: 'reduce' });
      await begin(page, 'Greeting');
      await expectAccessible(page);

      await page.getByLabel('Whom').fill('-nobody');
      await password(page).fill('s3cret-one');
      await again(page).fill('another');
      await page.getByRole('button', { name: 'Configure' }).click();
      const faults = page.getByRole('group', { name: 'What has to be changed' });
      await expect(faults).toBeFocused();
      await expect(faults).toContainText('Password mismatch.');
      await expect(page.getByLabel('Whom')).toHaveValue('-nobody');
      await expectAccessible(page);

      await page.getByLabel('Whom').fill('Ada');
      await password(page).fill('s3cret-one');
      await again(page).fill('s3cret-one');
      await page.getByRole('button', { name: 'Configure' }).click();
      await expect(state(page)).toHaveText('All is done.');
      const summary = page.getByRole('region', { name: 'Summary of Greeting' });
      for (const line of ['Said to Ada.', 'Hello, Ada!', 'Nobody answered.', 'It was said loudly.'])
        await expect(summary).toContainText(line);
      await expect(page.getByRole('log')).toContainText('Greeting Ada');
      await expectAccessible(page);

      // Another browser sees the same by the link alone.
      const other = await browsers.signedIn();
      await other.goto(page.url());
      await expect(state(other)).toHaveText('All is done.');
      await expect(other.getByRole('log')).toContainText('Greeting Ada');

      await page.getByRole('link', { name: 'Greeting', exact: true }).click();
      await page.getByText(/^Answers/).click();
      await expect(page.getByRole('definition').filter({ hasText: 'Ada' })).toBeVisible();
      await expect(page.getByRole('main')).not.toContainText('s3cret-one');
      await expectAccessible(page);
      await goTo(page, 'Set up');
      const entry = page.getByRole('article', { name: 'Greeting' });
      await expect(entry).toContainText('Configured');
      await expectAccessible(page);

      await entry.getByRole('link', { name: 'Details' }).click();
      await page.getByRole('button', { name: 'Reconfigure Greeting' }).click();
      await expect(page.getByRole('region', { name: 'Modules' })).toContainText('Greeting');
      await page.reload();
      await page.getByRole('button', { name: 'Start' }).click();
      await expect(page.getByLabel('Whom')).toBeVisible();
      await expectAccessible(page);
    });
  }

  test('all of it can be done by keyboard', async ({ browsers }) => {
    const page = await browsers.signedIn();
    await tabTo(page, page.getByRole('link', { name: 'Set up', exact: true }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('checkbox', { name: 'Greeting' }));
    await page.keyboard.press('Space');
    await tabTo(page, page.getByRole('button', { name: 'Review 1 module' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: 'Start' }));
    await page.keyboard.press('Enter');
    await expect(password(page)).toBeVisible();
    await tabTo(page, password(page));
    await page.keyboard.type('s3cret-one');
    await tabTo(page, again(page));
    await page.keyboard.type('s3cret-one');
    await page.keyboard.press('Enter');
    await expect(state(page)).toHaveText('All is done.');
    await tabTo(page, page.getByRole('log'));
  });
});

test.describe('a module that speaks several languages', () => {
  test.use({ modules: [], setup: ['translated'] });

  test('speaks each browser’s own, or the one that is chosen there', async ({ browsers }) => {
    const french = await browsers.signedIn({ locale: 'fr-CA' });
    const german = await browsers.signedIn({ locale: 'de-AT' });
    await french.goto(new URL('/setup', french.url()).href);
    await german.goto(new URL('/setup', german.url()).href);
    await expect(french.getByRole('heading', { name: 'Installer' })).toBeVisible();
    await expect(french.getByRole('article', { name: 'Traduit' })).toBeVisible();
    await expect(german.getByRole('heading', { name: 'Einrichten' })).toBeVisible();
    await expect(german.getByRole('article', { name: 'Übersetzt' })).toBeVisible();
    await expectAccessible(german);

    await german.getByRole('link', { name: 'Konto' }).click();
    await german.getByRole('combobox', { name: 'Sprache' }).selectOption('English');
    await german.goBack();
    await expect(german.getByRole('article', { name: 'Translated' })).toBeVisible();
    await german.getByRole('link', { name: 'Dashboard' }).click();
    await expect(german.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeAttached();
    await german.goBack();
    await german.reload();
    await expect(german.getByRole('heading', { name: 'Set up', exact: true })).toBeVisible();
    await expect(german.getByRole('article', { name: 'Translated' })).toBeVisible();

    await french.getByRole('checkbox', { name: 'Traduit' }).check();
    await french.getByRole('button', { name: 'Vérifier 1 module' }).click();
    await french.getByRole('button', { name: 'Démarrer' }).click();
    await expect(french.getByLabel('Ville')).toHaveValue('Lyon');
    await expect(french.getByLabel('Greeting')).toHaveValue('Bonne journée');
    await french.getByRole('button', { name: 'Configurer' }).click();
    await expect(state(french)).toHaveText('Tout est terminé.');
    await expect(french.getByRole('log')).toContainText('Bonjour du script');
  });
});
