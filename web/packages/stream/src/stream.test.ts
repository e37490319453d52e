import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ActionError, ConnectionLost } from './calls.ts';
import { entry, info, PlayedSocket, snapshot, ui } from './played.samples.ts';
import type { PatchFrame, ServerFrame } from './protocol.ts';
import { connect, type Change, type SessionState } from './stream.ts';

const up = (revision: number): ServerFrame => ({
  type: 'patch',
  module: 'a',
  revision,
  ops: [{ op: 'replace', path: '/tile/count', value: revision }],
});
const MISFIT: PatchFrame = { type: 'patch', module: 'a', revision: 2, ops: [{ op: 'remove', path: '/x' }] };

function start() {
  const log: string[] = [];
  const changes: Change[] = [];
  const probe = vi.fn<() => Promise<SessionState>>(async () => 'unreachable');
  const warn = vi.fn<(text: string) => void>();
  const stream = connect({
    url: () => 'ws://host/ws',
    WebSocket: PlayedSocket,
    probe,
    warn,
    on: {
      connection: ({ phase }) => log.push(phase),
      hello: ({ node }) => log.push(`hello ${node}`),
      change: (change) => {
        changes.push(change);
        const { snapshot, added, changed, removed } = change;
        const names = [added.map((name) => `+${name}`), changed, removed.map((name) => `-${name}`)];
        log.push([snapshot ? 'all' : 'some', ...names.flat()].join(' '));
      },
      setup: ({ id }) => log.push(`setup ${String(id)}`),
      setupLines: ({ next }) => log.push(`lines ${String(next)}`),
      notice: ({ kind }) => log.push(`notice ${kind}`),
      signedOut: () => log.push('signed out'),
    },
  });
  return { stream, log, changes, probe, warn };
}

function connected() {
  const all = start();
  PlayedSocket.last.open();
  PlayedSocket.last.say(snapshot('a', 'b'));
  PlayedSocket.last.heard();
  return all;
}

/** The connection is lost, and the next one opened. */
function reconnect() {
  PlayedSocket.last.end(1006);
  vi.advanceTimersByTime(300);
  PlayedSocket.last.open();
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

test('connects by the subprotocol, resumes from nothing, and tells what came', () => {
  const { stream, log } = start();
  const socket = PlayedSocket.last;
  expect([socket.url, socket.protocol, socket.binaryType]).toEqual([
    'ws://host/ws',
    'contara.v2',
    'arraybuffer',
  ]);
  socket.open();
  expect(socket.heard()).toEqual([{ type: 'resume' }]);
  const hello = { protocol: 2, version: '1', node: 'nas', session: 1, run: 'run-1', features: [] };
  socket.say({ type: 'hello', ...hello }, snapshot('a', 'b'), up(2));
  vi.runOnlyPendingTimers();
  expect(log).toEqual(['connecting', 'hello nas', 'all +a +b', 'connected', 'some a']);
  expect(stream.modules.get('a')).toMatchObject({ revision: 2, ui: { tile: { count: 2 } } });
});

test('frames that come together are told of together', () => {
  const { log, changes } = connected();
  PlayedSocket.last.say({ type: 'module', module: 'a', revision: 2, info: info({ life: 'backoff' }) }, up(2));
  expect(log).toEqual(['connecting', 'all +a +b', 'connected']);
  vi.advanceTimersByTime(0);
  expect(log.at(-1)).toBe('some a');
  expect(changes[1]?.modules.get('a')).toMatchObject({
    info: { life: 'backoff' },
    ui: { tile: { count: 2 } },
  });
  expect(changes[1]?.modules.get('b')).toBe(changes[0]?.modules.get('b'));
  PlayedSocket.last.say({ type: 'module', module: 'b', removed: true });
  vi.advanceTimersByTime(0);
  expect(log.at(-1)).toBe('some -b');
});

test('after a reconnect only what is behind is asked for', () => {
  const { stream, log } = connected();
  const b = stream.modules.get('b');
  PlayedSocket.last.say(up(2));
  reconnect();
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'resume', run: 'run-1', modules: { a: 2, b: 1 } }]);
  const modules = [entry('a', 3, ui(7)), { module: 'b', revision: 1 }];
  PlayedSocket.last.say({ type: 'snapshot', run: 'run-1', modules });
  expect(log.slice(-3)).toEqual(['lost', 'all a', 'connected']);
  expect(stream.modules.get('a')?.ui).toEqual(ui(7));
  expect(stream.modules.get('b')).toBe(b);
});

