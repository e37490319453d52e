/** The page Dashboard: what is drawn again, and what arranging does beyond the layout. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page as window } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { App } from '../../state/app.svelte';
import type { ModuleSnapshot } from '../../transport/model';
import { silentTransport } from '../../transport/silent';
import AppHarness from '../AppHarness.svelte';
import Dashboard from './Dashboard.svelte';

const snapshot = (name: string): ModuleSnapshot => ({
  name,
  displayName: name.toUpperCase(),
  enabled: true,
  life: 'running',
  problem: null,
  preparing: null,
  tile: { type: 'tile', title: name.toUpperCase() },
  modals: [],
  page: undefined,
  running: [],
  dashboard: true,
  hasPage: false,
  live: true,
  settings: 0,
});

beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json({ version: 1, tiles: [] }));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await window.viewport(414, 896);
});

async function show(...modules: ModuleSnapshot[]) {
  const app = new App(silentTransport);
  app.session.status = 'signed-in';
  app.dashboard.connection = { phase: 'connected' };
  app.dashboard.replace(modules);
  await app.arrangement.refetch();
  return { app, page: await render(AppHarness, { app, part: Dashboard }) };
}

test('a frame of one module draws no other one again', async () => {
  const drawn = vi.fn();
  const still = {
    ...snapshot('still'),
    get life(): ModuleSnapshot['life'] {
      drawn();
      return 'running';
    },
  };
  const { app, page } = await show(snapshot('busy'));
  app.dashboard.modules = [...(app.dashboard.modules ?? []), still];
  await expect.element(page.getByText('STILL')).toBeVisible();
  drawn.mockClear();
  app.dashboard.update({ ...snapshot('busy'), tile: { type: 'tile', title: 'AT WORK' } });
  await expect.element(page.getByText('AT WORK')).toBeVisible();
  expect(drawn).not.toHaveBeenCalled();
});

test('a tile that is held can be made wider as soon as there is room', async () => {
  await window.viewport(390, 800);
  const { page } = await show(snapshot('a'));
  await page.getByRole('button', { name: 'Arrange', exact: true }).click();
  await page.getByRole('button', { name: 'Move A' }).click();
  const wider = page.getByRole('button', { name: 'Wider' });
  await expect.element(wider).toHaveAttribute('aria-disabled', 'true');
  await window.viewport(1280, 800);
  await expect.element(wider).not.toHaveAttribute('aria-disabled', 'true');
});

test('the focus of a tile that is hidden goes to the next one, and of the last one to what shows it again', async () => {
  const { page } = await show(snapshot('a'), snapshot('b'));
  await page.getByRole('button', { name: 'Arrange', exact: true }).click();
  await page.getByRole('button', { name: 'Hide B' }).click();
  await expect.element(page.getByRole('button', { name: 'Move A' })).toHaveFocus();
  await page.getByRole('button', { name: 'Hide A' }).click();
  await expect.element(page.getByRole('button', { name: 'Show A' })).toHaveFocus();
});
