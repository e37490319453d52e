/** Every golden sample of the vocabulary, drawn: seen, without an error, and without a barrier. */
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import golden from '../../../../tests/golden/components.json';
import Harness from './Harness.svelte';
import ModalHarness from './ModalHarness.svelte';
import type { UiNode } from './props';
import { registry } from './registry';

/** Drawn by what they are part of. */
const PARTS = ['segment', 'select_option', 'series', 'tab', 'table_column'];
/** Layouts with nothing inside have nothing to be seen. */
const EMPTY = ['stack minimal', 'grid minimal', 'tabs minimal'];

const samples = golden.map(({ type, name, tree }) => ({ type, name, tree: tree as UiNode }));

beforeEach(() => {
  vi.spyOn(console, 'error');
  vi.spyOn(console, 'warn');
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function drawn(type: string, node: UiNode): Promise<HTMLElement> {
  if (type !== 'modal') return (await render(Harness, { node })).container;
  const screen = await render(ModalHarness, { node });
  return screen.getByRole('dialog').element() as HTMLElement;
}

async function violations(element: HTMLElement): Promise<unknown> {
  const wanted = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = await axe.run(element, { runOnly: wanted });
  return violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }));
}

test.each(samples)('$type ($name) is drawn', async ({ type, name, tree }) => {
  const element = await drawn(type, tree);
  const isPart = PARTS.includes(type);
  expect(element.textContent.includes('Unknown component')).toBe(isPart);
  expect(element.textContent).not.toContain('could not be drawn');
  const seen = element.firstElementChild?.getBoundingClientRect();
  if (!EMPTY.includes(`${type} ${name}`)) expect(seen?.height).toBeGreaterThan(0);
  expect(element.scrollWidth).toBeLessThanOrEqual(element.clientWidth);
  expect(await violations(element)).toEqual([]);
  expect(console.error).not.toHaveBeenCalled();
  expect(console.warn).not.toHaveBeenCalled();
});

test('there is a sample of every type, and nothing else is drawn', () => {
  const types = new Set(samples.map(({ type }) => type));
  expect([...registry.keys(), ...PARTS, 'modal'].sort()).toEqual([...types].sort());
});
const props = [...new Set(samples.flatMap(({ tree }) => Object.keys(tree)))].filter(
  (prop) => prop !== 'type',
);

/** Whatever a hand-written tree may hold; long words and right-to-left text too. */
const JUNK: readonly unknown[] = [
  null,
  true,
  -1e300,
  NaN,
  'W'.repeat(5_000),
  'שלום \u202e<b>עולם</b>',
  ['x', null, 3, { type: 'text' }],
  { __action__: 3, type: {}, constructor: 1 },
  new Date(NaN),
  new Uint8Array([1, 2]),
];

const junk = [...registry.keys()].flatMap((type) => JUNK.map((value, nth) => ({ type, nth, value })));

test.each(junk)('$type survives props of wrong types ($nth)', async ({ type, value }) => {
  const node = Object.fromEntries(props.map((prop) => [prop, value]));
  const { container } = await render(Harness, { node: { ...node, type } });
  expect(container.textContent).not.toContain('could not be drawn');
  expect(container.querySelector('b')).toBeNull();
  expect(container.scrollWidth).toBeLessThanOrEqual(container.clientWidth);
  expect(console.error).not.toHaveBeenCalled();
});

test.each([...registry.keys()])('%s survives the absence of every prop', async (type) => {
  const { container } = await render(Harness, { node: { type } });
  expect(container.textContent).not.toContain('could not be drawn');
  expect(await violations(container)).toEqual([]);
});
