/** Whether the page can be mirrored for languages that are written to the left: its styles say start and end, not left and right. */
import { parse } from 'svelte/compiler';
import { expect, test } from 'vitest';

const SOURCES = import.meta.glob<string>(['../../**/*.svelte', '../../styles/*.css'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

const SIDES = /^(margin|padding|inset|border-(width|style|color)|scroll-(margin|padding))$/;

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** What stands between spaces, brackets kept whole. */
function parts(value: string): string[] {
  return value.match(/(?:[^\s()]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?)+/g) ?? [];
}

/** Whether a declaration draws the same, whichever way the line runs, that has to be mirrored. */
function isPhysical(property: string, value: string): boolean {
  if (/(^|-)(left|right)(-|$)/.test(property)) return true;
  if (/(^|\s|\()(left|right)\b/.test(value)) return true;
  const [first = '', second = first, third = first, fourth = second] = parts(value);
  if (SIDES.test(property)) return second !== fourth;
  if (property === 'border-radius') return first !== second || third !== fourth;
  if (property === 'translate') return !/^(none|0\w*)$/.test(first);
  return property === 'transform' && /translate(X|3d)?\((?!0[\w%]*[,)])/.test(value);
}

function physicalIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(physicalIn);
  if (typeof node !== 'object' || node === null) return [];
  const { type, property, value, name } = node as Node;
  if (type === 'Declaration')
    return isPhysical(String(property), String(value)) ? [`${String(property)}: ${String(value)}`] : [];
  // Its value is worked out: by pixels of the pointer, say, which have no line.
  if (type === 'StyleDirective') return isPhysical(String(name), '0') ? [`style:${String(name)}`] : [];
  return Object.values(node).flatMap((each) => (isNode(each) || Array.isArray(each) ? physicalIn(each) : []));
}

function physicalOf(path: string, source: string): string[] {
  return physicalIn(parse(path.endsWith('.css') ? `<style>${source}</style>` : source, { modern: true }));
}

test.each(Object.entries(SOURCES))('%s names no left and no right', (path, source) => {
  expect(physicalOf(path, source)).toEqual([]);
});

test.each([
  'margin-left: 1px',
  'border-left-color: red',
  'right: 0',
  'text-align: right',
  'padding: 0 1px 2px 3px',
  'margin: 0 calc(-1 * (var(--s1) + 2px)) 0 0',
  'inset: auto 0 0 auto',
  'border-radius: 4px 0',
  'border-radius: 4px 0 0 4px',
  'translate: -50% 0',
  'transform: translateX(2px)',
  'background: linear-gradient(to right, red, blue)',
])('%s is one that would not be mirrored', (declaration) => {
  expect(physicalOf('sample.css', `a { ${declaration}; }`)).toHaveLength(1);
});

test.each([
  'margin: 0 auto 4px',
  'padding: 1px calc(1px + var(--s2)) 2px calc(1px + var(--s2))',
  'inset: auto 0 var(--s4)',
  'border-radius: 0 0 4px 4px',
  'translate: 0 50%',
  'inset-inline-start: 0',
  'text-align: end',
])('%s stays as it is', (declaration) => {
  expect(physicalOf('sample.css', `a { ${declaration}; }`)).toEqual([]);
});
