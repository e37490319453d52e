import { expect, test } from 'vitest';
import { CHUNK, windowOf } from './window';

test('the window on a long list holds what is seen and a chunk beside it, and all of it is as high as its rows', () => {
  const rows = 100_000;
  const total = rows * 18;
  for (const top of [0, 1, 899, 900, 500_000, total - 400, Infinity]) {
    const { from, to, above, below } = windowOf(rows, 18, new Map(), top, 400);
    expect(above).toBe(from * 18);
    expect(above + (to - from) * 18 + below).toBe(total);
    expect(to - from).toBeLessThanOrEqual(4 * CHUNK);
    const seen = Math.min(top, total - 400);
    expect(above).toBeLessThanOrEqual(seen);
    expect(above + (to - from) * 18).toBeGreaterThanOrEqual(seen + 400);
  }
});

test('a chunk that was measured counts as high as it was', () => {
  const measured = new Map([[0, 5_000]]);
  expect(windowOf(1_000, 18, measured, 4_999, 1).from).toBe(0);
  expect(windowOf(1_000, 18, measured, 5_000 + 900, 1)).toMatchObject({ from: CHUNK, above: 5_000 });
  expect(windowOf(0, 18, measured, 0, 400)).toEqual({ from: 0, to: 0, above: 0, below: 0 });
});
