/**
 * How tiles are arranged: their order, sizes, and which are hidden. Pure. A layout may name modules that are gone; they keep
 * their place for when they come back.
 */
import { LARGEST, type Layout, type TilePlace, type TileSize } from '../transport/layout';

/** The server takes no more. */
export const MOST_TILES = 500;

function place(module: string): TilePlace {
  return { module, size: null, hidden: false };
}

/** These modules in the layout's order; those that it doesn't name come behind, in their own. */
export function arranged(layout: Layout, modules: readonly string[]): readonly TilePlace[] {
  const there = new Set(modules);
  return completed(layout, modules).filter(({ module }) => there.has(module));
}

/** The same layout with all of these modules in it; too many are shortened by some that are gone. */
export function completed(layout: Layout, modules: readonly string[]): Layout {
  const known = new Set(layout.map(({ module }) => module));
  const whole = [...layout, ...modules.filter((module) => !known.has(module)).map(place)];
  let spare = whole.length - MOST_TILES;
  if (spare <= 0) return whole;
  const there = new Set(modules);
  return whole.filter(({ module }) => there.has(module) || spare-- <= 0);
}

/** With a module at this position, from 0, among those that are `shown`. */
export function moved(layout: Layout, module: string, position: number, shown: readonly string[]): Layout {
  const tile = layout.find((known) => known.module === module);
  if (!tile) return layout;
  const others = shown.filter((name) => name !== module);
  const ahead = others[Math.max(0, position)];
  const rest = layout.filter((known) => known !== tile);
  const indexOf = (name: string | undefined) => rest.findIndex((known) => known.module === name);
  const at = ahead === undefined ? indexOf(others.at(-1)) + 1 : indexOf(ahead);
  return rest.toSpliced(at, 0, tile);
}

function changed(layout: Layout, module: string, change: Partial<TilePlace>): Layout {
  return layout.map((tile) => (tile.module === module ? { ...tile, ...change } : tile));
}

export function resized(layout: Layout, module: string, size: TileSize): Layout {
  return changed(layout, module, { size });
}

export function hidden(layout: Layout, module: string, isHidden: boolean): Layout {
  return changed(layout, module, { hidden: isHidden });
}

/** One step by key or button. */
export type Step = 'earlier' | 'later' | 'up' | 'down';
export type Growth = 'narrower' | 'wider' | 'shorter' | 'taller';

/** Where a step leads; a row is as long as the grid has columns. */
export function stepped(position: number, step: Step, columns: number, count: number): number {
  const by = { earlier: -1, later: 1, up: -columns, down: columns }[step];
  return Math.min(count - 1, Math.max(0, position + by));
}

/** The size as it is seen on so many columns. */
export function seen(size: TileSize, columns: number): TileSize {
  return { ...size, columns: Math.min(size.columns, columns) };
}

/** One larger or smaller; null where that isn't possible on so many columns. What isn't changed stays, also where it isn't seen. */
export function grown(size: TileSize, growth: Growth, columns: number): TileSize | null {
  const by = growth === 'wider' || growth === 'taller' ? 1 : -1;
  if (growth === 'wider' || growth === 'narrower') {
    const next = Math.min(size.columns, columns) + by;
    return next < 1 || next > columns ? null : { ...size, columns: next };
  }
  const next = size.rows + by;
  return next < 1 || next > LARGEST ? null : { ...size, rows: next };
}

/** Sized by a drag of this many columns and rows. */
export function dragged(size: TileSize, columns: number, by: TileSize): TileSize {
  const held = (value: number, most: number) => Math.min(most, Math.max(1, value));
  const wide = held(Math.min(size.columns, columns) + by.columns, columns);
  return {
    columns: by.columns === 0 ? size.columns : wide,
    rows: held(size.rows + by.rows, LARGEST),
  };
}

export function isSame(one: Layout, other: Layout): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
