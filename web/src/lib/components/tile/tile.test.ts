import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test('draws the first module of the author guide', async () => {
  const node = {
    type: 'tile',
    icon: 'Counter',
    title: 'My Module',
    stats: [{ type: 'stat', label: 'Count', value: 3 }],
    actions: [{ type: 'button', label: 'Increment', on_click: { __action__: 'increment' } }],
  };
  const screen = await render(Harness, { node });
  await expect.element(screen.getByRole('heading', { name: 'My Module' })).toBeVisible();
  await expect.element(screen.getByRole('definition')).toHaveTextContent('3');
  await expect.element(screen.getByRole('button', { name: 'Increment' })).toBeVisible();
  await expect.poll(() => screen.container.querySelector('header svg')?.childElementCount).toBeGreaterThan(0);
});

test.each([null, undefined, 7, 'x', [null], {}])('survives lists that are %j', async (junk) => {
  const screen = await render(Harness, {
    node: { type: 'tile', icon: junk, title: 'T', stats: junk, content: junk, actions: junk },
  });
  await expect.element(screen.getByRole('heading', { name: 'T' })).toBeVisible();
});
