/** How the dashboard is arranged, as the server keeps it. */
import { clamped, fields, flag, isFields, list, maps, text, wholeOrNull } from './read';

/** The most columns and the most rows of a tile. */
export const LARGEST = 6;

/** In columns and rows of the grid, each 1 to `LARGEST`; a narrower page shows fewer columns. */
export interface TileSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TilePlace {
  readonly module: string;
  /** Null: as the module wants it. */
  readonly size: TileSize | null;
  readonly hidden: boolean;
}

/** In their order, each module once. */
export type Layout = readonly TilePlace[];

export interface KeptLayout {
  /** To be sent with the next change. */
  readonly version: number;
  readonly tiles: Layout;
}

function decodeSize(value: unknown): TileSize | null {
  if (!isFields(value)) return null;
  return { columns: clamped(value['columns'], 1, LARGEST), rows: clamped(value['rows'], 1, LARGEST) };
}

export function decodeLayout(value: unknown): KeptLayout {
  const { version, tiles } = fields(value);
  const places = maps(list(tiles)).map((tile) => ({
    module: text(tile['module']),
    size: decodeSize(tile['size']),
    hidden: flag(tile['hidden']),
  }));
  const known = new Map(places.map((tile) => [tile.module, tile]));
  known.delete('');
  return { version: wholeOrNull(version) ?? 0, tiles: [...known.values()] };
}
