import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test('stands on one line: what, then how much', async () => {
  const screen = await render(Harness, { node: { type: 'stat_small', label: 'Free', value: 0 } });
  const what = screen.getByRole('term').element().getBoundingClientRect();
  const much = screen.getByRole('definition').element().getBoundingClientRect();
  await expect.element(screen.getByRole('definition')).toHaveTextContent('0');
  expect(much.left).toBeGreaterThan(what.right);
});

test('a long value goes to a second line, rather than the words breaking', async () => {
  const value = 'read and written '.repeat(20);
  const screen = await render(Harness, { node: { type: 'stat_small', label: 'vda', value } });
  expect(screen.getByRole('term').element().getBoundingClientRect().height).toBeLessThan(25);
  expect(screen.getByRole('definition').element().getBoundingClientRect().height).toBeGreaterThan(25);
});
