/** What stands on the dashboard, and what a module's tile wants of its place there. Pure. */
import { clamped, label } from '../../components/props';
import type { ArrangedTile } from '../../state/arranging.svelte';
import type { TileSize } from '../../transport/layout';
import type { ModuleSnapshot } from '../../transport/model';

export interface DrawnTile extends ArrangedTile {
  readonly snapshot: ModuleSnapshot;
}

export function titleOf({ tile, displayName }: ModuleSnapshot): string {
  return label(tile?.['title']) || displayName;
}

/** What an author may ask for; a person may make it larger. */
export function wantedSize({ tile }: ModuleSnapshot): TileSize {
  return { columns: clamped(tile?.['colspan'], 1, 3), rows: clamped(tile?.['rowspan'], 1, 3) };
}
