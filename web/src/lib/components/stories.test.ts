/** What the page of all components shows is drawn, and is all that there is. */
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from './Harness.svelte';
import { registry } from './registry';
import { KINDS } from './stories';

test('every kind has stories', () => {
  const told = KINDS.map(({ name }) => name).sort();
  expect(told).toEqual([...registry.keys(), 'modal', 'unknown'].sort());
});

const stories = KINDS.filter(({ name }) => name !== 'modal' && name !== 'unknown').flatMap(
  ({ name, stories }) => Object.entries(stories).map(([story, node]) => ({ name, story, node })),
);

test.each(stories)('$name: $story is drawn and widens nothing', async ({ name, node }) => {
  expect(node['type']).toBe(name);
  const { container } = await render(Harness, { node });
  expect(container.textContent).not.toContain('could not be drawn');
  expect(container.scrollWidth).toBeLessThanOrEqual(container.clientWidth);
});
