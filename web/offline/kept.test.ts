import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { asset, isPage, keepPage, page, THEME, theme } from './kept';

/** What the daemon serves, by path; null: it can’t be reached. */
let served: Readonly<Record<string, string>> | null;
/** What was asked of it. */
let asked: string[];

const KEPT = 'contara';
const html = (...assets: string[]) => assets.map((name) => `<link href="/assets/${name}">`).join('');
const request = (path: string) => new Request(new URL(path, location.origin));
const asPage = (text: string) =>
  new Response(text, { headers: { 'content-type': 'text/html; charset=utf-8' } });

async function answer(input: Request | string): Promise<Response> {
  const { pathname } = new URL(input instanceof Request ? input.url : input, location.origin);
  asked.push(pathname);
  if (!served) throw new TypeError('no route');
  const text = served[pathname];
  if (text === undefined) return new Response(null, { status: 404 });
  return pathname === '/' ? asPage(text) : new Response(text);
}

async function keptPaths(): Promise<string[]> {
  const requests = await (await caches.open(KEPT)).keys();
  return requests.map(({ url }) => new URL(url).pathname).sort();
}

/** The text of the page that opens. */
async function opened(): Promise<string> {
  return (await page(request('/modules'), () => undefined)).text();
}

beforeEach(() => {
  served = { '/': html('a.js'), '/assets/a.js': 'a', [THEME]: 'colours' };
  asked = [];
  vi.stubGlobal('fetch', answer);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await caches.delete(KEPT);
});

test('without the daemon the kept page opens, with its code and its colours, and nothing is waited for twice', async () => {
  await keepPage(asPage(html('a.js')));
  served = null;
  expect(await opened()).toBe(html('a.js'));
  asked = [];
  expect(await (await asset(request('/assets/a.js'))).text()).toBe('a');
  expect(await (await theme(request(THEME))).text()).toBe('colours');
  expect(asked).toEqual([]);
});

test('a page from the daemon has its colours from there; they are kept instead of the old ones', async () => {
  await keepPage(asPage(html('a.js')));
  served = { ...served, [THEME]: 'newer' };
  await opened();
  expect(await (await theme(request(THEME))).text()).toBe('newer');
  served = null;
  expect(await (await theme(request(THEME))).text()).toBe('newer');
});

test('an update’s files take the place of those before', async () => {
  await keepPage(asPage(html('a.js')));
  served = { ...served, '/assets/b.js': 'b', '/assets/b.css': 'b' };
  await keepPage(asPage(html('b.js', 'b.css')));
  expect(await keptPaths()).toEqual(['/', '/assets/b.css', '/assets/b.js', THEME]);
});

test('an update that comes only in part leaves the page of before whole', async () => {
  await keepPage(asPage(html('a.js')));
  await expect(keepPage(asPage(html('gone.js')))).rejects.toThrow(
    '/assets/gone.js can’t be kept: status 404',
  );
  served = null;
  expect(await opened()).toBe(html('a.js'));
  expect(await (await asset(request('/assets/a.js'))).text()).toBe('a');
});

test('what is no page isn’t kept as one', async () => {
  const onfresh = vi.fn();
  served = { '/icon-512.png': 'pixels', '/': html() };
  await page(request('/icon-512.png'), onfresh);
  await page(request('/none'), onfresh);
  expect(onfresh).not.toHaveBeenCalled();
  await page(request('/'), onfresh);
  expect(onfresh).toHaveBeenCalledOnce();
  expect(isPage(new Response('', { status: 500, headers: { 'content-type': 'text/html' } }))).toBe(false);
});

test('code that can’t be kept is used all the same', async () => {
  vi.spyOn(Cache.prototype, 'put').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
  expect(await (await asset(request('/assets/a.js'))).text()).toBe('a');
});
