import { expect, test } from 'vitest';
import samples from '../../../../tests/golden/patch.json';
import { applyPatch, PatchError, type Operation } from './patch.ts';

interface Sample {
  readonly name: string;
  readonly before: unknown;
  readonly after?: unknown;
  readonly at: string;
  readonly ops: readonly Operation[];
  readonly error?: { readonly op: number; readonly reason: string };
}

const SAMPLES = samples as unknown as readonly Sample[];
const ops = (...operations: Operation[]) => operations;

/** So that whatever writes to it throws. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

test.each(SAMPLES.filter(({ error }) => !error))('golden: $name', ({ before, after, at, ops }) => {
  expect(applyPatch(freeze(before), freeze(ops), at)).toEqual(after);
});

test.each(SAMPLES.filter(({ error }) => error))('golden: $name', ({ before, at, ops, error }) => {
  const apply = () => applyPatch(freeze(before), freeze(ops), at);
  expect(apply).toThrow(PatchError);
  expect(apply).toThrow(expect.objectContaining(error));
});

test('what a patch doesn’t touch is shared, what it touches is new', () => {
  const before = freeze({ tile: { stats: [{ value: 1 }, { value: 2 }], note: {} }, modals: [] });
  const after = applyPatch(before, ops({ op: 'replace', path: '/stats/1/value', value: 3 }), '/tile');
  const { tile, modals } = after as typeof before;
  expect(modals).toBe(before.modals);
  expect(tile).not.toBe(before.tile);
  expect(tile.note).toBe(before.tile.note);
  expect(tile.stats[0]).toBe(before.tile.stats[0]);
  expect(tile.stats[1]).toEqual({ value: 3 });
});

test('a patch that only tests gives back the same document', () => {
  const document = freeze({ a: [1] });
  expect(applyPatch(document, ops({ op: 'test', path: '/a/0', value: 1 }))).toBe(document);
});

test('__proto__ is a key like any other', () => {
  const before: unknown = JSON.parse('{"__proto__": {"a": 1}}');
  const after = applyPatch(
    before,
    ops(
      { op: 'add', path: '/__proto__/polluted', value: true },
      { op: 'add', path: '/in', value: {} },
      { op: 'add', path: '/in/__proto__', value: { polluted: true } },
    ),
  );
  expect(JSON.stringify(after)).toBe(
    '{"__proto__":{"a":1,"polluted":true},"in":{"__proto__":{"polluted":true}}}',
  );
  expect({}).not.toHaveProperty('polluted');
  expect(() => applyPatch({}, ops({ op: 'add', path: '/__proto__/polluted', value: true }))).toThrow(
    PatchError,
  );
});
