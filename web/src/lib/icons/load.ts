/**
 * Finds an icon's SVG body by the name that a module gave. Shards are fetched once each; a shard that couldn't be
 * fetched is tried again at the next use, since the connection may be back by then.
 */
import fallback from 'virtual:icon/box';
import shards from 'virtual:icon-shards';
import { iconKeys } from './normalize';

type Shard = Record<string, string>;

const loaded = new Map<string, Shard>();
const loading = new Map<string, Promise<Shard>>();

/** The neutral icon of a name that isn't one. */
export const fallbackIcon = fallback;

function inShard(shard: Shard, key: string): string | undefined {
  return Object.hasOwn(shard, key) ? shard[key] : undefined;
}

function fetchShard(letter: string): Promise<Shard> {
  const pending = loading.get(letter);
  if (pending) return pending;
  const load = Object.hasOwn(shards, letter) ? shards[letter] : undefined;
  if (!load) return Promise.resolve({});
  const promise = load().then(
    ({ default: shard }) => {
      loaded.set(letter, shard);
      return shard;
    },
    (cause: unknown) => {
      loading.delete(letter);
      throw cause;
    },
  );
  loading.set(letter, promise);
  return promise;
}

/** The body if no fetch is needed to know it; undefined if one is. */
export function iconNow(name: string): string | undefined {
  for (const key of iconKeys(name)) {
    const shard = loaded.get(key.charAt(0));
    if (!shard) return undefined;
    const body = inShard(shard, key);
    if (body !== undefined) return body;
  }
  return fallback;
}

/** The body, or the neutral icon for an unknown name or when its shard can't be had. */
export async function loadIcon(name: string): Promise<string> {
  try {
    for (const key of iconKeys(name)) {
      const body = inShard(await fetchShard(key.charAt(0)), key);
      if (body !== undefined) return body;
    }
  } catch {
    // Not reachable just now: the neutral icon stands in.
  }
  return fallback;
}
