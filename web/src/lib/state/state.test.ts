import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../transport/http';
import type { ActionResult, ModuleSnapshot } from '../transport/model';
import type { Connection } from '../transport/transport';
import { Actions } from './actions.svelte';
import { Confirms } from './confirms.svelte';
import { Dashboard } from './dashboard.svelte';
import type { FormScope } from './form.svelte';
import { Looks } from './looks.svelte';
import { Modals } from './modals.svelte';
import { Notices } from './notices.svelte';
import { logOf, routeOf } from './router.svelte';
import { Session } from './session.svelte';

const module = (name: string, modals: string[] = [], enabled = true): ModuleSnapshot => ({
  name,
  displayName: name,
  enabled,
  life: 'running',
  problem: null,
  preparing: null,
  tile: null,
  modals: modals.map((id) => ({ id, node: {} })),
  page: undefined,
  running: [],
  dashboard: true,
  hasPage: false,
  live: true,
  settings: 0,
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

test('no news takes the place of an error that nobody has dismissed', () => {
  const notices = new Notices();
  notices.add('error', 'unread');
  for (let n = 0; n < 20; n++) notices.add('info', String(n));
  expect(notices.items).toHaveLength(8);
  expect(notices.items[0]?.message).toBe('unread');
  expect(notices.items.at(-1)?.message).toBe('19');
});

test('what has left the screen is in the history, the newest first, and no more than somebody reads', () => {
  const notices = new Notices();
  notices.add('error', 'pushed out');
  for (let n = 0; n < 98; n++) notices.add('error', String(n));
  notices.add('info', 'timed out', 'Title', 'backup');
  vi.advanceTimersByTime(5_000);
  expect(notices.items.map(({ message }) => message)).not.toContain('timed out');
  expect(notices.history).toHaveLength(100);
  expect(notices.history[0]).toMatchObject({ message: 'timed out', title: 'Title', module: 'backup' });
  expect(notices.history[99]?.message).toBe('pushed out');
  expect(notices.unseen).toHaveLength(100);
  notices.add('info', 'one more');
  expect(notices.history.map(({ message }) => message)).not.toContain('pushed out');
  expect(notices.unseen).toHaveLength(100);
});

test('a toast that is dismissed is seen, and in the history; what is removed there is gone from the screen', () => {
  const notices = new Notices();
  notices.add('error', 'one');
  notices.add('error', 'two');
  const [one, two] = notices.items;
  notices.dismiss(one?.id ?? 0);
  expect(notices.unseen.map(({ message }) => message)).toEqual(['two']);
  expect(notices.history.map(({ message }) => message)).toEqual(['two', 'one']);
  notices.remove(two?.id ?? 0);
  expect(notices.items).toEqual([]);
  expect(notices.unseen).toEqual([]);
  notices.clear();
  expect(notices.history).toEqual([]);
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

test('a daemon that was never reached is out of reach after a while, and one that was is not', () => {
  vi.setSystemTime(1_000_000);
  const dashboard = new Dashboard();
  const lost: Connection = { phase: 'lost', retryAt: null, lastContactAt: null };
  expect(dashboard.unreachedSince).toBeNull();
  dashboard.connection = lost;
  vi.setSystemTime(1_002_999);
  expect(dashboard.unreachedSince).toBeNull();
  vi.setSystemTime(1_003_000);
  expect(dashboard.unreachedSince).toBe(1_000_000);
  dashboard.replace([]);
  expect(dashboard.unreachedSince).toBeNull();
  dashboard.clear();
  dashboard.connection = lost;
  expect(dashboard.unreachedSince).toBeNull();
});

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
  expect(notices.items).toMatchObject([{ title: 'T', message: 'done', module: 'a' }]);
});

test('a failed action is an error; a 401 is the end of the session', async () => {
  const failed = setUpActions(() => Promise.reject(new ApiError(500, 'no')));
  await failed.actions.run('a', REF);
  expect(failed.notices.items).toMatchObject([{ variant: 'error', message: 'no', module: 'a' }]);
  const out = setUpActions(() => Promise.reject(new ApiError(401, 'no')));
  await out.actions.run('a', REF);
  expect(out.session.status).toBe('signed-out');
  expect(out.notices.items).toHaveLength(0);
});

const field = (name: string, errors: Record<string, string> = {}) => {
  const outcome = {
    accepted: vi.fn(),
    rejected: vi.fn((all: Readonly<Record<string, string>>) => {
      const { [name]: own, ...elsewhere } = all;
      if (own) errors[name] = own;
      return elsewhere;
    }),
  };
  return {
    form: { send: () => ({ data: { [name]: 'x' }, ...outcome }) } as unknown as FormScope,
    ...outcome,
  };
};

test('an action takes its fields along and tells them how it went', async () => {
  const { actions, transport } = setUpActions(async () => []);
  const { form, accepted } = field('port');
  await actions.run('a', REF, form);
  expect(transport.act).toHaveBeenCalledExactlyOnceWith('a', 'go', {}, { port: 'x' });
  expect(accepted).toHaveBeenCalledOnce();
});

test('field errors are said at their fields, others in a notice', async () => {
  const refuse = (errors: Record<string, string>) =>
    setUpActions(() => Promise.reject(new ApiError(422, 'Some fields are wrong', errors)));
  const own = refuse({ port: 'bad' });
  const shown: Record<string, string> = {};
  await own.actions.run('a', REF, field('port', shown).form);
  expect(shown).toEqual({ port: 'bad' });
  expect(own.notices.items).toHaveLength(0);
  const other = refuse({ port: 'bad', host: 'missing' });
  await other.actions.run('a', REF, field('port').form);
  expect(other.notices.items).toMatchObject([{ variant: 'error', message: 'host: missing' }]);
  const none = refuse({ host: 'missing' });
  await none.actions.run('a', REF);
  expect(none.notices.items).toMatchObject([{ message: 'host: missing' }]);
});

test('nothing runs before it is confirmed, or when it is not', async () => {
  const { actions, confirms, transport } = setUpActions(async () => []);
  const ref = { ...REF, confirm: 'Really?' };
  const refused = actions.run('a', ref);
  expect(confirms.asking?.message).toBe('Really?');
  const agreed = actions.run('a', ref);
  await refused;
  expect(transport.act).not.toHaveBeenCalled();
  confirms.asking?.answer(true);
  await agreed;
  expect(transport.act).toHaveBeenCalledOnce();
  expect(confirms.asking).toBeNull();
});

test('what is dangerous is asked for, even if it has no question; a yes to it looks so', async () => {
  const { actions, confirms, transport } = setUpActions(async () => []);
  const own = actions.run('a', { ...REF, confirm: 'All of it?', danger: 'Wipe' });
  expect(confirms.asking).toMatchObject({ message: 'All of it?', yes: 'Continue', danger: true });
  confirms.refuse();
  await own;
  const plain = actions.run('a', { ...REF, danger: 'Wipe sda' });
  expect(confirms.asking).toMatchObject({ title: 'Wipe sda?', yes: 'Wipe sda', danger: true });
  expect(transport.act).not.toHaveBeenCalled();
  confirms.asking?.answer(true);
  await plain;
  expect(transport.act).toHaveBeenCalledOnce();
  void actions.run('a', { ...REF, confirm: 'Really?' });
  expect(confirms.asking).toMatchObject({ danger: false });
});

test('a call of anyone makes the buttons of its action busy, with its parameters in any order', () => {
  const dashboard = new Dashboard();
  const call = { call: '1', action: 'copy', params: { to: 1, from: { b: 2, a: 1 } }, progress: null };
  dashboard.replace([{ ...module('m'), running: [call] }]);
  const running = (action: string, params: object) =>
    dashboard.isRunning('m', { action, params: { ...params }, confirm: null });
  expect(running('copy', { from: { a: 1, b: 2 }, to: 1 })).toBe(true);
  expect(running('copy', { from: { a: 1, b: 2 }, to: 2 })).toBe(false);
  expect(running('move', call.params)).toBe(false);
});

test('a call is cancelled once; one that has ended already is no failure', async () => {
  const { actions, notices } = setUpActions(async () => []);
  const fetch = vi.fn(async () => Response.json({ success: false }));
  vi.stubGlobal('fetch', fetch);
  const first = actions.cancel('a', '7');
  expect(actions.cancelling('a', '7')).toBe(true);
  await Promise.all([first, actions.cancel('a', '7')]);
  expect(fetch).toHaveBeenCalledExactlyOnceWith('/api/modules/a/calls/7/cancel', expect.anything());
  expect(notices.items).toMatchObject([{ variant: 'info' }]);
});

test('a page stays until a frame says otherwise', () => {
  const dashboard = new Dashboard();
  const shows = (page: ModuleSnapshot['page']) => {
    dashboard.update({ ...module('m'), page });
    return dashboard.find('m')?.page;
  };
  dashboard.replace([module('m')]);
  const page = { type: 'stack' };
  expect([shows(page), shows(undefined), shows(null), shows(undefined)]).toEqual([page, page, null, null]);
});

test('a module that is not for the dashboard is not on it', () => {
  const dashboard = new Dashboard();
  dashboard.replace([module('a'), { ...module('b'), dashboard: false }]);
  expect(dashboard.shown?.map(({ name }) => name)).toEqual(['a']);
  expect(dashboard.find('b')).not.toBeNull();
});

function setUpLooks(...bodies: unknown[]) {
  const fetch = vi.fn(async () => {
    const body = bodies.shift();
    return body instanceof Response ? body : Response.json(body);
  });
  vi.stubGlobal('fetch', fetch);
  const session = new Session();
  session.status = 'signed-in';
  const [dashboard, notices, watch] = [new Dashboard(), new Notices(), vi.fn()];
  dashboard.replace([module('m')]);
  return { looks: new Looks({ watch }, session, dashboard, notices), dashboard, notices, watch, fetch };
}

test('a page is watched and fetched for as long as it is open', async () => {
  const { looks, dashboard, watch } = setUpLooks({ page: { type: 'stack' } });
  const end = looks.watch('m');
  expect(watch).toHaveBeenLastCalledWith('m');
  await vi.waitFor(() => expect(dashboard.find('m')?.page).toEqual({ type: 'stack' }));
  end();
  expect(watch).toHaveBeenLastCalledWith(null);
  expect(dashboard.find('m')?.page).toBeUndefined();
});

test('an answer never replaces the newer page of a frame', async () => {
  const { looks, dashboard, fetch } = setUpLooks({ page: { type: 'old' } });
  looks.watch('m');
  dashboard.update({ ...module('m'), page: { type: 'new' } });
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
  await vi.advanceTimersByTimeAsync(0);
  expect(dashboard.find('m')?.page).toEqual({ type: 'new' });
});

test('a page that cannot be had says why', async () => {
  const { looks } = setUpLooks(Response.json({ detail: 'get_page() raised' }, { status: 500 }));
  looks.watch('m');
  await vi.waitFor(() => expect(looks.failures.get('m')).toBe('get_page() raised'));
});

test('a fresh look replaces tile and page of a module that pushes nothing', async () => {
  const { looks, dashboard, notices } = setUpLooks(
    { page: { type: 'one' } },
    { ui: { tile: { title: 'Fresh' }, modals: [] } },
    { page: { type: 'two' } },
    Response.json({ detail: 'no' }, { status: 500 }),
  );
  looks.watch('m');
  await vi.waitFor(() => expect(dashboard.find('m')?.page).toEqual({ type: 'one' }));
  await looks.refresh('m');
  expect(dashboard.find('m')).toMatchObject({ tile: { title: 'Fresh' }, page: { type: 'two' } });
  await looks.refresh('m');
  expect(notices.items).toMatchObject([{ variant: 'error', message: 'no' }]);
});

test.each([
  ['/', 'dashboard', undefined],
  ['/modules/', 'modules', undefined],
  ['/m/steam', 'module', 'steam'],
  ['/m/a%20b/', 'module', 'a b'],
  ['/m/steam/settings', 'settings', 'steam'],
  ['/m/%', 'not-found', undefined],
  ['/m/', 'not-found', undefined],
  ['/m/a/b', 'not-found', undefined],
  ['/constructor', 'not-found', undefined],
])('%s is the page %s of %s', (path, page, name) => {
  expect(routeOf(path)).toEqual(name === undefined ? { page } : { page, module: name });
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

test('a log is at its own address, from the level that it names', () => {
  const log = (level: string) => ({ page: 'log', module: 'a b', level });
  expect(routeOf('/m/a%20b/logs')).toEqual(log('debug'));
  expect(routeOf('/m/a%20b/logs', '?level=error')).toEqual(log('error'));
  expect(routeOf('/m/a%20b/logs', '?level=loud')).toEqual(log('debug'));
  expect(logOf('a b', 'error')).toBe('/m/a%20b/logs?level=error');
  expect(logOf('a b')).toBe('/m/a%20b/logs');
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
