/** How components read their props: defensively, and in one way. */
import { decodeActionRef } from '../transport/decode';
import type { Snippet } from 'svelte';
import type { ActionRef, UiNode } from '../transport/model';
import { maps, text } from '../transport/read';

export {
  choice,
  clamped,
  fields,
  flag,
  list,
  maps,
  numberOrNull,
  text,
  textOrNull,
  texts,
} from '../transport/read';
export type { UiNode };

/** Nobody reads on; what is left out is marked. */
const LONGEST_LABEL = 200;
const LONGEST_PASSAGE = 5_000;

function clipped(words: string, most: number): string {
  // Not within a letter that takes two places.
  return words.length <= most ? words : `${words.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Text that is a name or a figure: as long as one can be. */
export function label(value: unknown, fallback = ''): string {
  return clipped(text(value, fallback), LONGEST_LABEL);
}

export function labelOrNull(value: unknown): string | null {
  return label(value) || null;
}

/** Text that explains something: a few paragraphs at most. */
export function passage(value: unknown): string {
  return clipped(text(value), LONGEST_PASSAGE);
}

export function passageOrNull(value: unknown): string | null {
  return passage(value) || null;
}

export interface ComponentProps {
  node: UiNode;
  /** What our page puts into the head of a tile. */
  tools?: Snippet | undefined;
}

/** Child components; whatever isn't a map is left out. */
export function children(value: unknown): readonly UiNode[] {
  return maps(value);
}

export function actionRef(value: unknown): ActionRef | null {
  return decodeActionRef(value);
}
