import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test('says what goes on, or that something does', async () => {
  const screen = await render(Harness, { node: { type: 'spinner', label: 'Scanning', size: 'lg' } });
  await expect.element(screen.getByText('Scanning')).toBeVisible();
  await screen.rerender({ node: { type: 'spinner' } });
  await expect.element(screen.getByText('Busy')).toBeInTheDocument();
});
