/** Which page is open, by the address bar. Links are plain `<a href>`; App hands their clicks to `follow`. */

export type PageName = 'dashboard' | 'modules' | 'not-found';

const PAGES: Readonly<Record<string, PageName>> = { '/': 'dashboard', '/modules': 'modules' };

export class Router {
  #path = $state(location.pathname);
  readonly page: PageName = $derived(PAGES[this.#path.replace(/(.)\/$/, '$1')] ?? 'not-found');

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
    if (!link || link.target || link.origin !== location.origin || !(link.pathname in PAGES) || link.hash)
      return;
    event.preventDefault();
    this.go(link.pathname);
  };
}
