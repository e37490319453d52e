/** The page as a browser keeps it: its text, its code and looks. Knows nothing of a service worker’s life. */

const KEPT = 'contara';
/** The one under which the page is kept: all paths of the dashboard have the same. */
const PAGE = '/';
/** What the page waits for before it is painted. Its name stays the same whatever is in it. */
export const THEME = '/theme.js';
/** How long the daemon may take until what is kept is shown, in milliseconds. */
const PATIENCE = 3_000;

/** Whether the page that was opened last is a kept one: what belongs to it is then not waited for once more. */
let isAway = false;

/** Icons and the like are no pages, though they can be opened in a tab as well. */
export function isPage(response: Response): boolean {
  return response.ok && (response.headers.get('content-type') ?? '').startsWith('text/html');
}

/**
 * Keeps a page with all that it names, and only then drops what was kept before: an update of Contara has other files. Rejects, with
 * the page of before still whole, if something can’t be fetched or kept.
 */
export async function keepPage(response: Response): Promise<void> {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(PAGE);
  const text = await response.clone().text();
  if (kept && (await kept.text()) === text) return;
  const before = await cache.keys();
  const paths = [...new Set(text.match(/\/assets\/[^"]+/g)), THEME];
  await Promise.all(paths.map((path) => keep(cache, path)));
  await cache.put(PAGE, response);
  const past = before.filter(({ url }) => ![PAGE, ...paths].includes(new URL(url).pathname));
  await Promise.all(past.map((request) => cache.delete(request)));
}

async function keep(cache: Cache, path: string): Promise<void> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} can’t be kept: status ${String(response.status)}`);
  await cache.put(path, response);
}

/** The daemon’s answer, or the kept page. What it gets to keep goes through `onfresh`, which isn’t waited for. */
export async function page(request: Request, onfresh: (response: Response) => void): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    isAway = false;
    if (isPage(response)) onfresh(response.clone());
    return response;
  } catch {
    isAway = true;
    return (await (await caches.open(KEPT)).match(PAGE)) ?? Response.error();
  }
}

/** Code and looks: their names change with their content. */
export async function asset(request: Request): Promise<Response> {
  return (await (await caches.open(KEPT)).match(request)) ?? fetchToKeep(request);
}

/** The daemon’s, so that it fits a page that is; a kept page has the kept one at once. */
export async function theme(request: Request): Promise<Response> {
  const kept = await (await caches.open(KEPT)).match(request);
  if (kept && isAway) return kept;
  try {
    return await fetchToKeep(request, AbortSignal.timeout(PATIENCE));
  } catch {
    return kept ?? Response.error();
  }
}

/** What can’t be kept is as good as any other, for now. */
async function fetchToKeep(request: Request, signal: AbortSignal | null = null): Promise<Response> {
  const response = await fetch(request, { signal });
  if (response.ok) {
    const cache = await caches.open(KEPT);
    await cache.put(request, response.clone()).catch(() => undefined);
  }
  return response;
}
