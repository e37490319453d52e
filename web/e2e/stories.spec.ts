/** The page of all components, with no module behind it. How it looks is seen in looks.spec.ts. */
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './contara.ts';
import type { Daemon } from './daemon.ts';

test.use({ modules: [] });

async function open(page: Page, daemon: Daemon): Promise<void> {
  await page.goto(`${daemon.url}/dev/components`);
  await expect(page.getByRole('heading', { level: 1, name: 'Components' })).toBeVisible();
}

test('every component is drawn in every state but the one that breaks', async ({ browsers, daemon }) => {
  browsers.expect('brokenStory');
  const page = await browsers.signedIn();
  await open(page, daemon);
  await expect(page.getByText('This part could not be drawn')).toHaveCount(1);
});

test('modals are opened, scrolled and left by keyboard', async ({ browsers, daemon }) => {
  browsers.expect('brokenStory');
  const page = await browsers.signedIn();
  await open(page, daemon);
  const opener = page.getByRole('button', { name: 'Open: Long' });
  await opener.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Much to read' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
});

test('who is not signed in sees none of it', async ({ browsers, daemon }) => {
  const page = await browsers.open();
  await page.goto(`${daemon.url}/dev/components`);
  await expect(page.getByRole('heading', { name: 'Sign in to Contara' })).toBeVisible();
});
