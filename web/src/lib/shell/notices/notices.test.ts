/** The bell and what it opens: what nobody has seen is counted, and nothing that was told is lost. */
import { userEvent } from 'vitest/browser';
import type { Component } from 'svelte';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import AppHarness from '../../pages/AppHarness.svelte';
import { App } from '../../state/app.svelte';
import { silentTransport } from '../../transport/silent';
import NoticeBell from './NoticeBell.svelte';

async function setUp() {
  const app = new App(silentTransport);
  const screen = await render(AppHarness, { app, part: NoticeBell as Component<never> });
  const bell = screen.getByRole('button', { name: /^Notifications/ });
  const panel = screen.getByRole('dialog', { name: 'Notifications' });
  return { notices: app.notices, screen, bell, panel, rows: panel.getByRole('listitem') };
}

test('the bell counts what nobody has seen, and names errors among it', async () => {
  const { notices, bell, panel } = await setUp();
  await expect.element(bell).toHaveAccessibleName('Notifications');
  notices.add('info', 'one');
  notices.add('success', 'two');
  await expect.element(bell).toHaveAccessibleName('Notifications: 2 new');
  notices.add('error', 'three');
  await expect.element(bell).toHaveAccessibleName('Notifications: 3 new, one of them an error');
  notices.dismiss(notices.items[2]?.id ?? 0);
  await expect.element(bell).toHaveAccessibleName('Notifications: 2 new');
  await bell.click();
  await expect.element(panel).toBeVisible();
  await expect.element(bell).toHaveAccessibleName('Notifications');
  expect(notices.items).toEqual([]);
  notices.add('warning', 'while it is open');
  await expect.element(panel).toHaveTextContent('while it is open');
  await expect.element(bell).toHaveAccessibleName('Notifications');
});

test('it is opened and left by keyboard, and the focus comes back', async () => {
  const { notices, bell, panel, screen } = await setUp();
  notices.add('info', 'told', 'Title', 'backup');
  (bell.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(panel).toHaveFocus();
  await expect.element(panel).toHaveTextContent(/Title\s*told\s*backup · 0 seconds ago/);
  await expect.element(bell).toHaveAttribute('aria-expanded', 'true');
  await userEvent.keyboard('{Escape}');
  await expect.element(bell).toHaveFocus();
  expect(screen.getByRole('dialog').elements()).toHaveLength(0);
  await bell.click();
  await expect.element(panel).toBeVisible();
  await bell.click();
  await expect.element(bell).toHaveAttribute('aria-expanded', 'false');
});

test('one is removed and the next has the focus; all are removed and nothing is left', async () => {
  const { notices, bell, panel, rows } = await setUp();
  for (const message of ['oldest', 'middle', 'newest']) notices.add('error', message);
  await bell.click();
  await expect.element(rows.first()).toHaveTextContent('newest');
  const dismiss = (place: number) => rows.nth(place).getByRole('button');
  await dismiss(2).click();
  await expect.element(dismiss(1)).toHaveFocus();
  await dismiss(0).click();
  await expect.element(rows).toHaveTextContent(/middle/);
  await expect.element(dismiss(0)).toHaveFocus();
  notices.add('info', 'another');
  await panel.getByRole('button', { name: 'Clear all' }).click();
  await expect.element(panel).toHaveTextContent('Nothing was told since this page was opened.');
  await expect.element(panel).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  await expect.element(bell).toHaveFocus();
});

test('it closes when the focus goes on', async () => {
  const { notices, bell, panel, screen } = await setUp();
  notices.add('info', 'told');
  const after = document.createElement('button');
  document.body.append(after);
  await bell.click();
  await expect.element(panel).toHaveFocus();
  after.focus();
  await expect.poll(() => screen.getByRole('dialog').elements()).toHaveLength(0);
  expect(document.activeElement).toBe(after);
  after.remove();
});
