import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseLanguage } from '../i18n/language';
import type { ServerFrame, WireSnapshot } from './protocol';
import type { Connection } from './transport';
import { TransportV1, type Socket } from './v1';

class FakeSocket implements Socket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  binaryType = 'blob';
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  readyState = 0;
  readonly sent: Uint8Array[] = [];
  closed = false;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  frame(frame: ServerFrame): void {
    this.raw(encode(frame).slice().buffer);
  }

  raw(data: unknown): void {
    this.onmessage?.({ data });
  }

  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const module = (name: string): WireSnapshot => ({
  name,
  display_name: name,
  enabled: true,
  initialized: true,
  ui: null,
});
const fullState = (...names: string[]): ServerFrame => ({
  type: 'full_state',
  modules: names.map(module),
  active_modal: null,
  timestamp: '',
});

function setUp() {
  const log: string[] = [];
  const states: Connection[] = [];
  const answers: Response[] = [];
  const page = new EventTarget();
  const fetch = vi.fn(async (_path: string, _init: RequestInit) => {
    const answer = answers.shift();
    if (!answer) throw new TypeError('Failed to fetch');
    return answer;
  });
  const transport = new TransportV1(
    {
      state: (connection) => {
        states.push(connection);
        log.push(connection.phase);
      },
      modules: (all) => log.push(`modules ${all.map(({ name }) => name).join(' ')}`),
      module: ({ name }) => log.push(`module ${name}`),
      setup: ({ id }) => log.push(`setup ${String(id)}`),
      setupLines: ({ lines }) => log.push(`lines ${lines.map(({ number }) => number).join(' ')}`),
      signedOut: () => log.push('signed out'),
    },
    { url: 'ws://host/ws', WebSocket: FakeSocket, fetch, random: () => 1, page, visible: () => true },
  );
  return { transport, log, states, answers, fetch, page };
}

function connected() {
  const all = setUp();
  all.transport.connect();
  FakeSocket.last.open();
  FakeSocket.last.frame(fullState('a', 'b'));
  return all;
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => {
  vi.useRealTimers();
});

test('connects, shows the full state and then updates', () => {
  const { log } = connected();
  FakeSocket.last.frame({ type: 'module_ui', module: 'b', ...module('b'), timestamp: '' });
  expect(FakeSocket.last.url).toBe('ws://host/ws');
  expect(FakeSocket.last.binaryType).toBe('arraybuffer');
  expect(log).toEqual(['connecting', 'modules a b', 'connected', 'module b']);
});

test('notices a server that went silent within 5 s, and reconnects by itself', () => {
  const { log } = connected();
  const first = FakeSocket.last;
  vi.advanceTimersByTime(5_000);
  expect(first.sent.length).toBeGreaterThan(0);
  expect(first.closed).toBe(true);
  expect(log.at(-1)).toBe('lost');
  vi.advanceTimersByTime(300);
  expect(FakeSocket.all).toHaveLength(2);
  FakeSocket.last.open();
  FakeSocket.last.frame(fullState('a'));
  expect(log.slice(-3)).toEqual(['connecting', 'modules a', 'connected']);
});

test('stays connected for as long as pings are answered', () => {
  const { log } = connected();
  for (let second = 0; second < 60; second++) {
    vi.advanceTimersByTime(1_000);
    FakeSocket.last.frame({ type: 'pong', timestamp: '' });
  }
  expect(FakeSocket.all).toHaveLength(1);
  expect(log.at(-1)).toBe('connected');
});

test('what cannot be decoded is dropped and the connection stays', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const { log } = connected();
  FakeSocket.last.raw(new Uint8Array([0xc1]).buffer);
  FakeSocket.last.raw('text');
  FakeSocket.last.raw(new Uint8Array([0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0x01]).buffer);
  expect(warn).toHaveBeenCalledTimes(2);
  expect(log.at(-1)).toBe('connected');
});

test('a refused socket asks for the session: 401 is the end, silence is not', async () => {
  const { transport, log, answers, fetch } = setUp();
  transport.connect();
  FakeSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(0);
  expect(fetch).toHaveBeenCalledWith('/api/auth/session', expect.objectContaining({ method: 'GET' }));
  expect(log).toEqual(['connecting', 'lost']);

  answers.push(new Response('{}', { status: 401 }));
  await vi.advanceTimersByTimeAsync(300);
  FakeSocket.last.end(1006);
  await vi.advanceTimersByTimeAsync(0);
  expect(log.at(-1)).toBe('signed out');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSocket.all).toHaveLength(2);
});

test('4401 is the end', () => {
  const { log } = connected();
  FakeSocket.last.end(4401);
  vi.advanceTimersByTime(60_000);
  expect(log.at(-1)).toBe('signed out');
  expect(FakeSocket.all).toHaveLength(1);
});

test.each(['online', 'pageshow', 'visibilitychange'])('%s cuts the wait short', (name) => {
  const { page } = connected();
  FakeSocket.last.end(1001);
  page.dispatchEvent(new Event(name));
  expect(FakeSocket.all).toHaveLength(2);
});

