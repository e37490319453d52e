/** Which modules of the list are asked for. Pure. */
import type { ModuleInfo } from '../../transport/model';
import { withQuery } from '../../text/address';
import { isDown } from '../life';

export const STATES = ['enabled', 'disabled', 'trouble'] as const;
export type State = (typeof STATES)[number];

export interface Wanted {
  readonly text: string;
  readonly category: string | null;
  readonly tag: string | null;
  readonly state: State | null;
}

export const EVERYTHING: Wanted = { text: '', category: null, tag: null, state: null };

/** What an address asks for; what makes no sense in it is left out. */
export function wantedOf(search: string): Wanted {
  const given = new URLSearchParams(search);
  return {
    text: given.get('q') ?? '',
    category: given.get('category'),
    tag: given.get('tag'),
    state: STATES.find((state) => state === given.get('state')) ?? null,
  };
}

export function modulesOf({ text, ...rest }: Wanted): string {
  return withQuery('/modules', { q: text, ...rest });
}

function isInTrouble({ valid, life, problem, problems }: ModuleInfo): boolean {
  const errors = problems.some(({ severity }) => severity === 'error');
  return !valid || errors || problem !== null || isDown(life);
}

function isOf(module: ModuleInfo, state: State): boolean {
  if (state === 'trouble') return isInTrouble(module);
  return module.enabled === (state === 'enabled');
}

/** Every word is somewhere in what the module says of itself. */
function says(module: ModuleInfo, text: string): boolean {
  const { name, displayName, description, author, category, tags } = module;
  const all = [name, displayName, description, author, category, ...tags].join('\n').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export function filtered(modules: readonly ModuleInfo[], wanted: Wanted): readonly ModuleInfo[] {
  const { text, category, tag, state } = wanted;
  return modules.filter(
    (module) =>
      (category === null || module.category === category) &&
      (tag === null || module.tags.includes(tag)) &&
      (state === null || isOf(module, state)) &&
      says(module, text),
  );
}

function distinct(words: readonly (string | null)[]): string[] {
  return [...new Set(words.filter((word) => word !== null))].sort((one, other) => one.localeCompare(other));
}

export function categoriesOf(modules: readonly ModuleInfo[]): string[] {
  return distinct(modules.map(({ category }) => category));
}

export function tagsOf(modules: readonly ModuleInfo[]): string[] {
  return distinct(modules.flatMap(({ tags }) => tags));
}
