import { afterEach, expect, test, vi } from 'vitest';
import type { ModuleSnapshot } from '../transport/model';
import { Catalog } from './catalog.svelte';
import { Session } from './session.svelte';

const module = (life: ModuleSnapshot['life'], detail: string | null = null): ModuleSnapshot => ({
  name: 'm',
  displayName: 'M',
  enabled: true,
  life,
  problem: detail === null ? null : { kind: null, title: 'Failed', detail, traceback: null, retryAt: null },
  preparing: null,
  tile: null,
  modals: [],
  page: undefined,
  running: [],
  dashboard: true,
  hasPage: false,
  live: true,
  settings: 0,
});

function refuses(detail: string): void {
  const answer = () => Promise.resolve(Response.json({ detail }, { status: 500 }));
  vi.stubGlobal('fetch', vi.fn(answer));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a failure to enable is told once, and for as long as it holds', async () => {
  const catalog = new Catalog(new Session());
  refuses("Failed to initialize module 'm': exit status 3");
  await catalog.switch('m', 'enable');
  expect(catalog.failureOf(module('stopped'))).toContain('exit status 3');
  expect(catalog.failureOf(module('backoff', 'exit status 3'))).toBeNull();
  expect(catalog.failureOf(module('starting'))).toBeNull();
  expect(catalog.failureOf(module('preparing'))).toBeNull();
  expect(catalog.failureOf(module('failed', 'something else'))).toContain('exit status 3');

  catalog.update(module('running'));
  expect(catalog.failureOf(module('failed', 'something else'))).toBeNull();
});

test('a failure to disable stays while the module runs on', async () => {
  const catalog = new Catalog(new Session());
  refuses('the disk is full');
  await catalog.switch('m', 'disable');
  catalog.update(module('running'));
  expect(catalog.failureOf(module('running'))).toBe('the disk is full');
});
