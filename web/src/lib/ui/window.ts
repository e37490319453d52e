/**
 * Which part of a long list stands in the page. Rows are taken in chunks: a chunk that has been in the page is as high as
 * it was then, any other as high as its rows are at least. Pure.
 */

export const CHUNK = 50;

export interface Window {
  /** The first row in the page, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Pixels before and after them. */
  readonly above: number;
  readonly below: number;
}

function rowsOf(chunk: number, rows: number): number {
  return Math.min(CHUNK, rows - chunk * CHUNK);
}

/** With a chunk more on each side of what is seen, so that scrolling finds it there. */
export function windowOf(
  rows: number,
  rowHeight: number,
  measured: ReadonlyMap<number, number>,
  top: number,
  height: number,
): Window {
  const chunks = Math.ceil(rows / CHUNK);
  const heightOf = (chunk: number) => measured.get(chunk) ?? rowsOf(chunk, rows) * rowHeight;
  let first = 0;
  let above = 0;
  while (first < chunks - 1 && above + heightOf(first) <= top) above += heightOf(first++);
  let last = first;
  let bottom = above + heightOf(first);
  while (last < chunks - 1 && bottom < top + height) bottom += heightOf(++last);
  if (first > 0) above -= heightOf(--first);
  if (last < chunks - 1) last += 1;
  let below = 0;
  for (let chunk = last + 1; chunk < chunks; chunk++) below += heightOf(chunk);
  return { from: first * CHUNK, to: Math.min(rows, (last + 1) * CHUNK), above, below };
}
