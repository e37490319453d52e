/** How components read their props: defensively, and in one way. */
import { decodeActionRef } from '../transport/decode';
import type { Snippet } from 'svelte';
import type { ActionRef, UiNode } from '../transport/model';
import { maps } from '../transport/read';

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
