/** Choosing modules to set up: which are offered, what stands against one, and how the list is narrowed. Pure. */
import type { Say } from '../i18n/texts';
import { withQuery } from '../text/address';
import type { NamedSlug, SetupModule, SetupOverview } from '../transport/setup-model';

export const SETUP_STATES = ['new', 'configured', 'trouble'] as const;
export type SetupState = (typeof SETUP_STATES)[number];

export interface SetupWanted {
  readonly text: string;
  readonly section: string | null;
  readonly state: SetupState | null;
}

/** The category of a module that names none. */
const NO_CATEGORY = 'other';

export const ALL_SETUP: SetupWanted = { text: '', section: null, state: null };

/** What an address asks for; what makes no sense in it is left out. */
export function wantedSetup(search: string): SetupWanted {
  const given = new URLSearchParams(search);
  return {
    text: given.get('q') ?? '',
    section: given.get('section'),
    state: SETUP_STATES.find((state) => state === given.get('state')) ?? null,
  };
}

export function setupOf({ text, ...rest }: SetupWanted): string {
  return withQuery('/setup', { q: text, ...rest });
}

export interface CategoryList extends NamedSlug {
  readonly modules: readonly SetupModule[];
}

export interface SectionList extends NamedSlug {
  readonly categories: readonly CategoryList[];
}

/** Slug → module. */
export type Modules = ReadonlyMap<string, SetupModule>;

export function bySlug(modules: readonly SetupModule[]): Modules {
  return new Map(modules.map((module) => [module.slug, module]));
}

/** One that only serves others is listed once it is configured: it may have links. */
function isListed(module: SetupModule): boolean {
  return module.standalone || module.configured;
}

function isState(module: SetupModule, state: SetupState | null): boolean {
  if (state === 'new') return !module.configured;
  if (state === 'configured') return module.configured;
  return state === null || module.problems.length > 0 || !module.usable;
}

function matches(module: SetupModule, wanted: SetupWanted): boolean {
  const all = `${module.name} ${module.slug} ${module.description} ${module.category.name}`.toLowerCase();
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (
    words.every((word) => all.includes(word)) &&
    (wanted.section === null || module.section === wanted.section) &&
    isState(module, wanted.state)
  );
}

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** What names no category comes last, and has no heading where there is nothing to tell it from. */
function categoriesOf(modules: readonly SetupModule[]): CategoryList[] {
  const lists = [...grouped(modules, ({ category }) => category.slug)].map(([slug, own]) => ({
    slug,
    name: own[0]?.category.name ?? slug,
    modules: own,
  }));
  const named = lists.filter(({ slug }) => slug !== NO_CATEGORY);
  const rest = lists.filter(({ slug }) => slug === NO_CATEGORY);
  return named.length === 0 ? rest.map((list) => ({ ...list, name: '' })) : [...named, ...rest];
}

/** The server's order; a section that it doesn't know comes last, and one without modules not at all. */
export function sectionsOf(
  overview: SetupOverview,
  say: Say,
  wanted: SetupWanted = ALL_SETUP,
): SectionList[] {
  const shown = overview.modules.filter((module) => isListed(module) && matches(module, wanted));
  const groups = grouped(shown, ({ section }) => section);
  const unknown = [...groups.keys()].filter((slug) => !overview.sections.some((own) => own.slug === slug));
  const sections = [
    ...overview.sections,
    ...unknown.map((slug) => ({ slug, name: slug || say('setup-other') })),
  ];
  return sections
    .map((section) => ({ ...section, categories: categoriesOf(groups.get(section.slug) ?? []) }))
    .filter(({ categories }) => categories.length > 0);
}

/** The chosen and all that they need, as far as it is known. */
export function withDependencies(chosen: Iterable<string>, modules: Modules): Set<string> {
  const all = new Set<string>();
  const left = [...chosen];
  for (let slug = left.pop(); slug !== undefined; slug = left.pop()) {
    if (all.has(slug)) continue;
    all.add(slug);
    left.push(...(modules.get(slug)?.dependencies ?? []));
  }
  return all;
}

function conflict(one: SetupModule, other: SetupModule): boolean {
  return (
    one.slug !== other.slug && (one.conflicts.includes(other.slug) || other.conflicts.includes(one.slug))
  );
}

/** Why it can't be chosen beside what is chosen, or null. Symmetric: it matters not which of two names the other. */
export function conflictOf(
  module: SetupModule,
  chosen: ReadonlySet<string>,
  modules: Modules,
  say: Say,
): string | null {
  const beside = withDependencies(
    [...chosen].filter((slug) => slug !== module.slug),
    modules,
  );
  for (const slug of withDependencies([module.slug], modules)) {
    const own = modules.get(slug);
    if (!own) continue;
    for (const other of modules.values()) {
      if (!conflict(own, other) || !(other.configured || beside.has(other.slug))) continue;
      const state = beside.has(other.slug) ? (chosen.has(other.slug) ? 'chosen' : 'needed') : 'configured';
      if (own === module) return say('module-conflicts', { other: other.name, state });
      return say('module-need-conflicts', { own: own.name, other: other.name, state });
    }
  }
  return null;
}

/** Why it is never chosen here, or null: to be told without a box. */
export function unavailable(module: SetupModule, say: Say): string | null {
  if (!module.usable) return say('module-see-problems');
  if (!module.standalone) return say('module-with-others');
  if (!module.canConfigure) return say('module-is-configured');
  return null;
}

/** The names of slugs, as far as they are known. */
export function namesOf(slugs: readonly string[], modules: ReadonlyMap<string, NamedSlug>): string {
  return slugs.map((slug) => modules.get(slug)?.name ?? slug).join(', ');
}
