import { expect, test } from 'vitest';
import { decodeLayout, type Layout } from '../transport/layout';
import {
  arranged,
  completed,
  dragged,
  grown,
  hidden,
  isSame,
  MOST_TILES,
  moved,
  resized,
  seen,
  stepped,
} from './layout';

const of = (...modules: string[]): Layout => modules.map((module) => ({ module, size: null, hidden: false }));
const names = (layout: Layout) => layout.map(({ module }) => module).join(' ');

test('what the layout names comes in its order, all else behind, and what is gone nowhere', () => {
  expect(names(arranged(of('c', 'gone', 'a'), ['a', 'b', 'c', 'd']))).toBe('c a b d');
});

test('a complete layout keeps what is gone in its place, and has all that is there', () => {
  expect(names(completed(of('c', 'gone', 'a'), ['a', 'b', 'c']))).toBe('c gone a b');
});

test('too long a layout loses some that are gone, never one that is there', () => {
  const gone = Array.from({ length: MOST_TILES }, (_, number) => `gone-${String(number)}`);
  const whole = completed(of('a', ...gone), ['a', 'b']);
  expect(whole).toHaveLength(MOST_TILES);
  expect(names(whole.filter(({ module }) => !module.startsWith('gone')))).toBe('a b');
});

test('a tile is moved among those that are shown; those that are gone or hidden stay with the ones before', () => {
  const layout = of('a', 'gone', 'b', 'c');
  const shown = ['a', 'b', 'c'];
  expect(names(moved(layout, 'c', 0, shown))).toBe('c a gone b');
  expect(names(moved(layout, 'c', 1, shown))).toBe('a gone c b');
  expect(names(moved(layout, 'a', 1, shown))).toBe('gone b a c');
  expect(names(moved(layout, 'a', 2, shown))).toBe('gone b c a');
  expect(names(moved(layout, 'a', 9, shown))).toBe('gone b c a');
  expect(names(moved(layout, 'b', 1, shown))).toBe('a gone b c');
  expect(moved(layout, 'nobody', 1, shown)).toBe(layout);
});

test('every move brings the tile to its position, and the others keep their order', () => {
  const shown = ['a', 'b', 'c', 'd'];
  for (const module of shown) {
    for (let position = 0; position < shown.length; position++) {
      const order = moved(of('a', 'x', 'b', 'c', 'y', 'd'), module, position, shown)
        .map((tile) => tile.module)
        .filter((name) => shown.includes(name));
      expect(order[position]).toBe(module);
      expect(order.filter((name) => name !== module)).toEqual(shown.filter((name) => name !== module));
    }
  }
});

test('up and down go by rows, and no step leads out', () => {
  expect(stepped(4, 'up', 3, 6)).toBe(1);
  expect(stepped(1, 'up', 3, 6)).toBe(0);
  expect(stepped(4, 'down', 3, 6)).toBe(5);
  expect(stepped(0, 'earlier', 3, 6)).toBe(0);
  expect(stepped(5, 'later', 3, 6)).toBe(5);
});

test('a size grows within the columns there are, and keeps what is not seen of it', () => {
  expect(grown({ columns: 1, rows: 1 }, 'wider', 3)).toEqual({ columns: 2, rows: 1 });
  expect(grown({ columns: 3, rows: 1 }, 'wider', 3)).toBeNull();
  expect(grown({ columns: 1, rows: 1 }, 'narrower', 3)).toBeNull();
  // Wider than this page: one step makes a difference that is seen.
  expect(grown({ columns: 5, rows: 1 }, 'narrower', 2)).toEqual({ columns: 1, rows: 1 });
  expect(grown({ columns: 5, rows: 1 }, 'taller', 2)).toEqual({ columns: 5, rows: 2 });
  expect(grown({ columns: 5, rows: 6 }, 'taller', 2)).toBeNull();
  expect(grown({ columns: 5, rows: 1 }, 'shorter', 2)).toBeNull();
});

test('a drag of the corner ends at the bounds', () => {
  const size = { columns: 2, rows: 2 };
  expect(dragged(size, 4, { columns: 9, rows: 9 })).toEqual({ columns: 4, rows: 6 });
  expect(dragged(size, 4, { columns: -9, rows: -9 })).toEqual({ columns: 1, rows: 1 });
  expect(dragged({ columns: 5, rows: 1 }, 1, { columns: 0, rows: 1 })).toEqual({ columns: 5, rows: 2 });
  expect(seen({ columns: 5, rows: 2 }, 3)).toEqual({ columns: 3, rows: 2 });
});

test('one tile is changed, the others are the same', () => {
  const layout = of('a', 'b');
  const larger = resized(layout, 'b', { columns: 2, rows: 1 });
  expect(larger[0]).toBe(layout[0]);
  expect(larger[1]?.size).toEqual({ columns: 2, rows: 1 });
  expect(hidden(layout, 'a', true)[0]?.hidden).toBe(true);
  expect(isSame(layout, of('a', 'b'))).toBe(true);
  expect(isSame(layout, larger)).toBe(false);
});

test('an answer that makes no sense is no layout', () => {
  const nothing = { version: 0, tiles: [] };
  for (const wrong of [null, 1, [], { tiles: 1 }, { version: 'x', tiles: [1, {}, { module: '' }] }])
    expect(decodeLayout(wrong)).toEqual(nothing);
  const tiles = [
    { module: 'a', size: { columns: 99, rows: 'x' }, hidden: 1 },
    { module: 'b', size: 3, hidden: true },
    { module: 'b' },
  ];
  expect(decodeLayout({ version: 3, tiles })).toEqual({
    version: 3,
    tiles: [
      { module: 'a', size: { columns: 6, rows: 1 }, hidden: false },
      { module: 'b', size: null, hidden: false },
    ],
  });
});
