/** A module's log over daemons and connections: nothing twice, nothing missing without a word. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeLog, type ModuleLine } from '../api/logs';
import { continued, ModuleLog } from './module-log.svelte';
import { Session } from './session.svelte';

const wire = (seq: number, minute = 0) => ({
  seq,
  time: new Date(Date.UTC(2026, 10, 22, 12, minute, seq)).toISOString(),
  source: 'log',
  level: 'info',
  logger: 'm',
  message: `line ${String(seq)}`,
  traceback: null,
});
const lines = (...seqs: number[]) => decodeLog({ lines: seqs.map((seq) => wire(seq)) }).lines;
const told = (last: ModuleLine | undefined, ...seqs: number[]) =>
  continued(last ?? null, lines(...seqs)).map((entry) => {
    if (entry.kind === 'line') return entry.line.seq;
    return entry.kind === 'gap' ? `${String(entry.missing)} missing` : entry.kind;
  });

test('what is known is left out, what is missing is told, and another daemon’s lines are all new', () => {
  const [, , three] = lines(1, 2, 3);
  expect(told(undefined, 1, 2)).toEqual([1, 2]);
  expect(told(undefined, 11, 12)).toEqual(['10 missing', 11, 12]);
  expect(told(three, 4, 5)).toEqual([4, 5]);
  expect(told(three, 2, 3, 4)).toEqual([4]);
  expect(told(three, 2, 3)).toEqual([]);
  expect(told(three, 9)).toEqual(['5 missing', 9]);
  expect(told(three, 1, 2)).toEqual(['anew', 1, 2]);
  const other = decodeLog({ lines: [wire(2, 5), wire(3, 5), wire(4, 5)] }).lines;
  expect(continued(three ?? null, other).map(({ kind }) => kind)).toEqual([
    'anew',
    'gap',
    'line',
    'line',
    'line',
  ]);
});

test('junk is left out, and what is unknown of a line is as usual', () => {
  const part = decodeLog({ lines: [null, { seq: 'x' }, { seq: 1, level: 'loud', message: 7 }] });
  expect(part.lines).toEqual([
    { seq: 1, at: null, level: 'info', logger: '', message: '7', traceback: null },
  ]);
  expect(part.next).toBe(1);
  expect(decodeLog(null)).toEqual({ lines: [], next: 0 });
});

/** The path of each request, and how it is answered. */
const requests: { path: string; signal: AbortSignal; answer: (body: object, status?: number) => void }[] = [];

beforeEach(() => {
  requests.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal('fetch', (path: string, { signal }: { signal: AbortSignal }) => {
    return new Promise<Response>((resolve, reject) => {
      const answer = (body: object, status = 200) =>
        resolve({ ok: status === 200, status, json: async () => body } as Response);
      requests.push({ path, signal, answer });
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function setUp() {
  const session = new Session();
  session.status = 'signed-in';
  const heard: string[] = [];
  const log = new ModuleLog('a b', session, ({ message }) => heard.push(message));
  const seqs = () => log.entries?.map((entry) => (entry.kind === 'line' ? entry.line.seq : entry.kind));
  return { log, heard, seqs, session };
}

/** Of the request that nobody has answered yet. */
async function answer(body: object, status?: number): Promise<void> {
  requests.at(-1)?.answer(body, status);
  await vi.advanceTimersByTimeAsync(0);
}

test('the latest lines come at once, then each new one; what was there before isn’t heard', async () => {
  const { log, heard, seqs } = setUp();
  const end = log.follow();
  expect(requests[0]?.path).toBe('/api/modules/a%20b/logs');
  await answer({ lines: [wire(1), wire(2)], next: 2 });
  expect(seqs()).toEqual([1, 2]);
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(requests[1]?.path).toBe('/api/modules/a%20b/logs?after=2&wait=30');
  await answer({ lines: [wire(3)], next: 3 });
  await vi.advanceTimersByTimeAsync(500);
  expect(requests[2]?.path).toContain('after=3');
  expect([seqs(), heard]).toEqual([[1, 2, 3], ['line 3']]);
  end();
  expect(requests[2]?.signal.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(requests).toHaveLength(3);
  expect(log.trouble).toBeNull();
});

test('after a lost connection nothing is there twice, and what was missed is', async () => {
  const { log, seqs } = setUp();
  log.follow()();
  const end = log.follow();
  await answer({ lines: [wire(1)], next: 1 });
  end();
  log.follow();
  expect(requests.at(-1)?.path).not.toContain('after');
  await answer({ lines: [wire(1), wire(2)], next: 2 });
  expect(seqs()).toEqual([1, 2]);
});

test('no module of that name, and one that can’t run, are told apart; then it may be followed after all', async () => {
  const { log, seqs } = setUp();
  log.follow();
  await answer({ detail: 'no such module' }, 404);
  expect([log.none, log.trouble]).toEqual([true, null]);
  log.follow();
  await answer({ detail: 'not for this machine' }, 409);
  expect([log.none, log.trouble?.message]).toEqual([false, 'not for this machine']);
  log.follow();
  await answer({ lines: [], next: 0 });
  expect([log.none, log.trouble, seqs()]).toEqual([false, null, []]);
});

test('a page that is open for days keeps the latest lines', async () => {
  const { log, seqs } = setUp();
  log.follow();
  await answer({ lines: [], next: 0 });
  for (let from = 1; from < 25_000; from += 1_000) {
    await vi.advanceTimersByTimeAsync(500);
    const part = Array.from({ length: 1_000 }, (_, at) => wire(from + at));
    await answer({ lines: part, next: from + 999 });
  }
  expect(seqs()?.at(-1)).toBe(25_000);
  expect(seqs()?.length).toBeLessThanOrEqual(20_000);
  expect(seqs()?.length).toBeGreaterThanOrEqual(19_000);
  expect(new Set(log.entries?.map(({ key }) => key)).size).toBe(seqs()?.length);
});