test('a patch that doesn’t fit is warned of once, and everything asked for whole; a reconnect goes by revisions', () => {
  const { stream, log, warn } = connected();
  PlayedSocket.last.say(MISFIT, MISFIT, up(3));
  vi.advanceTimersByTime(0);
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'resume' }]);
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('module a: operation 0'));
  expect(stream.modules.get('a')?.ui).toEqual(ui(0));
  // On its way before the server heard that.
  PlayedSocket.last.say({ ...up(2), module: 'b' } as PatchFrame);
  const modules = [entry('a', 3, ui(3)), entry('b', 2, ui(2))];
  PlayedSocket.last.say({ type: 'snapshot', run: 'run-1', modules });
  expect(log.at(-1)).toBe('all a b');
  expect(stream.modules.get('a')?.ui).toEqual(ui(3));
  reconnect();
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'resume', run: 'run-1', modules: { a: 3, b: 2 } }]);
});

test('a malformed frame is warned of once, and everything asked for; the connection stays', () => {
  const { stream, log, warn } = connected();
  PlayedSocket.last.bring(new Uint8Array([0xc1]).buffer);
  PlayedSocket.last.bring('text');
  PlayedSocket.last.say(up(2));
  vi.advanceTimersByTime(0);
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'resume' }]);
  expect(warn).toHaveBeenCalledOnce();
  expect(stream.modules.get('a')?.ui).toEqual(ui(0));
  PlayedSocket.last.say(snapshot('a'), up(2));
  vi.advanceTimersByTime(0);
  expect(stream.modules.get('a')?.ui).toEqual(ui(2));
  expect(log).toEqual(['connecting', 'all +a +b', 'connected', 'all a -b', 'some a']);
});

test('a server that only sends what doesn’t fit isn’t asked more often than once a second', () => {
  const { warn } = connected();
  for (let tenth = 0; tenth < 45; tenth++) {
    PlayedSocket.last.say(MISFIT, snapshot('a'), MISFIT);
    vi.advanceTimersByTime(100);
  }
  expect(PlayedSocket.last.heard().filter(({ type }) => type === 'resume')).toHaveLength(5);
  expect(warn).toHaveBeenCalledOnce();
});

test('what doesn’t fit while a snapshot is awaited comes with it', () => {
  connected();
  PlayedSocket.last.say(MISFIT);
  vi.advanceTimersByTime(0);
  expect(PlayedSocket.last.heard()).toHaveLength(1);
  PlayedSocket.last.say({ ...MISFIT, module: 'b' });
  vi.advanceTimersByTime(5_000);
  PlayedSocket.last.say(snapshot('a', 'b'));
  vi.advanceTimersByTime(5_000);
  expect(PlayedSocket.last.heard()).toEqual([]);
});

test('a snapshot that leaves out what isn’t known is asked for anew', () => {
  connected();
  const modules = [entry('a'), { module: 'x', revision: 1 }];
  PlayedSocket.last.say({ type: 'snapshot', run: 'run-1', modules });
  vi.advanceTimersByTime(0);
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'resume' }]);
});

test('what isn’t known yet is ignored', () => {
  const { stream, warn } = connected();
  const before = stream.modules;
  PlayedSocket.last.say({ type: 'weather' } as unknown as ServerFrame, { type: 'pong' });
  expect(stream.modules).toBe(before);
  expect(warn).not.toHaveBeenCalled();
});

