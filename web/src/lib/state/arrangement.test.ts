import { beforeEach, afterEach, expect, test, vi } from 'vitest';
import type { KeptLayout, Layout } from '../transport/layout';
import { Arrangement } from './arrangement.svelte';
import { Notices } from './notices.svelte';
import { Session } from './session.svelte';

const of = (...modules: string[]): Layout => modules.map((module) => ({ module, size: null, hidden: false }));

/** What the server has; null: it can't be reached. */
let kept: KeptLayout | null;
/** The status that it refuses everything with. */
let refused: number | null;
/** What the next answer waits for. */
let held: Promise<unknown>;
/** What was sent to it, as names. */
let sent: string[];
let notices: Notices;
let arrangement: Arrangement;

function put(body: KeptLayout): Response {
  sent.push(body.tiles.map(({ module }) => module).join(' '));
  if (!kept) throw new TypeError('no route');
  if (body.version !== kept.version) return Response.json({ detail: 'stale' }, { status: 409 });
  kept = { version: kept.version + 1, tiles: body.tiles };
  return Response.json(kept);
}

async function answered({ method, body }: RequestInit): Promise<Response> {
  if (refused !== null) return Response.json({ detail: 'no' }, { status: refused });
  if (method === 'PUT') return put(JSON.parse(body as string) as KeptLayout);
  if (!kept) throw new TypeError('no route');
  return Response.json(kept);
}

/** Answers are held back until the returned is called. */
function holdAnswers(): () => void {
  let release = (): void => undefined;
  held = new Promise((resolve) => {
    release = () => resolve(null);
  });
  return release;
}

beforeEach(() => {
  kept = { version: 4, tiles: of('a', 'b') };
  refused = null;
  held = Promise.resolve();
  sent = [];
  notices = new Notices();
  arrangement = new Arrangement(new Session(), notices);
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    const answer = answered(init);
    await held;
    return answer;
  });
});
afterEach(() => {
  notices.clear();
  vi.unstubAllGlobals();
});

test('a change is shown at once and saved, once however often it is asked for', async () => {
  await arrangement.refetch();
  expect(arrangement.layout).toEqual(of('a', 'b'));
  const saving = arrangement.change(of('b', 'a'));
  expect(arrangement.layout).toEqual(of('b', 'a'));
  await saving;
  await arrangement.change(of('b', 'a'));
  expect(sent).toEqual(['b a']);
  expect(kept).toEqual({ version: 5, tiles: of('b', 'a') });
});

test('what changes during a save goes with the next; what lies between is left out', async () => {
  await arrangement.refetch();
  const first = arrangement.change(of('1'));
  void arrangement.change(of('2'));
  void arrangement.change(of('3'));
  await first;
  expect(sent).toEqual(['1', '3']);
  expect(kept?.tiles).toEqual(of('3'));
});

test('a drag is not saved, and nothing from elsewhere comes in between', async () => {
  await arrangement.refetch();
  arrangement.preview(of('b', 'a'));
  kept = { version: 9, tiles: of('c') };
  await arrangement.refetch();
  expect(arrangement.layout).toEqual(of('b', 'a'));
  expect(sent).toEqual([]);
});

test('what can’t be saved is said, stays on screen, and can be tried again', async () => {
  await arrangement.refetch();
  const before = kept;
  kept = null;
  await arrangement.change(of('b', 'a'));
  expect(arrangement.failure).toContain('reached');
  kept = before;
  await arrangement.refetch();
  expect(arrangement.layout).toEqual(of('b', 'a'));
  await arrangement.save();
  expect(arrangement.failure).toBeNull();
  expect(kept?.tiles).toEqual(of('b', 'a'));
});

test('what another page has saved is taken over, and said', async () => {
  await arrangement.refetch();
  kept = { version: 7, tiles: of('c') };
  expect(arrangement.taken).toEqual(of('a', 'b'));
  await arrangement.change(of('b', 'a'));
  expect(arrangement.layout).toEqual(of('c'));
  expect(arrangement.taken).toBe(arrangement.layout);
  expect(arrangement.failure).toBeNull();
  expect(notices.items).toHaveLength(1);
  await arrangement.change(of('d'));
  expect(kept.tiles).toEqual(of('d'));
  await arrangement.refetch();
  expect(arrangement.taken).toEqual(of('c'));
});

test('without an answer the tiles stand in their modules’ order, and changes count', async () => {
  const before = kept;
  kept = null;
  await arrangement.refetch();
  expect(arrangement.layout).toEqual([]);
  kept = before;
  await arrangement.refetch();
  expect(arrangement.layout).toEqual(of('a', 'b'));
});

test.each([
  ['is taken', null],
  ['is refused', 401],
  ['fails', 500],
])('a save that %s after the sign-out changes nothing for who signs in next', async (_, status) => {
  await arrangement.refetch();
  refused = status;
  const answer = holdAnswers();
  void arrangement.change(of('b', 'a'));
  arrangement.clear();
  refused = null;
  kept = { version: 1, tiles: of('other') };
  answer();
  await held;
  await arrangement.refetch();
  await vi.waitFor(() => expect(arrangement.layout).toEqual(of('other')));
  expect(arrangement.failure).toBeNull();
  expect(arrangement.saving).toBe(false);
  await arrangement.change(of('new'));
  expect(sent).toEqual(status === null ? ['b a', 'new'] : ['new']);
  expect(kept.tiles).toEqual(of('new'));
});

test('a layout that comes after the sign-out isn’t shown to who signs in next', async () => {
  const answer = holdAnswers();
  void arrangement.refetch();
  arrangement.clear();
  kept = { version: 1, tiles: of('other') };
  const refetched = arrangement.refetch();
  answer();
  await refetched;
  expect(arrangement.layout).toEqual(of('other'));
});
