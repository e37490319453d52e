import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test('shows its value and what it counts', async () => {
  const screen = await render(Harness, { node: { type: 'stat', label: 'Count', value: 0 } });
  await expect.element(screen.getByRole('definition')).toHaveTextContent('0');
  await expect.element(screen.getByRole('term')).toHaveTextContent('Count');
});

test('a value that is none is a dash', async () => {
  const screen = await render(Harness, { node: { type: 'stat', label: null, value: { no: 1 } } });
  await expect.element(screen.getByRole('definition')).toHaveTextContent('–');
});
