/**
 * Every kind of component in every state that it has, for the page `/dev/components` and for tests. A kind's own are in its
 * folder; what goes wrong in the same way everywhere is made here, of the props that its stories have.
 */
import type { UiNode } from './props';

/** What each shows → the component. */
export type Stories = Readonly<Record<string, UiNode>>;

export interface Kind {
  readonly name: string;
  readonly stories: Stories;
}

const FILES = import.meta.glob<Stories>('./*/stories.ts', { eager: true, import: 'stories' });

const LONG = 'Donaudampfschifffahrtsgesellschaft'.repeat(3);

/** Where text is looked for: words that name nothing else. */
const SPOKEN = 'label value title content text message sublabel help empty_message placeholder'.split(' ');

function withProps(stories: Stories, type: unknown, valueOf: (prop: string) => unknown): UiNode {
  const props = new Set(Object.values(stories).flatMap((node) => Object.keys(node)));
  const named = [...props].filter((prop) => prop !== 'type' && prop !== 'name');
  const given = named.map((prop) => [prop, valueOf(prop)]).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(given) as UiNode), type, name: 'story' };
}

function inEveryState(name: string, own: Stories): Stories {
  const [usual] = Object.values(own);
  // One that is no kind has no props, and a modal stands by itself.
  if (!usual || name === 'unknown' || name === 'modal') return own;
  const { type } = usual;
  return {
    ...own,
    'Long words': {
      ...usual,
      ...withProps(own, type, (prop) => (SPOKEN.includes(prop) ? LONG : usual[prop])),
    },
    'Wrong data': withProps(own, type, () => [null, 7, { type: {} }]),
    'Nothing given': withProps(own, type, () => null),
  };
}

export const KINDS: readonly Kind[] = Object.entries(FILES).map(([path, own]) => {
  const name = path.split('/')[1] ?? '';
  return { name, stories: inEveryState(name, own) };
});