test('asks after 15 s of silence, is dead 10 s later, and then tries by itself', () => {
  const { log } = connected();
  vi.advanceTimersByTime(15_000);
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'ping' }]);
  PlayedSocket.last.say({ type: 'pong' });
  vi.advanceTimersByTime(24_999);
  expect(log.at(-1)).toBe('connected');
  vi.advanceTimersByTime(1);
  expect(PlayedSocket.last.closed).toBe(true);
  expect(log.at(-1)).toBe('lost');
  vi.advanceTimersByTime(300);
  expect(PlayedSocket.all).toHaveLength(2);
});

test('an action is answered with its results, told of its progress, and after what it changed', async () => {
  const { stream, log } = connected();
  const onProgress = vi.fn();
  const acting = stream.act('a', 'save', { disk: 1 }, { form: { name: 'x' }, onProgress });
  const [frame] = PlayedSocket.last.heard();
  expect(frame).toEqual({
    type: 'action',
    id: 1,
    module: 'a',
    action: 'save',
    params: { disk: 1, __form__: { name: 'x' } },
  });
  PlayedSocket.last.say({ type: 'progress', id: 1, done: 1, total: 2, text: null });
  expect(onProgress).toHaveBeenCalledExactlyOnceWith({ done: 1, total: 2, text: null });
  PlayedSocket.last.say(up(2), { type: 'result', id: 1, results: [{ type: 'refresh' }] });
  expect(log.at(-1)).toBe('some a');
  await expect(acting).resolves.toEqual([{ type: 'refresh' }]);
});

test('answers find their actions, in whatever order they come', async () => {
  const { stream } = connected();
  const [one, two] = [stream.act('a', 'go'), stream.act('a', 'go')];
  PlayedSocket.last.say(
    { type: 'result', id: 7, results: [] },
    { type: 'result', id: 2, results: [{ n: 2 }] },
    { type: 'result', id: 1, results: [{ n: 1 }] },
  );
  expect(await Promise.all([one, two])).toEqual([[{ n: 1 }], [{ n: 2 }]]);
});

test('a refused action says why', async () => {
  const { stream } = connected();
  const acting = stream.act('a', 'save');
  const error = { status: 422, detail: 'Fields', errors: { port: 'Not a number' } };
  PlayedSocket.last.say({ type: 'result', id: 1, error });
  await expect(acting).rejects.toThrow(new ActionError(422, 'Fields', { port: 'Not a number' }));
  await expect(acting).rejects.toMatchObject(error);
});

test('an answer that can’t be read is one', async () => {
  const { stream } = connected();
  const acting = stream.act('a', 'save');
  PlayedSocket.last.say({ type: 'result', id: 1, results: 'x' } as unknown as ServerFrame);
  await expect(acting).rejects.toMatchObject({ name: 'ActionError', status: 502 });
});

test('what a callback throws goes to the console, and stops nothing', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const fail = () => {
    throw new Error('can’t draw it');
  };
  const on = { connection: fail, hello: fail, change: fail, setup: fail, setupLines: fail, notice: fail };
  const stream = connect({ url: 'ws://host/ws', WebSocket: PlayedSocket, warn: fail, on });
  PlayedSocket.last.open();
  const hello = { protocol: 2, version: '1', node: 'nas', session: 1, run: 'run-1', features: [] };
  PlayedSocket.last.say({ type: 'hello', ...hello }, snapshot('a'));
  expect(stream.connection.phase).toBe('connected');
  const [answered, lost] = [stream.act('a', 'save', {}, { onProgress: fail }), stream.act('a', 'save')];
  PlayedSocket.last.say(
    up(2),
    MISFIT,
    { type: 'setup', transaction: { id: 7 } },
    { type: 'setup_lines', transaction: 7, lines: [], next: 12, more: false },
    { type: 'notice', kind: 'unknown_type', text: 'What?' },
    { type: 'progress', id: 1, done: 1, total: 2, text: null },
    { type: 'result', id: 1, results: [] },
  );
  await expect(answered).resolves.toEqual([]);
  PlayedSocket.last.end(1006);
  await expect(lost).rejects.toEqual(new ConnectionLost(true));
  expect(stream.connection.phase).toBe('lost');
  vi.advanceTimersByTime(300);
  expect(PlayedSocket.all).toHaveLength(2);
  expect(log).toHaveBeenCalledWith(new Error('can’t draw it'));
});

