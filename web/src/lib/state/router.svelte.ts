/** Which page is open, by the address bar. Links are plain `<a href>`; App hands their clicks to `follow`. */

export type Route =
  | { readonly page: 'dashboard' | 'modules' | 'not-found' }
  /** One module's own pages. */
  | { readonly page: 'module' | 'settings'; readonly module: string };

const FIXED: Readonly<Record<string, Route>> = {
  '/': { page: 'dashboard' },
  '/modules': { page: 'modules' },
};
const NOT_FOUND: Route = { page: 'not-found' };

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

export function routeOf(path: string): Route {
  const plain = path.replace(/(.)\/$/, '$1');
  const [, encoded, settings] = /^\/m\/([^/]+)(\/settings)?$/.exec(plain) ?? [];
  const module = encoded === undefined ? null : decoded(encoded);
  if (module !== null) return { page: settings ? 'settings' : 'module', module };
  return Object.hasOwn(FIXED, plain) ? (FIXED[plain] ?? NOT_FOUND) : NOT_FOUND;
}

export function pageOf(module: string): string {
  return `/m/${encodeURIComponent(module)}`;
}

export function settingsOf(module: string): string {
  return `${pageOf(module)}/settings`;
}

export class Router {
  #path = $state(location.pathname);
  readonly route: Route = $derived(routeOf(this.#path));

  /** Back and forward. */
  sync = (): void => {
    this.#path = location.pathname;
  };

  go(path: string): void {
    if (path === location.pathname) return;
    history.pushState(null, '', path);
    this.sync();
    scrollTo(0, 0);
  }

  /** Takes over a plain click on a link to one of our own pages; leaves every other click to the browser. */
  follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== location.origin || link.hash || link.search) return;
    if (routeOf(link.pathname).page === 'not-found') return;
    event.preventDefault();
    this.go(link.pathname);
  };
}
