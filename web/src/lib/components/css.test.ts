import { expect, test } from 'vitest';
import { colorOf } from './color';
import { columnTracks, rowTracks, safeColor, safeLength } from './css';

/** As wide as the page of a phone; whatever a module writes has to fit into it. */
const WIDTH = 300;

/** How wide the columns of a grid in a narrow place become, or null if they are refused. */
function widths(columns: unknown): number[] | null {
  const tracks = columnTracks(columns);
  if (tracks === null) return null;
  const grid = document.createElement('div');
  grid.style.cssText = `display:grid;width:${String(WIDTH)}px;--gap:8px;gap:8px`;
  grid.style.gridTemplateColumns = tracks;
  document.body.append(grid);
  const found = getComputedStyle(grid).gridTemplateColumns.split(' ').map(parseFloat);
  grid.remove();
  return found;
}

test.each([
  ['1fr 2fr', 2],
  ['100px 1fr', 2],
  ['minmax(0, 1fr) auto', 2],
  ['repeat(3, minmax(40px, 1fr))', 3],
  ['repeat(2, 20px auto) 1FR', 5],
  ['repeat(auto-fill, minmax(100px, 1fr))', 2],
  ['repeat(auto-fit, 120px)', 2],
  ['fit-content(10rem) min-content', 2],
  ['repeat(24, 1fr)', 24],
])('%s are %d columns', (columns, count) => expect(widths(columns)).toHaveLength(count));

test('columns are as wide as they were asked to be', () => {
  expect(widths('100px 1fr')).toEqual([100, 192]);
  expect(widths('minmax(40px, 1fr) 2fr')?.map(Math.round)).toEqual([97, 195]);
  expect(widths('25% 0 1fr')).toEqual([75, 0, 209]);
});

test.each([
  '2000px',
  '2000px 2000px 1fr',
  'minmax(2000px, 1fr) minmax(125rem, 100fr)',
  'repeat(24, 2000px)',
  'repeat(auto-fill, minmax(2000px, 1fr))',
  'repeat(auto-fill, 0)',
  'max-content minmax(max-content, max-content)',
  'fit-content(2000px) 250ch',
])('%s fits into a phone', (columns) => {
  const found = widths(columns);
  const gaps = 8 * ((found?.length ?? 0) - 1);
  expect((found ?? [Infinity]).reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(
    Math.max(WIDTH - gaps, 0),
  );
});

/** Neither sizes nor colours. */
const HOSTILE = [
  '1fr; color: red',
  '1px}body{display:none}',
  'url(https://evil.example/x)',
  'image-set("x" 1x)',
  'var(--accent)',
  'env(safe-area-inset-top)',
  'attr(data-x)',
  'calc(1px * 1e9)',
  'expression(alert(1))',
  '100000px',
  '1e9px',
  '-5px',
  '9999fr',
  '1px/**/',
  '<script>alert(1)</script>',
  'inherit',
  'repeat(25, 1fr)',
  'repeat(auto-fill, 1fr)',
  'repeat(auto-fill, 10px) 1fr',
  'minmax(1fr, 10px)',
  'minmax(1px, 2px, 3px)',
  '(1fr',
  '1fr)',
  '[a] 1fr',
  'subgrid',
  ' ',
  '1fr '.repeat(60),
  'x'.repeat(100_000),
  null,
  {},
  ['1fr'],
  NaN,
  Infinity,
];

test.each(HOSTILE)('%j is neither columns nor rows, no width and no colour', (css) => {
  expect([columnTracks(css), rowTracks(css), safeLength(css), safeColor(css)]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test.each(['8rem', 'auto', 'minmax(4rem, auto)', '40px 80px', '1fr', 'fit-content(20%)'])(
  'rows may be %s',
  (css) => {
    expect(CSS.supports('grid-auto-rows', rowTracks(css) ?? '')).toBe(true);
  },
);

test('a row is never lower than what is in it', () => {
  expect(rowTracks('8rem minmax(0, 1fr) 1fr')).toBe('minmax(8rem, auto) minmax(0px, 1fr) 1fr');
});

test('a width is a length, or a number of pixels', () => {
  expect(['8rem', '20%', '0', 120, ' 12.5ch ', '2000px'].map(safeLength)).toEqual([
    ...['8rem', '20%', '0px', '120px', '12.5ch', '2000px'],
  ]);
  expect(['1fr', 'auto', 'wide', '2001px', '101%', -1, 1e9].map(safeLength)).toEqual(Array(7).fill(null));
});

test('a colour is a name, a number or one of the usual functions', () => {
  for (const css of [
    '#4a9',
    '#44aa9980',
    'Tomato',
    'rgb(10 20 30 / 50%)',
    'rgba(1,2,3,.5)',
    'hsl(120deg 50% 50%)',
  ])
    expect(safeColor(css), css).not.toBeNull();
  expect(safeColor('oklch(60% 0.1 200)')).not.toBeNull();
  for (const css of ['reddish', '#12345', 'rgb(1)', 'color(from red srgb r g b)', 'unset', 'revert'])
    expect(safeColor(css), css).toBeNull();
  expect(colorOf('warning')).toBe('var(--warn-mark)');
  expect(colorOf({ toString: () => 'red' })).toBe('var(--accent)');
});
