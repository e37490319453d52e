/** The tabs of a `tabs`: one for each id. */
import { children, label, maps, text, textOrNull, type UiNode } from '../props';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly icon: string | null;
  readonly nodes: readonly UiNode[];
}

export function readTabs(value: unknown): Tab[] {
  const seen = new Set<string>();
  return maps(value).flatMap((tab, place) => {
    const id = text(tab['id']) || String(place);
    if (seen.has(id)) return [];
    seen.add(id);
    return {
      id,
      label: label(tab['label']) || label(id),
      icon: textOrNull(tab['icon']),
      nodes: children(tab['children']),
    };
  });
}
