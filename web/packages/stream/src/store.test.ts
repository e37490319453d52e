import { expect, test } from 'vitest';
import { entry, info, ui } from './played.samples.ts';
import type { StateFrame } from './protocol.ts';
import { doubtAll, initialState, reduce, resumeOf, type StreamState } from './store.ts';

const WHOLE: StateFrame = { type: 'snapshot', run: 'r', modules: [entry('a', 3), entry('c', 5)] };
const UP: StateFrame = {
  type: 'patch',
  module: 'a',
  revision: 4,
  at: '/tile',
  ops: [{ op: 'replace', path: '/count', value: 1 }],
};

/** Plays frames; answers the last state and every fault. */
function play(frames: readonly StateFrame[], from: StreamState = initialState) {
  const faults: string[] = [];
  const state = frames.reduce((before, frame) => {
    const { state, fault } = reduce(before, frame);
    if (fault !== null) faults.push(fault);
    return state;
  }, from);
  return { state, faults };
}

test('a snapshot, then patches: what didn’t change stays the same object', () => {
  const before = play([WHOLE]).state;
  const { state, faults } = play([UP], before);
  const [old, now] = [before.modules.get('a'), state.modules.get('a')];
  expect(faults).toEqual([]);
  expect(now).toMatchObject({ revision: 4, ui: { tile: { count: 1 } } });
  expect(old).toMatchObject({ revision: 3, ui: { tile: { count: 0 } } });
  expect(now?.info).toBe(old?.info);
  expect(now?.ui?.modals).toBe(old?.ui?.modals);
  expect(state.modules.get('c')).toBe(before.modules.get('c'));
  expect(resumeOf(state)).toEqual({ type: 'resume', run: 'r', modules: { a: 4, c: 5 } });
});

test('a snapshot leaves alone what it only names, and drops what it doesn’t', () => {
  const before = play([WHOLE]).state;
  const again: StateFrame = { type: 'snapshot', run: 'r', modules: [{ module: 'a', revision: 3 }] };
  const { state, faults } = play([again], before);
  expect(faults).toEqual([]);
  expect([...state.modules.keys()]).toEqual(['a']);
  expect(state.modules.get('a')).toBe(before.modules.get('a'));
});

test.each([
  ['of another run', { type: 'snapshot', run: 'other', modules: [{ module: 'a', revision: 3 }] }],
  ['of a module that isn’t known', { type: 'snapshot', run: 'r', modules: [{ module: 'x', revision: 3 }] }],
] satisfies [string, StateFrame][])(
  'a snapshot that names only the revision %s is asked for anew',
  (_, frame) => {
    const { state, faults } = play([WHOLE, frame]);
    expect(faults).toHaveLength(1);
    expect(resumeOf(state)).toEqual({ type: 'resume', run: frame.run, modules: {} });
  },
);

test('modules come, change and go; a new one stands where its name sorts', () => {
  const added: StateFrame = { type: 'module', ...entry('b') };
  const renamed: StateFrame = {
    type: 'module',
    module: 'a',
    revision: 9,
    info: info({ display_name: 'Z' }),
  };
  const before = play([WHOLE, added]).state;
  expect([...before.modules.keys()]).toEqual(['a', 'b', 'c']);
  const { state, faults } = play([renamed, { type: 'module', module: 'c', removed: true }], before);
  expect(faults).toEqual([]);
  expect([...state.modules.keys()]).toEqual(['a', 'b']);
  expect(state.modules.get('a')).toMatchObject({ revision: 9, info: { display_name: 'Z' } });
  expect(state.modules.get('a')?.ui).toBe(before.modules.get('a')?.ui);
});

test.each([
  ['doesn’t fit', { ...UP, ops: [{ op: 'remove', path: '/nothing' }] }],
  ['leaves no UI', { ...UP, at: '', ops: [{ op: 'remove', path: '/modals' }] }],
] satisfies [string, StateFrame][])(
  'a patch that %s: nothing of it counts, and the module is asked for',
  (_, bad) => {
    const before = play([WHOLE]).state;
    const { state, faults } = play([bad], before);
    expect(faults).toEqual([expect.stringContaining('module a')]);
    expect(state.modules.get('a')).toBe(before.modules.get('a'));
    expect(resumeOf(state)).toEqual({ type: 'resume', run: 'r', modules: { c: 5 } });

    // What comes before the module is here whole is about a state that we don’t have.
    const deaf = play([UP, { type: 'module', module: 'a', revision: 5, info: info() }], state);
    expect(deaf).toEqual({ state, faults: [] });
    const healed = play([{ type: 'module', ...entry('a', 6) }], state);
    expect(resumeOf(healed.state)).toEqual({ type: 'resume', run: 'r', modules: { a: 6, c: 5 } });
  },
);

test.each([
  ['a patch', { ...UP, module: 'x' }],
  ['a module without its UI', { type: 'module', module: 'x', revision: 1, info: info() }],
] satisfies [string, StateFrame][])('%s of a module that isn’t known is asked for anew', (_, frame) => {
  const { state, faults } = play([WHOLE, frame]);
  expect(faults).toHaveLength(1);
  expect([...state.modules.keys()]).toEqual(['a', 'c']);
  expect(state.doubted).toEqual(new Set(['x']));
});

test('all can be asked for anew; what is known stays until it comes', () => {
  const before = play([WHOLE]).state;
  const doubted = doubtAll(before);
  expect(resumeOf(doubted)).toEqual({ type: 'resume' });
  expect(doubted.modules).toBe(before.modules);
  expect(play([UP], doubted).state).toBe(doubted);
  expect(play([WHOLE], doubted).state.doubted.size).toBe(0);
});

test('a module whose page is here is asked for whole', () => {
  const paged = entry('a', 1, ui(0, { page: null }));
  const { state } = play([{ type: 'snapshot', run: 'r', modules: [paged, entry('b')] }]);
  expect(resumeOf(state)).toEqual({ type: 'resume', run: 'r', modules: { b: 1 } });
});

test('a module may be called like what objects have by birth', () => {
  const { state } = play([
    { type: 'snapshot', run: 'r', modules: [entry('__proto__', 2), entry('constructor', 3)] },
  ]);
  expect(Object.entries(resumeOf(state).modules ?? {})).toEqual([
    ['__proto__', 2],
    ['constructor', 3],
  ]);
});
