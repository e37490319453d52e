/** What the tests of the set-up wizard have in common: what is on its pages, and the way to a run. */
import type { Locator, Page } from '@playwright/test';
import { expect, goTo } from './contara.ts';

export const state = (page: Page): Locator => page.getByRole('main').getByRole('status');
export const password = (page: Page): Locator => page.getByLabel(/^Password\*?$/);
export const again = (page: Page): Locator => page.getByLabel(/^Password, again/);

/** By way of the list to the review. */
export async function review(page: Page, name: string): Promise<void> {
  await goTo(page, 'Set up');
  await page.getByRole('checkbox', { name, exact: true }).check();
  await page.getByRole('button', { name: 'Review 1 module' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Review' })).toBeAttached();
  await expect(page.getByRole('button', { name: 'Start' })).toBeVisible();
}

/** By way of the list and the review, to the run. */
export async function begin(page: Page, name: string): Promise<void> {
  await review(page, name);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page).toHaveURL(/\/setup\/runs\/\d+$/);
}
