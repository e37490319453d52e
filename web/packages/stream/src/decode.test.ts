import { encode } from '@msgpack/msgpack';
import { expect, test } from 'vitest';
import { decodeFrame, frameOf } from './decode.ts';
import { entry, info, snapshot, ui } from './played.samples.ts';
import type { ServerFrame } from './protocol.ts';

const problem = { kind: 'exit', title: 'Ended', detail: null, traceback: 'T', retry_in_ms: 1500 };
const progress = { done: 1, total: 2.5, text: 'Copying' };

const FRAMES: readonly ServerFrame[] = [
  { type: 'hello', protocol: 2, version: '0.1.0', node: 'nas', session: 1, run: 'r', features: ['x'] },
  snapshot('a'),
  { type: 'snapshot', run: 'r', modules: [{ module: 'a', revision: 1 }, entry('b', 2, null)] },
  { type: 'module', module: 'a', removed: true },
  {
    type: 'module',
    module: 'a',
    revision: 1,
    info: info({
      problem,
      preparing: progress,
      running: [{ call: 7, action: 'copy', params: { disk: 'sda' }, progress }],
    }),
    ui: ui(1, { page: null }),
  },
  { type: 'patch', module: 'a', revision: 1, ops: [{ op: 'remove', path: '/0' }], at: '/tile' },
  { type: 'result', id: 1, results: [{ type: 'refresh' }] },
  { type: 'result', id: 1, error: { status: 422, detail: 'No', errors: { port: 'Not a number' } } },
  { type: 'progress', id: 1, done: null, total: null, text: null },
  { type: 'setup', transaction: { id: 7 } },
  { type: 'setup_lines', transaction: 7, lines: [{ number: 1 }], next: 1, more: false },
  { type: 'notice', kind: 'unknown_type', text: 'What?' },
  { type: 'pong' },
];

const bytes = (value: unknown) => encode(value).slice().buffer;

test.each(FRAMES)('$type is read as it was written, whatever else is in it', (frame) => {
  expect(decodeFrame(bytes(frame))).toEqual(frame);
  expect(frameOf({ ...frame, later: 1 })).toEqual({ ...frame, later: 1 });
});

/** What is anybody’s inside: operations are checked as they are applied, the rest is a matter of whoever reads it. */
const ANYBODYS = ['ops/0', 'results/0', 'transaction', 'lines/0', 'ui/tile', 'info/running/0/params'];
/** What may be anything, and what is no field of its own. */
const ANYTHING = ['ui/tile', 'ui/page', 'type', 'removed'];

const endsWith = (path: string, ends: readonly string[]) => ends.some((end) => path.endsWith(`/${end}`));

/** The value with each of its parts in turn of a type that none of them has. */
function* spoilt(value: object, path = ''): Generator<[path: string, spoilt: unknown]> {
  for (const [key, inner] of Object.entries(value)) {
    const here = `${path}/${key}`;
    const put = (other: unknown) =>
      Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
    if (!endsWith(here, ANYTHING)) yield [here, put(new Date(0))];
    if (typeof inner !== 'object' || inner === null || endsWith(here, ANYBODYS)) continue;
    for (const [deeper, wrong] of spoilt(inner, here)) yield [deeper, put(wrong)];
  }
}

test.each(FRAMES)('$type with a field of another type is malformed, and says which', (frame) => {
  for (const [path, wrong] of spoilt(frame)) {
    expect(frameOf(wrong), path).toMatchObject({
      type: 'malformed',
      reason: `${path.split('/')[1] ?? ''} of a ${frame.type} frame isn’t what it is to be`,
    });
  }
});

test('a malformed answer says whose it was to be', () => {
  expect(frameOf({ type: 'result', id: 4 })).toMatchObject({ type: 'malformed', id: 4 });
});

test('a type that isn’t known is no fault', () => {
  expect(frameOf({ type: 'weather', module: 7 })).toEqual({ type: 'unknown' });
  expect(frameOf({ type: 'constructor' })).toEqual({ type: 'unknown' });
});

test.each([
  ['text', 'x'],
  ['no MessagePack', new Uint8Array([0xc1]).buffer],
  ['cut off', bytes(FRAMES[0]).slice(0, -1)],
  ['nothing', new ArrayBuffer(0)],
  ['no map', bytes([1])],
  ['no type', bytes({ kind: 'hello' })],
  ['a type that is no text', bytes({ type: 1 })],
])('%s is malformed', (_, data) => {
  expect(decodeFrame(data)).toMatchObject({
    type: 'malformed',
    reason: expect.stringContaining('a message'),
  });
});
