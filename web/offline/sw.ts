/**
 * The service worker: opens the page while the daemon can’t be reached, and the page says so. Never keeps data.
 *
 * Browsers run it only over https and on the machine itself; over plain http a page that is open stays as it is, and no
 * other can be had.
 */
import { asset, isPage, keepPage, page, THEME, theme } from './kept';

declare const self: ServiceWorkerGlobalScope;

/** Where it fails the browser tries again at the next visit. */
async function install(): Promise<void> {
  const response = await fetch('/');
  if (!isPage(response)) throw new Error(`There is no page: status ${String(response.status)}`);
  await keepPage(response);
}

self.addEventListener('install', (event) => {
  event.waitUntil(install());
  void self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  // What can’t be kept now is tried again with the next page; this one is as good as any.
  const keep = (fresh: Response) => event.waitUntil(keepPage(fresh).catch(() => undefined));
  if (pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (pathname === THEME) event.respondWith(theme(request));
  else if (request.mode === 'navigate' && !pathname.startsWith('/api/'))
    event.respondWith(page(request, keep));
});
