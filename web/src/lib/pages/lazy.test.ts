/** A page whose code comes late, or not at once. */
import type { Component } from 'svelte';
import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { App } from '../state/app.svelte';
import AppHarness from './AppHarness.svelte';
import LazyPage from './LazyPage.svelte';
import NotFound from './NotFound.svelte';

function show(load: () => Promise<{ default: Component }>) {
  const transport = {
    connect: vi.fn(),
    close: vi.fn(),
    retry: vi.fn(),
    refresh: vi.fn(),
    watch: vi.fn(),
    watchSetup: vi.fn(),
    act: vi.fn(),
  };
  const app = new App(() => transport);
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
  const load = vi.fn<() => Promise<{ default: Component }>>();
  load.mockRejectedValueOnce(new TypeError('gone')).mockRejectedValueOnce(new TypeError('gone'));
  load.mockResolvedValue({ default: NotFound });
  const screen = await show(load);
  const again = screen.getByRole('button', { name: 'Try again' });
  await expect.element(screen.getByRole('alert')).toHaveTextContent('This page could not be loaded');
  await again.click();
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  await again.click();
  await expect.element(screen.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  warned.mockRestore();
});