test('a refresh goes unseen', () => {
  const { transport, log } = connected();
  const first = FakeSocket.last;
  transport.refresh();
  FakeSocket.last.open();
  FakeSocket.last.frame(fullState('c'));
  expect(first.closed).toBe(true);
  expect(log).toEqual(['connecting', 'modules a b', 'connected', 'modules c']);
});

test('after close() nothing happens any more', () => {
  const { transport, log, page } = connected();
  transport.close();
  page.dispatchEvent(new Event('online'));
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
  expect(log.at(-1)).toBe('connected');
});

test('an action posts its parameters and gives its results', async () => {
  const { transport, answers, fetch } = setUp();
  answers.push(Response.json({ success: true, results: [{ type: 'refresh' }, { type: 'dance' }] }));
  await expect(transport.act('my_module', 'say', { word: 'hi' }, null)).resolves.toEqual([
    { kind: 'refresh' },
  ]);
  const [path, init] = fetch.mock.calls[0] ?? [];
  expect(path).toBe('/api/modules/my_module/action/say');
  expect(init).toMatchObject({ method: 'POST', body: '{"word":"hi"}' });
});

test('fields go beside the parameters; what is wrong with them comes back by name', async () => {
  const { transport, answers, fetch } = setUp();
  const errors = { port: 'Not a number', odd: 7 };
  answers.push(Response.json({ title: 'Fields', errors }, { status: 422 }));
  await expect(transport.act('m', 'save', { id: 1 }, { port: 'x', on: true })).rejects.toMatchObject({
    status: 422,
    errors: { port: 'Not a number', odd: '7' },
  });
  expect(fetch.mock.calls[0]?.[1].body).toBe('{"id":1,"__form__":{"port":"x","on":true}}');
});

test('the watched page is asked for once, and again after a reconnect', () => {
  const { transport } = connected();
  const said = () => FakeSocket.last.sent.map((bytes) => decode(bytes));
  transport.watch('a');
  transport.watch('a');
  expect(said()).toEqual([{ type: 'watch', page: 'a' }]);
  FakeSocket.last.end(1006);
  vi.advanceTimersByTime(300);
  FakeSocket.last.open();
  expect(said()).toEqual([{ type: 'watch', page: 'a' }]);
  transport.watch(null);
  expect(said()).toEqual([
    { type: 'watch', page: 'a' },
    { type: 'watch', page: null },
  ]);
  transport.refresh();
  FakeSocket.last.open();
  expect(said()).toEqual([]);
});

test('a failed action says what the server said', async () => {
  const { transport, answers } = setUp();
  answers.push(Response.json({ title: 'Bad Request', detail: 'Module ‘x’ is not enabled' }, { status: 400 }));
  await expect(transport.act('x', 'y', {}, null)).rejects.toMatchObject({
    name: 'ApiError',
    status: 400,
    message: 'Module ‘x’ is not enabled',
  });
  await expect(transport.act('x', 'y', {}, null)).rejects.toMatchObject({ status: 0 });
  answers.push(Response.json({ detail: [{ msg: 'Field required', loc: ['body'] }] }, { status: 422 }));
  await expect(transport.act('x', 'y', {}, null)).rejects.toMatchObject({ message: 'Field required' });
  answers.push(new Response('<html>', { status: 502 }));
  await expect(transport.act('x', 'y', {}, null)).rejects.toMatchObject({
    message: 'The server answered 502.',
  });
});

test('a connection speaks the language that was chosen when it was opened', () => {
  const { transport } = connected();
  chooseLanguage('fr-CA');
  transport.refresh();
  expect(FakeSocket.last.url).toBe('ws://host/ws?language=fr-CA');
  FakeSocket.last.open();
  chooseLanguage(null);
  transport.refresh();
  expect(FakeSocket.last.url).toBe('ws://host/ws');
});

test('setup is asked for again at each connection, after the last line that is here whole', () => {
  const { transport, log } = connected();
  let last = 0;
  transport.watchSetup({ transaction: 7, after: () => last });
  const sent = () => FakeSocket.last.sent.map((bytes) => decode(bytes));
  expect(sent()).toContainEqual({ type: 'watch_setup', transaction: 7, after: 0 });
  FakeSocket.last.frame({ type: 'setup', transaction: { id: 7 } });
  FakeSocket.last.frame({
    type: 'setup_lines',
    transaction: 7,
    lines: [{ number: 12 }],
    next: 12,
    more: false,
  });
  expect(log.slice(-2)).toEqual(['setup 7', 'lines 12']);
  last = 12;
  FakeSocket.last.end(1006);
  vi.advanceTimersByTime(300);
  FakeSocket.last.open();
  expect(sent()).toContainEqual({ type: 'watch_setup', transaction: 7, after: 12 });
  transport.watchSetup(null);
  expect(sent().at(-1)).toEqual({ type: 'watch_setup', stop: true });
  expect(sent().filter((frame) => JSON.stringify(frame).includes('watch_setup'))).toHaveLength(2);
});
