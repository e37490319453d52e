/** Whether all that the client says goes through `say`: no words in the markup, and no sentences in the code. */
import { parse } from 'svelte/compiler';
import { expect, test } from 'vitest';

const SOURCES = import.meta.glob<string>(
  ['../../**/*.svelte', '../../**/*.ts', '!../../**/*.test.ts', '!../../**/*Harness.svelte'],
  { query: '?raw', import: 'default', eager: true },
);
/** What tests alone are made of. */
const SAMPLES = /\/(samples|stories|vocabulary|vocabulary\.samples)\.ts$/;

/** Names, keys of a keyboard, and what looks the same in any language. */
const NO_WORDS = new Set([
  'Contara',
  'XXXX-XXXX-XXXX',
  ...['Enter', 'Escape', 'Home', 'End', 'ArrowLeft', 'ArrowRight'],
  ...['Content-Type', 'ApiError'],
]);
/** Attributes and properties that a person reads or hears. */
const SAID = new Set('aria-label title placeholder alt label message reason from summary text'.split(' '));

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Letters that are words: not what stands in an expression's place, nor a unit of CSS. */
function isWord(text: string): boolean {
  return /\p{L}/u.test(text) && !NO_WORDS.has(text.replaceAll(/[\s·]+/g, ''));
}

/** Code says sentences and labels with a capital letter; keys, types and classes have none. */
function isSentence(text: string): boolean {
  return /^\p{Lu}\p{Ll}+(?![-\w])/u.test(text) && isWord(text);
}

/** What is said to developers is English. */
function isForDevelopers({ type, callee }: Node): boolean {
  if (type !== 'CallExpression' && type !== 'NewExpression') return false;
  const called = isNode(callee) ? (isNode(callee['object']) ? callee['object'] : callee) : null;
  return called?.['name'] === 'console' || called?.['name'] === 'Error';
}

function wordsIn(node: Node): string[] {
  if (isForDevelopers(node) || node.type.startsWith('Import') || node.type.startsWith('TS')) return [];
  if (node.type === 'Text') return isWord(String(node['data'])) ? [String(node['data'])] : [];
  if (node.type === 'StyleDirective') return wordsInValue(node['value'], true);
  if (node.type === 'Attribute' && !SAID.has(String(node['name']))) return wordsInValue(node['value'], true);
  if (node.type === 'Literal') return isSentence(String(node['value'])) ? [String(node['value'])] : [];
  if (node.type === 'TemplateElement') {
    const { cooked } = node['value'] as { cooked: string };
    return isSentence(cooked) ? [cooked] : [];
  }
  return Object.entries(node).flatMap(([key, value]) => (key === 'css' ? [] : wordsInValue(value)));
}

/** Of an attribute that nobody reads, only the expressions are looked at. */
function wordsInValue(value: unknown, unread = false): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => wordsInValue(each, unread));
  if (!isNode(value) || (unread && value.type === 'Text')) return [];
  return wordsIn(value);
}

/** Code alone is read as the script of a component, as the compiler knows TypeScript. */
function wordsOf(path: string, source: string): string[] {
  const whole = path.endsWith('.svelte') ? source : `<script lang="ts">${source}\n</script>`;
  return wordsIn(parse(whole, { modern: true }) as unknown as Node);
}

/** 2.5 s where nothing else runs: all components are parsed. */
const PARSED_WITHIN = 60_000;

test('nothing is said but through `say`', { timeout: PARSED_WITHIN }, () => {
  const found = Object.entries(SOURCES)
    .filter(([path]) => !SAMPLES.test(path))
    .flatMap(([path, source]) => wordsOf(path, source).map((words) => `${path}: ${words.trim()}`));
  expect(found).toEqual([]);
});

test('words are found wherever they stand', () => {
  const words = `
    <script lang="ts">const told = 'It failed'; const key: string = 'it-failed'; console.warn('Not said.');</script>
    <p class="Red" title="Said">{told}: {key ? 'Yes, so' : \`Or \${told}\`} heard</p>
    <Note label={told} /><input placeholder="192.0.2.1" />`;
  expect(wordsOf('a.svelte', words)).toEqual(['Said', 'Yes, so', 'Or ', ' heard', 'It failed']);
  expect(wordsOf('a.ts', "export const key = (at: Date) => at ? 'Sorry' : 'sorry';")).toEqual(['Sorry']);
});
