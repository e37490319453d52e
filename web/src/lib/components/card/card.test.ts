import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test('has a head and a foot only if there is something for them', async () => {
  const body = { type: 'text', content: 'body' };
  const screen = await render(Harness, { node: { type: 'card', children: [body], footer: [] } });
  await expect.element(screen.getByText('body')).toBeVisible();
  expect(screen.container.querySelector('header, footer')).toBeNull();
  const foot = { type: 'text', content: 'foot' };
  await screen.rerender({ node: { type: 'card', title: 'Head', children: [body], footer: [foot] } });
  await expect.element(screen.getByRole('heading', { name: 'Head' })).toBeVisible();
  await expect.element(screen.getByText('foot')).toBeVisible();
});
