import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test('has its figure and where it goes', async () => {
  const node = { type: 'stat_card', label: 'Load', value: 1.5, trend: ['up', '5 %'], color: 'warning' };
  const screen = await render(Harness, { node });
  await expect.element(screen.getByRole('term')).toHaveTextContent('Load');
  await expect.element(screen.getByRole('definition')).toHaveTextContent('1.5');
  await expect.element(screen.getByText('Up:')).toBeInTheDocument();
  await screen.rerender({ node: { ...node, trend: ['down', '2 %'] } });
  await expect.element(screen.getByText('Down:')).toBeInTheDocument();
});
