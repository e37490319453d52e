/**
 * Icon data at build time. `virtual:icon/<name>` is one icon's SVG body, for icons that our own screens use;
 * `virtual:icon-shards` maps a first letter to a lazily loaded table of every Lucide name (aliases included)
 * with that letter, for names that modules send at run time. A name that doesn't exist fails the build.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { normalizeIconName } from '../src/lib/icons/normalize.ts';

/** Of our own icons those that point along a line of text: mirrored where it runs to the left. */
const ALONG_THE_LINE = [
  'arrow-left',
  'arrow-right',
  'chevron-left',
  'chevron-right',
  'log-out',
  'move-diagonal-2',
  'undo-2',
];

interface IconSet {
  icons: Record<string, { body: string }>;
  aliases: Record<string, { parent: string }>;
}

const ONE = 'virtual:icon/';
const SHARDS = 'virtual:icon-shards';
const SHARD = 'virtual:icon-shard/';

/** What Icon.svelte puts on the <svg> itself, so that it isn't repeated 1,900 times. */
const COMMON =
  ' fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" stroke-width="2"';

function slim(body: string): string {
  const plain = body.replaceAll(COMMON, '');
  const group = /^<g>(.*)<\/g>$/s.exec(plain);
  return group?.[1] ?? plain;
}

function readSet(): IconSet {
  const path = createRequire(import.meta.url).resolve('@iconify-json/lucide/icons.json');
  return JSON.parse(readFileSync(path, 'utf8')) as IconSet;
}

function bodyOf(set: IconSet, name: string): string | undefined {
  const icon = set.icons[name] ?? set.icons[set.aliases[name]?.parent ?? ''];
  return icon && slim(icon.body);
}

/** Canonical names are added last: where an old alias collides with one after normalising, the canonical wins. */
function shards(set: IconSet): Map<string, Record<string, string>> {
  const byLetter = new Map<string, Record<string, string>>();
  for (const name of [...Object.keys(set.aliases), ...Object.keys(set.icons)]) {
    const body = bodyOf(set, name);
    const key = normalizeIconName(name);
    const letter = key[0];
    if (body === undefined || letter === undefined) continue;
    const shard = byLetter.get(letter) ?? {};
    shard[key] = body;
    byLetter.set(letter, shard);
  }
  return byLetter;
}

export function lucide(): Plugin {
  const set = readSet();
  const byLetter = shards(set);
  return {
    name: 'contara-lucide',
    resolveId(id) {
      return id.startsWith('virtual:icon') ? `\0${id}` : null;
    },
    load(id) {
      if (!id.startsWith('\0virtual:icon')) return null;
      const name = id.slice(1);
      if (name === SHARDS) {
        const entries = [...byLetter.keys()]
          .sort()
          .map((l) => `${JSON.stringify(l)}: () => import('${SHARD}${l}')`);
        return `export default { ${entries.join(', ')} };`;
      }
      if (name.startsWith(SHARD)) {
        return `export default ${JSON.stringify(byLetter.get(name.slice(SHARD.length)) ?? {})};`;
      }
      const icon = name.slice(ONE.length);
      const body = bodyOf(set, icon);
      if (body === undefined) this.error(`There is no Lucide icon “${icon}”.`);
      const drawn = ALONG_THE_LINE.includes(icon) ? `<g class="along">${body}</g>` : body;
      return `export default ${JSON.stringify(drawn)};`;
    },
  };
}
