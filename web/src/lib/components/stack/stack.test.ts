import { userEvent } from 'vitest/browser';
import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

const children = [{ type: 'text', content: 'one' }, null, 'two', { type: 'text', content: 'three' }];

test('draws its children and leaves out what is none', async () => {
  const screen = await render(Harness, { node: { type: 'stack', gap: '99', children } });
  await expect.element(screen.getByText('one')).toBeVisible();
  await expect.element(screen.getByText('three')).toBeVisible();
  expect(screen.getByText('two').elements()).toHaveLength(0);
});

test('with an action it is one control, by mouse and by keyboard', async () => {
  const run = vi.fn();
  const node = { type: 'stack', children, on_click: { __action__: 'open' } };
  const screen = await render(Harness, { node, module: { run } });
  await screen.getByRole('button').click();
  await userEvent.keyboard('{Enter}');
  expect(run).toHaveBeenCalledTimes(2);
});

test('a chart in it has no control of its own, until it is none any more', async () => {
  const node = { type: 'stack', children: [{ type: 'line_chart', data: [1, 2] }] };
  const screen = await render(Harness, { node: { ...node, on_click: { __action__: 'open' } } });
  await expect.element(screen.getByRole('button')).toBeVisible();
  expect(screen.getByRole('slider').elements()).toHaveLength(0);
  await screen.rerender({ node });
  await expect.element(screen.getByRole('slider')).toBeVisible();
});
