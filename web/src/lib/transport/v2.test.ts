import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { entry, info, PlayedSocket, snapshot, ui } from '../../../packages/stream/src/played.samples';
import type { ServerFrame } from '../../../packages/stream/src/protocol';
import { chooseLanguage } from '../i18n/language';
import type { ModuleSnapshot } from './model';
import type { Connection } from './transport';
import { TransportV2 } from './v2';

const up = (revision: number): ServerFrame => ({
  type: 'patch',
  module: 'a',
  revision,
  ops: [{ op: 'replace', path: '/tile/count', value: revision }],
});

function setUp() {
  const log: string[] = [];
  const told: ModuleSnapshot[] = [];
  const states: Connection[] = [];
  const answers: Response[] = [];
  const page = new EventTarget();
  let isLooking = true;
  const fetch = vi.fn(async (_path: string, _init: RequestInit) => {
    const answer = answers.shift();
    if (!answer) throw new TypeError('Failed to fetch');
    return answer;
  });
  const transport = new TransportV2(
    {
      state: (connection) => {
        states.push(connection);
        log.push(connection.phase);
      },
      modules: (all) => {
        told.push(...all);
        log.push(`modules ${all.map(({ name }) => name).join(' ')}`);
      },
      module: (module) => {
        told.push(module);
        log.push(`module ${module.name}`);
      },
      setup: ({ id }) => log.push(`setup ${String(id)}`),
      setupLines: ({ lines }) => log.push(`lines ${lines.map(({ number }) => number).join(' ')}`),
      signedOut: () => log.push('signed out'),
    },
    { url: 'ws://host/ws', WebSocket: PlayedSocket, fetch, page, visible: () => isLooking },
  );
  const look = (looks: boolean) => (isLooking = looks);
  const of = (name: string) => told.findLast((module) => module.name === name);
  return { transport, log, of, states, answers, fetch, page, look };
}

function connected() {
  const all = setUp();
  all.transport.connect();
  PlayedSocket.last.open();
  PlayedSocket.last.say(snapshot('a', 'b'));
  PlayedSocket.last.heard();
  return all;
}