test('what is too large for a frame isn’t sent', async () => {
  const { stream } = connected();
  await expect(stream.act('a', 'save', { text: 'x'.repeat(65_536) })).rejects.toMatchObject({ status: 413 });
  await expect(stream.act('a', 'save', { no: () => 1 })).rejects.toThrow('Unrecognized object');
  expect(PlayedSocket.last.heard()).toEqual([]);
});

test('a lost connection ends its actions, and none is sent again', async () => {
  const { stream } = connected();
  const acting = stream.act('a', 'save');
  reconnect();
  await expect(acting).rejects.toThrow(new ConnectionLost(true));
  await expect(acting).rejects.toMatchObject({ sent: true });
  expect(PlayedSocket.last.heard().map(({ type }) => type)).toEqual(['resume']);
});

test('an action waits for a connection that is being made, and for no other', async () => {
  const { stream } = start();
  const acting = stream.act('a', 'save');
  PlayedSocket.last.open();
  expect(PlayedSocket.last.heard().map(({ type }) => type)).toEqual(['resume', 'action']);
  PlayedSocket.last.say(snapshot('a'), { type: 'result', id: 1, results: [] });
  await expect(acting).resolves.toEqual([]);

  PlayedSocket.last.end(1006);
  await expect(stream.act('a', 'save')).rejects.toMatchObject({ name: 'ConnectionLost', sent: false });
  vi.advanceTimersByTime(300);
  const hoping = stream.act('a', 'save');
  PlayedSocket.last.end(1006);
  await expect(hoping).rejects.toMatchObject({ name: 'ConnectionLost', sent: false });
});

test('an aborted action is cancelled, and ends as the daemon says; one that wasn’t sent never is', async () => {
  const { stream } = start();
  const [early, late] = [new AbortController(), new AbortController()];
  const unsent = stream.act('a', 'save', {}, { signal: early.signal });
  const sent = stream.act('a', 'save', {}, { signal: late.signal });
  early.abort();
  await expect(unsent).rejects.toMatchObject({ name: 'AbortError' });
  PlayedSocket.last.open();
  PlayedSocket.last.say(snapshot('a'));
  PlayedSocket.last.heard();
  late.abort();
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'cancel', id: 2 }]);
  PlayedSocket.last.say({ type: 'result', id: 2, results: [{ type: 'notify', message: 'Cancelled' }] });
  await expect(sent).resolves.toMatchObject([{ message: 'Cancelled' }]);
  await expect(stream.act('a', 'save', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(PlayedSocket.last.heard()).toEqual([]);
});

test('an action that has ended lets go of its signal', async () => {
  const { stream } = connected();
  const { signal } = new AbortController();
  const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
  const acting = stream.act('a', 'save', {}, { signal });
  expect(remove).not.toHaveBeenCalled();
  PlayedSocket.last.say({ type: 'result', id: 1, results: [] });
  await acting;
  expect(remove).toHaveBeenCalledExactlyOnceWith('abort', add.mock.calls[0]?.[1]);
});

