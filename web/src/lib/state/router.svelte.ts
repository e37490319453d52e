/** Which page is open, by the address bar. Links are plain `<a href>`; App hands their clicks to `follow`. */
import { KINDS, type Kind } from '../api/activity';
import { LEVELS, type Level } from '../api/logs';
import { withQuery } from '../text/address';
import type { SetupChoice } from '../transport/setup-model';

export type Route =
  | { readonly page: 'dashboard' | 'modules' | 'setup' | 'system' | 'account' | 'components' | 'not-found' }
  /** What happened: of one kind, or of all. */
  | { readonly page: 'activity'; readonly kind: Kind | null }
  /** What choosing these setup modules would do. */
  | { readonly page: 'setup-plan'; readonly choice: SetupChoice }
  | { readonly page: 'setup-run'; readonly run: number }
  | { readonly page: 'setup-module'; readonly module: string }
  /** One module's own pages. */
  | { readonly page: 'module' | 'settings'; readonly module: string }
  /** What it has logged, from this level upwards. */
  | { readonly page: 'log'; readonly module: string; readonly level: Level };

const FIXED: Readonly<Record<string, Route>> = {
  '/': { page: 'dashboard' },
  '/modules': { page: 'modules' },
  '/setup': { page: 'setup' },
  '/dev/components': { page: 'components' },
  '/system': { page: 'system' },
  '/account': { page: 'account' },
};
const NOT_FOUND: Route = { page: 'not-found' };
/** Pages of which an address may ask for a part. */
const QUERIED: readonly Route['page'][] = ['modules', 'setup', 'setup-plan', 'activity', 'log'];

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** Each slug once. */
function chosen(search: string): SetupChoice {
  const given = new URLSearchParams(search);
  const slugs = (given.get('modules') ?? '').split(',').filter(Boolean);
  return { modules: [...new Set(slugs)], reconfigure: given.has('reconfigure') };
}

/** What is no kind is all of them. */
function kindOf(search: string): Kind | null {
  const given = new URLSearchParams(search).get('kind');
  return KINDS.find((kind) => kind === given) ?? null;
}

/** What is no level is all of them. */
function levelOf(search: string): Level {
  const given = new URLSearchParams(search).get('level');
  return LEVELS.find((level) => level === given) ?? LEVELS[0];
}

function moduleRoute(plain: string, search: string): Route | null {
  const [, encoded, part] = /^\/m\/([^/]+)(?:\/(settings|logs))?$/.exec(plain) ?? [];
  const module = encoded === undefined ? null : decoded(encoded);
  if (module === null) return null;
  if (part === 'logs') return { page: 'log', module, level: levelOf(search) };
  return { page: part === 'settings' ? 'settings' : 'module', module };
}

function setupRoute(plain: string, search: string): Route | null {
  if (plain === '/setup/plan') return { page: 'setup-plan', choice: chosen(search) };
  const run = /^\/setup\/runs\/(\d{1,15})$/.exec(plain)?.[1];
  if (run !== undefined) return { page: 'setup-run', run: Number(run) };
  const encoded = /^\/setup\/modules\/([^/]+)$/.exec(plain)?.[1];
  const module = encoded === undefined ? null : decoded(encoded);
  return module === null ? null : { page: 'setup-module', module };
}

export function routeOf(path: string, search = ''): Route {
  const plain = path.replace(/(.)\/$/, '$1');
  const own = setupRoute(plain, search) ?? moduleRoute(plain, search);
  if (own) return own;
  if (plain === '/activity') return { page: 'activity', kind: kindOf(search) };
  return Object.hasOwn(FIXED, plain) ? (FIXED[plain] ?? NOT_FOUND) : NOT_FOUND;
}

/** A module's entry in the list of all. */
export function entryOf(module: string): string {
  return withQuery('/modules', { module });
}

export function pageOf(module: string): string {
  return `/m/${encodeURIComponent(module)}`;
}

export function settingsOf(module: string): string {
  return `${pageOf(module)}/settings`;
}

/** From this level upwards; the lowest is all of it. */
export function logOf(module: string, level: string = LEVELS[0]): string {
  return withQuery(`${pageOf(module)}/logs`, { level: level === LEVELS[0] ? '' : level });
}

/** An empty kind is all of them. */
export function activityOf(kind: string): string {
  return withQuery('/activity', { kind });
}

export function planOf({ modules, reconfigure }: SetupChoice): string {
  const again = reconfigure ? '&reconfigure' : '';
  return `/setup/plan?modules=${modules.map(encodeURIComponent).join(',')}${again}`;
}

export function runOf(run: number): string {
  return `/setup/runs/${String(run)}`;
}

export function setupModuleOf(module: string): string {
  return `/setup/modules/${encodeURIComponent(module)}`;
}

export class Router {
  #path = $state(location.pathname);
  #search = $state(location.search);
  readonly route: Route = $derived(routeOf(this.#path, this.#search));

  /** What is asked for of the page, as the address has it. */
  get search(): string {
    return this.#search;
  }

  /** Back and forward. */
  sync = (): void => {
    this.#path = location.pathname;
    this.#search = location.search;
  };

  go(address: string): void {
    if (address === location.pathname + location.search) return;
    history.pushState(null, '', address);
    this.sync();
    scrollTo(0, 0);
  }

  /** The same page, another part of it: nothing to come back to, as while somebody types. */
  replace(address: string): void {
    const [path = '', query] = address.split('?');
    this.#path = path;
    this.#search = query === undefined ? '' : `?${query}`;
    try {
      history.replaceState(history.state, '', address);
    } catch {
      // Safari takes no more than 100 within 30 s; the address bar follows with the next.
    }
  }

  /** Takes over a plain click on a link to one of our own pages; leaves every other click to the browser. */
  follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== location.origin || link.hash) return;
    const { page } = routeOf(link.pathname, link.search);
    if (page === 'not-found' || (link.search && !QUERIED.includes(page))) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}
