import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../transport/http';
import type { ActionResult, ModuleSnapshot } from '../transport/model';
import { Actions } from './actions.svelte';
import { Confirms } from './confirms.svelte';
import { Dashboard } from './dashboard.svelte';
import { Modals } from './modals.svelte';
import { Notices } from './notices.svelte';
import { Session } from './session.svelte';

const module = (name: string, modals: string[] = [], enabled = true): ModuleSnapshot => ({
  name,
  displayName: name,
  enabled,
  life: 'running',
  problem: null,
  tile: null,
  modals: modals.map((id) => ({ id, node: {} })),
  page: undefined,
  running: [],
  dashboard: true,
  hasPage: false,
  live: true,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  history.replaceState(null, '', location.pathname);
});

test('notices go after 5 s, errors stay, and nothing goes while it is looked at', () => {
  const notices = new Notices();
  notices.add('info', 'soon gone');
  notices.add('error', 'stays');
  notices.hold();
  vi.advanceTimersByTime(20_000);
  expect(notices.items).toHaveLength(2);
  notices.release();
  vi.advanceTimersByTime(5_000);
  expect(notices.items.map(({ message }) => message)).toEqual(['stays']);
});

test('a flood of notices keeps the newest', () => {
  const notices = new Notices();
  for (let n = 0; n < 1_000; n++) notices.add('error', String(n));
  expect(notices.items).toHaveLength(8);
  expect(notices.items.at(-1)?.message).toBe('999');
});

function setUpModals() {
  const dashboard = new Dashboard();
  const missing = vi.fn();
  const modals = new Modals(dashboard, missing);
  const show = (...modules: ModuleSnapshot[]) => {
    dashboard.replace(modules);
    modals.reconcile();
  };
  return { dashboard, modals, missing, show };
}

test('a modal belongs to the module that asked for it, whatever others call theirs', () => {
  const { modals, show } = setUpModals();
  show(module('a', ['same']), module('b', ['same']));
  modals.show('b', 'same');
  expect(modals.open?.module).toBe('b');
});

test('a modal survives frames and closes with its tree', () => {
  const { modals, show } = setUpModals();
  show(module('a', ['m']));
  modals.show('a', 'm');
  show(module('a', ['m', 'n']));
  expect(modals.open?.modal.id).toBe('m');
  show(module('a', ['n']));
  expect(modals.open).toBeNull();
  show(module('a', ['m']));
  expect(modals.open).toBeNull();
});

test('a modal whose tree is late opens when it comes; one that never comes is reported', () => {
  const { modals, missing, show } = setUpModals();
  show(module('a'));
  modals.show('a', 'm');
  vi.advanceTimersByTime(1_000);
  show(module('a', ['m']));
  expect(modals.open?.modal.id).toBe('m');
  modals.show('a', 'never');
  vi.advanceTimersByTime(3_000);
  expect(missing).toHaveBeenCalledExactlyOnceWith('a', 'never');
});

test('closing another modal than the open one changes nothing', () => {
  const { modals, show } = setUpModals();
  show(module('a', ['m']));
  modals.show('a', 'm');
  modals.close('other');
  expect(modals.open).not.toBeNull();
  modals.close(null);
  expect(modals.open).toBeNull();
});

test('only enabled modules are on the grid, in the order sent', () => {
  const dashboard = new Dashboard();
  dashboard.replace([module('b'), module('off', [], false), module('a')]);
  dashboard.update({ ...module('a'), displayName: 'A' });
  dashboard.update(module('stranger'));
  expect(dashboard.shown?.map(({ displayName }) => displayName)).toEqual(['b', 'A']);
});

function setUpActions(act: () => Promise<ActionResult[]>) {
  const session = new Session();
  session.status = 'signed-in';
  const notices = new Notices();
  const { modals, show } = setUpModals();
  show(module('a', ['m']));
  const transport = { act: vi.fn(act), refresh: vi.fn() };
  const confirms = new Confirms();
  const actions = new Actions(transport, session, modals, notices, confirms);
  return { actions, confirms, session, notices, modals, transport };
}
const REF = { action: 'go', params: {}, confirm: null };

test('an action runs once at a time', async () => {
  let finish: (results: ActionResult[]) => void = () => undefined;
  const { actions, transport } = setUpActions(() => new Promise((resolve) => (finish = resolve)));
  const first = actions.run('a', REF);
  await actions.run('a', REF);
  expect(actions.busy('a', REF)).toBe(true);
  finish([]);
  await first;
  expect(transport.act).toHaveBeenCalledOnce();
  expect(actions.busy('a', REF)).toBe(false);
});

test('results take effect in order; a refresh leaves the modal open', async () => {
  const { actions, notices, modals, transport } = setUpActions(async () => [
    { kind: 'open-modal', id: 'm' },
    { kind: 'refresh' },
    { kind: 'notify', message: 'done', variant: 'success', title: 'T' },
  ]);
  await actions.run('a', REF);
  expect(modals.open?.modal.id).toBe('m');
  expect(transport.refresh).toHaveBeenCalledOnce();
  expect(notices.items).toMatchObject([{ title: 'T', message: 'done' }]);
});

test('a failed action is an error; a 401 is the end of the session', async () => {
  const failed = setUpActions(() => Promise.reject(new ApiError(500, 'no')));
  await failed.actions.run('a', REF);
  expect(failed.notices.items).toMatchObject([{ variant: 'error', message: 'no' }]);
  const out = setUpActions(() => Promise.reject(new ApiError(401, 'no')));
  await out.actions.run('a', REF);
  expect(out.session.status).toBe('signed-out');
  expect(out.notices.items).toHaveLength(0);
});

function answers(...statuses: number[]) {
  const fetch = vi.fn(async (_path: string, _init: RequestInit) => {
    const status = statuses.shift();
    if (status === undefined) throw new TypeError('Failed to fetch');
    return Response.json({ detail: 'Pairing locked out. Try again in 300 seconds.' }, { status });
  });
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

test('a pairing link is redeemed and leaves no trace in the address', async () => {
  const fetch = answers(401, 200);
  history.replaceState(null, '', '#pair=aaaa-bbbb-cccc');
  const session = new Session();
  await session.start();
  expect(session.status).toBe('signed-in');
  expect(location.hash).toBe('');
  expect(fetch.mock.calls[1]?.[1].body).toBe('{"pairing_code":"AAAA-BBBB-CCCC"}');
});

test('a pairing link in a browser that is signed in is only dropped', async () => {
  const fetch = answers(200);
  history.replaceState(null, '', '#pair=aaaa-bbbb-cccc');
  const session = new Session();
  await session.start();
  expect(session.status).toBe('signed-in');
  expect(location.hash).toBe('');
  expect(fetch).toHaveBeenCalledOnce();
});

test.each([
  [[401], /not valid/],
  [[429], /Try again in 300 seconds/],
  [[], /can’t be reached/],
])('a refused code (%j) says why', async (statuses, reason) => {
  answers(...statuses);
  const session = new Session();
  session.status = 'signed-out';
  await session.signIn('AAAA-BBBB-CCCC');
  expect(session.status).toBe('signed-out');
  expect(session.reason).toMatch(reason);
  expect(session.busy).toBe(false);
});

test('a malformed code is not sent', async () => {
  const fetch = answers();
  const session = new Session();
  await session.signIn('hello');
  expect(session.reason).toMatch(/12 characters/);
  expect(fetch).not.toHaveBeenCalled();
});

test('a server that cannot be reached at load is no reason to sign in again', async () => {
  answers();
  const session = new Session();
  await session.start();
  expect(session.status).toBe('signed-in');
});
