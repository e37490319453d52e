/**
 * What a component of a list is known by from one tree to the next. Its type and its own name count, and how many like it
 * stand before it: an alert that appears above a field must not cost the field its focus.
 */
import type { UiNode } from './props';

export interface Keyed {
  readonly key: string;
  readonly node: UiNode;
}

function own(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function keyed(nodes: readonly UiNode[]): Keyed[] {
  const seen = new Map<string, number>();
  return nodes.map((node) => {
    const kind = JSON.stringify([own(node['type']), own(node['name']), own(node['id']), own(node['form'])]);
    const nth = seen.get(kind) ?? 0;
    seen.set(kind, nth + 1);
    return { key: kind + String(nth), node };
  });
}
