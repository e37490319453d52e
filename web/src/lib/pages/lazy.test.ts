/** A page whose code comes late, or not at once. */
import { tick, type Component } from 'svelte';
import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { App } from '../state/app.svelte';
import { silentTransport } from '../transport/silent';
import AppHarness from './AppHarness.svelte';
import LazyPage from './LazyPage.svelte';
import NotFound from './NotFound.svelte';

type Load = () => Promise<{ default: Component }>;

/** A page that comes at the third try. */
function failsTwice() {
  const load = vi.fn<Load>();
  load.mockRejectedValueOnce(new TypeError('gone')).mockRejectedValueOnce(new TypeError('gone'));
  return load.mockResolvedValue({ default: NotFound });
}

function appWithoutDaemon(): App {
  return new App(silentTransport);
}

function show(load: Load, app = appWithoutDaemon()) {
  return render(AppHarness, { app, part: LazyPage as Component<never>, given: { load, given: {} } });
}

test('its place is kept while it comes', async () => {
  let come: (page: { default: Component }) => void = () => undefined;
  const screen = await show(() => new Promise((resolve) => (come = resolve)));
  await expect.element(screen.getByRole('status')).toHaveTextContent('Loading…');
  come({ default: NotFound });
  await expect.element(screen.getByRole('heading', { name: 'Page not found' })).toBeVisible();
});

test('what failed is said, and tried again', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const load = failsTwice();
  const screen = await show(load);
  const again = screen.getByRole('button', { name: 'Try again' });
  await expect.element(screen.getByRole('alert')).toHaveTextContent('This page could not be loaded');
  await again.click();
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  await again.click();
  await expect.element(screen.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  warned.mockRestore();
});

test('what failed comes by itself when the connection is back, and is tried once for each', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const load = failsTwice();
  const app = appWithoutDaemon();
  app.dashboard.connection = { phase: 'connected' };
  const screen = await show(load, app);
  await expect.element(screen.getByRole('alert')).toHaveTextContent('This page could not be loaded');
  expect(load).toHaveBeenCalledTimes(1);
  const reconnect = async (tries: number) => {
    app.dashboard.connection = { phase: 'lost', retryAt: 0, lastContactAt: 0 };
    await tick();
    app.dashboard.connection = { phase: 'connected' };
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(tries));
  };
  await reconnect(2);
  await expect.element(screen.getByRole('button', { name: 'Try again' })).toBeEnabled();
  expect(load).toHaveBeenCalledTimes(2);
  await reconnect(3);
  await expect.element(screen.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  window.dispatchEvent(new Event('online'));
  await tick();
  expect(load).toHaveBeenCalledTimes(3);
  warned.mockRestore();
});

test('a connection that comes back during a try is not missed', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  let fail: (cause: Error) => void = () => undefined;
  const load = vi.fn<Load>();
  load.mockReturnValueOnce(new Promise((_, reject) => (fail = reject)));
  load.mockResolvedValue({ default: NotFound });
  const screen = await show(load);
  window.dispatchEvent(new Event('online'));
  await tick();
  expect(load).toHaveBeenCalledTimes(1);
  fail(new TypeError('gone'));
  await expect.element(screen.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  expect(load).toHaveBeenCalledTimes(2);
  warned.mockRestore();
});