test('a new connection that was asked for goes unseen; the old one still answers, and ends then', async () => {
  const { stream, log } = connected();
  const acting = stream.act('a', 'slow');
  const old = PlayedSocket.last;
  stream.reconnect();
  expect(PlayedSocket.all).toHaveLength(2);
  expect(old.closed).toBe(false);
  PlayedSocket.last.open();
  PlayedSocket.last.say({ type: 'snapshot', run: 'run-2', modules: [entry('c')] });
  old.say(up(2));
  old.say({ type: 'result', id: 1, results: [] });
  await expect(acting).resolves.toEqual([]);
  expect(old.closed).toBe(true);
  expect([...stream.modules.keys()]).toEqual(['c']);
  expect(log).toEqual(['connecting', 'all +a +b', 'connected', 'all +c -a -b']);
});

test('a new connection that was asked for ends the old one at once if nothing is awaited of it', () => {
  const { stream } = connected();
  const old = PlayedSocket.last;
  stream.reconnect();
  expect(old.closed).toBe(true);
});

test('after a long sleep the old connection may live, and is waited for only as long as it answers', async () => {
  const { stream, log } = connected();
  const acting = stream.act('a', 'slow');
  const old = PlayedSocket.last;
  old.heard();
  vi.setSystemTime(Date.now() + 60_000);
  stream.wake();
  expect(old.heard()).toEqual([{ type: 'ping' }]);
  PlayedSocket.last.open();
  PlayedSocket.last.say(snapshot('a', 'b'));
  vi.advanceTimersByTime(9_999);
  old.say({ type: 'pong' });
  PlayedSocket.last.say({ type: 'pong' });
  vi.advanceTimersByTime(15_000);
  expect(old.heard()).toEqual([{ type: 'ping' }]);
  PlayedSocket.last.say({ type: 'pong' });
  expect(old.closed).toBe(false);
  vi.advanceTimersByTime(10_000);
  await expect(acting).rejects.toMatchObject({ name: 'ConnectionLost', sent: true });
  expect(old.closed).toBe(true);
  expect(log.filter((line) => line === 'lost')).toEqual([]);
});

test('an old connection that ends loses its actions, and nothing else', async () => {
  const { stream, log } = connected();
  const acting = stream.act('a', 'slow');
  const old = PlayedSocket.last;
  stream.reconnect();
  PlayedSocket.last.open();
  PlayedSocket.last.say(snapshot('a', 'b'));
  old.end(1006);
  await expect(acting).rejects.toMatchObject({ name: 'ConnectionLost', sent: true });
  expect(log.at(-1)).toBe('all a b');
  expect(stream.connection.phase).toBe('connected');
});

test('a page is asked for once, again at each connection, and when its module comes', () => {
  const { stream } = connected();
  stream.watchPage('x');
  stream.watchPage('x');
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'subscribe', page: 'x' }]);
  PlayedSocket.last.say({ type: 'module', ...entry('x') });
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'subscribe', page: 'x' }]);
  PlayedSocket.last.say({ type: 'module', ...entry('x', 2, ui(0, { page: { type: 'stack' } })) });
  expect(PlayedSocket.last.heard()).toEqual([]);
  expect(stream.modules.get('x')?.ui?.page).toEqual({ type: 'stack' });

  reconnect();
  expect(PlayedSocket.last.heard()).toEqual([
    { type: 'resume', run: 'run-1', modules: { a: 1, b: 1 } },
    { type: 'subscribe', page: 'x' },
  ]);
  PlayedSocket.last.say(snapshot('a', 'b', 'x'));
  stream.watchPage(null);
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'subscribe', page: null }]);
  reconnect();
  expect(PlayedSocket.last.heard().map(({ type }) => type)).toEqual(['resume']);
});

test('setup is asked for again at each connection, after the last line that is here whole', () => {
  const { stream, log } = connected();
  let last = 0;
  stream.watchSetup({ transaction: 7, after: () => last });
  expect(PlayedSocket.last.heard()).toEqual([{ type: 'subscribe', setup: { transaction: 7, after: 0 } }]);
  PlayedSocket.last.say(
    { type: 'setup', transaction: { id: 7 } },
    { type: 'setup_lines', transaction: 7, lines: [], next: 12, more: false },
    { type: 'notice', kind: 'unknown_type', text: 'What?' },
  );
  expect(log.slice(-3)).toEqual(['setup 7', 'lines 12', 'notice unknown_type']);
  last = 12;
  reconnect();
  expect(PlayedSocket.last.heard()).toContainEqual({
    type: 'subscribe',
    setup: { transaction: 7, after: 12 },
  });
  stream.watchSetup({ transaction: null, after: () => 0 });
  stream.watchSetup(null);
  expect(PlayedSocket.last.heard()).toEqual([
    { type: 'subscribe', setup: {} },
    { type: 'subscribe', setup: null },
  ]);
});

