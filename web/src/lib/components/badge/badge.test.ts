import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test.each(['success', 'no such variant', 7, null])('variant %j is drawn', async (variant) => {
  const screen = await render(Harness, { node: { type: 'badge', text: 'Online', variant } });
  await expect.element(screen.getByText('Online')).toBeVisible();
});
