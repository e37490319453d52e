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