test('signed out is the end, and loses actions', async () => {
  const { stream, log } = connected();
  const acting = stream.act('a', 'go');
  PlayedSocket.last.end(4401);
  await expect(acting).rejects.toBeInstanceOf(ConnectionLost);
  vi.advanceTimersByTime(60_000);
  expect(log.at(-1)).toBe('signed out');
  expect(PlayedSocket.all).toHaveLength(1);
});

test('a refused socket asks for the session: signed out is the end, silence is not', async () => {
  const { log, probe } = start();
  PlayedSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(['connecting', 'lost']);
  probe.mockResolvedValue('signed-out');
  await vi.advanceTimersByTimeAsync(300);
  PlayedSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log.at(-1)).toBe('signed out');
  expect(PlayedSocket.all).toHaveLength(2);
});

test('a try that throws has failed; the first one is the caller’s mistake', async () => {
  const url = vi.fn(() => 'ws://host/ws');
  const stream = connect({ url, WebSocket: PlayedSocket });
  PlayedSocket.last.open();
  PlayedSocket.last.say(snapshot('a'));
  url.mockImplementation(() => {
    throw new Error('no host yet');
  });
  PlayedSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(300);
  expect(stream.connection.phase).toBe('lost');
  url.mockReturnValue('ws://other/ws');
  await vi.advanceTimersByTimeAsync(600);
  expect(PlayedSocket.last.url).toBe('ws://other/ws');

  const never = () => {
    throw new Error('no host');
  };
  expect(() => connect({ url: never, WebSocket: PlayedSocket })).toThrow('no host');
});

test('a probe that fails says nothing: it is tried again', async () => {
  const { stream, probe } = start();
  probe.mockRejectedValue(new TypeError('Failed to fetch'));
  PlayedSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(0);
  expect(stream.connection.phase).toBe('lost');
  await vi.advanceTimersByTimeAsync(300);
  expect(PlayedSocket.all).toHaveLength(2);
});

test('the error of a socket that didn’t open is heard, also when it is given up on', async () => {
  start();
  expect(() => PlayedSocket.last.end(1006)).not.toThrow();
  await vi.advanceTimersByTimeAsync(300);
  expect(PlayedSocket.all).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(PlayedSocket.all[1]?.closed).toBe(true);
});

test('without any WebSocket the error names the option', () => {
  vi.stubGlobal('WebSocket', undefined);
  expect(() => connect({ url: 'ws://host/ws' })).toThrow('the option `WebSocket`');
  vi.unstubAllGlobals();
});

test('retry() and wake() cut the wait short', () => {
  const { stream } = connected();
  PlayedSocket.last.end(1001);
  stream.retry();
  expect(PlayedSocket.all).toHaveLength(2);
  PlayedSocket.last.open();
  PlayedSocket.last.say(snapshot('a'));
  PlayedSocket.last.end(1001);
  stream.wake();
  expect(PlayedSocket.all).toHaveLength(3);
});

test('after close() nothing happens any more', async () => {
  const { stream, log } = connected();
  const acting = stream.act('a', 'go');
  PlayedSocket.last.say(up(2));
  stream.close();
  await expect(acting).rejects.toBeInstanceOf(ConnectionLost);
  vi.advanceTimersByTime(60_000);
  expect(PlayedSocket.all).toHaveLength(1);
  expect(log.at(-1)).toBe('connected');
});
