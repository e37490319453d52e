/**
 * What a browser keeps of the page, so that it opens while the daemon can’t be reached, and says so. Never keeps data.
 *
 * Browsers run it only over https and on the machine itself; over plain http a page that is open stays as it is, and no
 * other can be had.
 */
declare const self: ServiceWorkerGlobalScope;

const KEPT = 'contara';
/** The one under which the page is kept: all paths have the same. */
const PAGE = '/';
/** How long the daemon may take until what is kept is shown, in milliseconds. */
const PATIENCE = 3_000;

/** An update of Contara has other files; those of before are of no use. */
async function keepPage(response: Response): Promise<void> {
  const kept = await (await caches.open(KEPT)).match(PAGE);
  const text = await response.clone().text();
  if (kept && (await kept.text()) === text) return;
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await cache.put(PAGE, response);
  await cache.addAll(new Set(text.match(/\/assets\/[^"]+/g)));
}

async function page(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (response.ok) await keepPage(response.clone());
    return response;
  } catch {
    return (await (await caches.open(KEPT)).match(PAGE)) ?? Response.error();
  }
}

/** Their names change with their content. */
async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

self.addEventListener('install', (event) => {
  event.waitUntil(fetch(PAGE).then(keepPage));
  void self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate' && !pathname.startsWith('/api/')) event.respondWith(page(request));
});

export {};
