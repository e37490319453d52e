import { expect, test } from 'vitest';
import type { Layout } from '../transport/layout';
import { Arranging, type ArrangedTile } from './arranging.svelte';
import { arranged, isSame } from './layout';

const MODULES = ['a', 'b', 'c', 'd', 'e'];

/** Five tiles, of which `saved` says what would have been kept. */
function setUp(columns = 3) {
  const saved: Layout[] = [];
  const arrangement = {
    layout: [] as Layout,
    taken: [] as Layout,
    preview(layout: Layout) {
      this.layout = layout;
    },
    async change(layout: Layout) {
      if (!isSame(layout, saved.at(-1) ?? this.taken)) saved.push(layout);
      this.layout = layout;
    },
  };
  const tiles = (): ArrangedTile[] =>
    arranged(arrangement.layout, MODULES).map(({ module, size, hidden }) => ({
      module,
      title: module.toUpperCase(),
      size: size ?? { columns: 1, rows: 1 },
      hidden,
    }));
  const shown = () =>
    tiles()
      .filter(({ hidden }) => !hidden)
      .map(({ module }) => module)
      .join('');
  return { arranging: new Arranging(arrangement, tiles, () => columns), arrangement, shown, saved };
}

test('each step is kept at once and said with its place', () => {
  const { arranging, shown, saved } = setUp();
  arranging.step('a', 'later');
  expect(shown()).toBe('bacde');
  expect(arranging.said).toBe('A, position 2 of 5, 1 column wide, 1 row high');
  arranging.step('a', 'down');
  expect(shown()).toBe('bcdea');
  arranging.grow('a', 'wider');
  expect(arranging.said).toBe('A, position 5 of 5, 2 columns wide, 1 row high');
  expect(saved).toHaveLength(3);
});

test('what isn’t possible is known beforehand', () => {
  const { arranging } = setUp(1);
  expect(arranging.canStep('a', 'earlier')).toBe(false);
  expect(arranging.canStep('a', 'later')).toBe(true);
  expect(arranging.canStep('e', 'later')).toBe(false);
  expect(arranging.canGrow('a', 'wider')).toBe(false);
  expect(arranging.canGrow('a', 'taller')).toBe(true);
  expect(arranging.canGrow('a', 'shorter')).toBe(false);
});

test('what is picked up is put down where it is, or taken back with all its steps', () => {
  const { arranging, arrangement, shown } = setUp();
  arranging.pickUp('e');
  expect(arranging.held).toBe('e');
  arranging.step('e', 'up');
  arranging.grow('e', 'taller');
  expect(shown()).toBe('aebcd');
  arranging.takeBack();
  expect(shown()).toBe('abcde');
  expect(arrangement.layout.every(({ size }) => size === null)).toBe(true);
  expect(arranging.said).toBe('Taken back: E, position 5 of 5, 1 column wide, 1 row high');
  arranging.pickUp('e');
  arranging.step('e', 'earlier');
  arranging.putDown();
  arranging.takeBack();
  expect(shown()).toBe('abced');
});

test('what stays as it is isn’t kept: who has arranged nothing still has no arrangement', () => {
  const { arranging, saved } = setUp();
  arranging.step('a', 'earlier');
  arranging.grow('a', 'narrower');
  arranging.pickUp('a');
  arranging.putDown();
  arranging.pickUp('a');
  arranging.takeBack();
  expect(saved).toEqual([]);
});

test('what another window saves while a tile is held is not taken back', () => {
  const { arranging, arrangement, shown, saved } = setUp();
  const elsewhere = ['e', 'd', 'c', 'b', 'a'].map((module) => ({ module, size: null, hidden: false }));
  arranging.pickUp('a');
  arrangement.layout = arrangement.taken = elsewhere;
  arranging.takeBack();
  expect(saved).toEqual([]);
  arranging.pickUp('a');
  arrangement.layout = arrangement.taken = elsewhere.toReversed();
  arranging.dragTo('a', 3);
  arranging.takeBack();
  expect(shown()).toBe('abcde');
  expect(saved).toEqual([]);
});

test('a drag is kept when it is dropped', () => {
  const { arranging, shown, saved } = setUp();
  arranging.pickUp('a');
  arranging.dragTo('a', 1);
  arranging.dragTo('a', 2);
  arranging.dragSize('a', { columns: 1, rows: 1 }, { columns: 1, rows: 2 });
  expect(shown()).toBe('bcade');
  expect(saved).toHaveLength(0);
  arranging.putDown();
  expect(saved).toHaveLength(1);
  expect(saved[0]?.find(({ module }) => module === 'a')?.size).toEqual({ columns: 2, rows: 3 });
});

test('what is hidden is counted no more, and comes back where it was', () => {
  const { arranging, shown } = setUp();
  arranging.hide('b');
  expect(arranging.said).toBe('B is hidden');
  expect(shown()).toBe('acde');
  arranging.step('a', 'later');
  expect(arranging.said).toContain('position 2 of 4');
  arranging.show('b');
  expect(shown()).toBe('bcade');
  arranging.reset();
  expect(shown()).toBe('abcde');
});