/** Says it, and waits until it has been told of. */
function say(...frames: ServerFrame[]): void {
  PlayedSocket.last.say(...frames);
  vi.advanceTimersByTime(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  PlayedSocket.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('connects, shows the snapshot and then updates', () => {
  const { log, of } = connected();
  const before = of('b');
  say({ type: 'module', module: 'b', revision: 2, info: info({ display_name: 'A', life: 'backoff' }) });
  expect(PlayedSocket.last.url).toBe('ws://host/ws');
  expect(log).toEqual(['connecting', 'modules a b', 'connected', 'module b']);
  expect(before).toMatchObject({ name: 'b', displayName: 'A', life: 'running', modals: [], page: undefined });
  expect(of('b')).toMatchObject({ life: 'backoff' });
  expect(of('b')?.tile).toBe(before?.tile);
});

test('what a patch doesn’t touch stays the same object, so that it isn’t drawn again', () => {
  const { of } = connected();
  const before = of('a');
  say(up(2));
  expect(of('a')?.tile).toMatchObject({ count: 2 });
  expect(of('a')?.tile?.['chart']).toBe(before?.tile?.['chart']);
  expect(of('a')?.running).toBe(before?.running);
});

test('a restart is counted from when it was told of, whatever comes after', () => {
  vi.setSystemTime(1_000_000);
  const { of } = connected();
  const problem = { kind: 'exit', title: 'Ended', detail: null, traceback: null, retry_in_ms: 1500 };
  say({ type: 'module', module: 'a', revision: 2, info: info({ life: 'backoff', problem }) });
  vi.advanceTimersByTime(700);
  say(up(3));
  expect(of('a')).toMatchObject({ tile: { count: 3 }, problem: { retryAt: 1_001_500 } });
});

test.each([
  ['comes', { type: 'module', ...entry('c') }],
  ['goes', { type: 'module', module: 'b', removed: true }],
] satisfies [string, ServerFrame][])('a module that %s makes another set of them', (_, frame) => {
  const { log } = connected();
  say(frame);
  expect(log.at(-1)).toMatch(/^modules a( b c)?$/);
});

test('a snapshot is told of even if nothing in it is new: the daemon’s folders have changed', () => {
  const { log, of } = connected();
  const before = of('a');
  const modules = ['a', 'b'].map((module) => ({ module, revision: 1 }));
  say({ type: 'snapshot', run: 'run-1', modules });
  expect(log.slice(-2)).toEqual(['connected', 'modules a b']);
  expect(of('a')).toBe(before);
});

test('notices a server that went silent within 5 s, and reconnects by itself', () => {
  const { log } = connected();
  const first = PlayedSocket.last;
  vi.advanceTimersByTime(5_000);
  expect(first.heard()).toContainEqual({ type: 'ping' });
  expect(first.closed).toBe(true);
  expect(log.at(-1)).toBe('lost');
  vi.advanceTimersByTime(300);
  expect(PlayedSocket.all).toHaveLength(2);
  PlayedSocket.last.open();
  say(snapshot('a'));
  expect(log.slice(-3)).toEqual(['lost', 'modules a', 'connected']);
});

test.each([
  [true, 700],
  [false, 10_000],
])('whoever looks is back within a second, whoever does not has time: %s', async (isLooking, longest) => {
  const { log, look } = connected();
  look(isLooking);
  PlayedSocket.last.end(1006);
  for (let tries = 0; tries < 10; tries += 1) {
    await vi.runOnlyPendingTimersAsync();
    PlayedSocket.last.end(1006);
    await vi.advanceTimersByTimeAsync(0);
  }
  const tried = PlayedSocket.all.length;
  await vi.advanceTimersByTimeAsync(longest - 1);
  expect(PlayedSocket.all).toHaveLength(tried);
  await vi.advanceTimersByTimeAsync(1);
  expect(PlayedSocket.all).toHaveLength(tried + 1);
  expect(log.at(-1)).toBe('lost');
});

test('a machine that has slept makes another connection, though nothing says that it woke', () => {
  const { log } = connected();
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(2_000);
  expect(PlayedSocket.all).toHaveLength(2);
  expect(log.at(-1)).toBe('connected');
});

test('a refused socket asks for the session: 401 is the end, silence is not', async () => {
  const { transport, log, answers, fetch } = setUp();
  transport.connect();
  PlayedSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(0);
  expect(fetch).toHaveBeenCalledWith('/api/auth/session', expect.objectContaining({ method: 'GET' }));
  expect(log).toEqual(['connecting', 'lost']);

  answers.push(new Response('{}', { status: 401 }));
  await vi.advanceTimersByTimeAsync(300);
  PlayedSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(0);
  expect(log.at(-1)).toBe('signed out');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(PlayedSocket.all).toHaveLength(2);
});

test('4401 is the end, until somebody signs in', () => {
  const { transport, log } = connected();
  PlayedSocket.last.end(4401);
  vi.advanceTimersByTime(60_000);
  expect(log.at(-1)).toBe('signed out');
  expect(PlayedSocket.all).toHaveLength(1);
  transport.close();
  transport.connect();
  PlayedSocket.last.open();
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'resume' }]);
  say(snapshot('a'));
  expect(log.slice(-3)).toEqual(['connecting', 'modules a', 'connected']);
});

test.each(['online', 'pageshow', 'visibilitychange'])('%s cuts the wait short', (name) => {
  const { page } = connected();
  PlayedSocket.last.end(1001);
  page.dispatchEvent(new Event(name));
  expect(PlayedSocket.all).toHaveLength(2);
});

test('a refresh goes unseen', () => {
  const { transport, log } = connected();
  const first = PlayedSocket.last;
  transport.refresh();
  PlayedSocket.last.open();
  say(snapshot('c'));
  expect(first.closed).toBe(true);
  expect(log).toEqual(['connecting', 'modules a b', 'connected', 'modules c']);
});

test('after close() nothing happens any more', () => {
  const { transport, log, page } = connected();
  transport.close();
  page.dispatchEvent(new Event('online'));
  vi.advanceTimersByTime(60_000);
  expect(PlayedSocket.all).toHaveLength(1);
  expect(log.at(-1)).toBe('connected');
});

test('an action goes over the socket with its fields, and gives its results', async () => {
  const { transport, fetch } = connected();
  const acting = transport.act('a', 'say', { word: 'hi' }, { port: 'x', on: true });
  expect(PlayedSocket.last.heard()).toEqual([
    {
      type: 'action',
      id: 1,
      module: 'a',
      action: 'say',
      params: { word: 'hi', __form__: { port: 'x', on: true } },
    },
  ]);
  PlayedSocket.last.say({ type: 'result', id: 1, results: [{ type: 'refresh' }, { type: 'dance' }] });
  await expect(acting).resolves.toEqual([{ kind: 'refresh' }]);
  expect(fetch).not.toHaveBeenCalled();
});

test.each([
  [{ status: 400, detail: 'Module ‘x’ is not enabled' }, 'Module ‘x’ is not enabled', {}],
  [{ status: 422, detail: 'Fields', errors: { port: 'Not a number' } }, 'Fields', { port: 'Not a number' }],
  [{ status: 502, detail: '' }, 'The server answered 502.', {}],
])('a refused action says what the server said: %o', async (error, message, errors) => {
  const { transport } = connected();
  const acting = transport.act('a', 'say', {}, null);
  PlayedSocket.last.say({ type: 'result', id: 1, error });
  await expect(acting).rejects.toMatchObject({ name: 'ApiError', status: error.status, message, errors });
});

test('an action without an answer may have been done, one that wasn’t sent wasn’t', async () => {
  const { transport } = connected();
  const acting = transport.act('a', 'say', {}, null);
  PlayedSocket.last.end(1006);
  await expect(acting).rejects.toMatchObject({
    name: 'ApiError',
    status: 0,
    message: expect.stringContaining('may have been done'),
  });
  transport.close();
  await expect(transport.act('a', 'say', {}, null)).rejects.toMatchObject({
    status: 0,
    message: 'Contara can’t be reached.',
  });
});

test('what is too large for a frame is posted', async () => {
  const { transport, answers, fetch } = connected();
  answers.push(Response.json({ success: true, results: [{ type: 'refresh' }] }));
  const text = 'x'.repeat(100_000);
  await expect(transport.act('my_module', 'save', { id: 1 }, { text })).resolves.toEqual([
    { kind: 'refresh' },
  ]);
  const [path, init] = fetch.mock.calls[0] ?? [];
  expect(path).toBe('/api/modules/my_module/action/save');
  expect(init).toMatchObject({ method: 'POST', body: JSON.stringify({ id: 1, __form__: { text } }) });
  expect(PlayedSocket.last.heard()).toEqual([]);
});

test('the watched page comes with its module, also after a reconnect', () => {
  const { transport, of } = connected();
  transport.watch('a');
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'subscribe', page: 'a' }]);
  say({ type: 'module', ...entry('a', 2, ui(0, { page: { type: 'stack' } })) });
  expect(of('a')?.page).toEqual({ type: 'stack' });
  PlayedSocket.last.end(1006);
  vi.advanceTimersByTime(300);
  PlayedSocket.last.open();
  expect(PlayedSocket.last.heard()).toContainEqual({ type: 'subscribe', page: 'a' });
  transport.watch(null);
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'subscribe', page: null }]);
});

test('what is watched before there is a connection is asked for with it', () => {
  const { transport } = setUp();
  transport.watch('a');
  transport.watchSetup({ transaction: null, after: () => 0 });
  transport.connect();
  PlayedSocket.last.open();
  expect(PlayedSocket.last.heard()).toEqual([
    { type: 'resume' },
    { type: 'subscribe', page: 'a', setup: {} },
  ]);
});

test('a connection speaks the language that was chosen when it was opened', () => {
  const { transport } = connected();
  chooseLanguage('fr-CA');
  transport.refresh();
  expect(PlayedSocket.last.url).toBe('ws://host/ws?language=fr-CA');
  PlayedSocket.last.open();
  chooseLanguage(null);
  transport.refresh();
  expect(PlayedSocket.last.url).toBe('ws://host/ws');
});

test('setup is heard of while it is watched', () => {
  const { transport, log } = connected();
  transport.watchSetup({ transaction: 7, after: () => 3 });
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'subscribe', setup: { transaction: 7, after: 3 } }]);
  PlayedSocket.last.say({ type: 'setup', transaction: { id: 7 } }, { type: 'setup', transaction: {} });
  const lines = [{ number: 12 }];
  PlayedSocket.last.say({ type: 'setup_lines', transaction: 7, lines, next: 12, more: false });
  expect(log.slice(-2)).toEqual(['setup 7', 'lines 12']);
  transport.watchSetup(null);
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'subscribe', setup: null }]);
});
