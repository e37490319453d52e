import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { FormScope } from '../../state/form.svelte';
import Harness from '../Harness.svelte';

test('boxes of one name make a list in the order of the page', async () => {
  const form = new FormScope();
  const box = (value: string) => ({ type: 'checkbox', name: 'days', label: value, value });
  const screen = await render(Harness, {
    node: { type: 'stack', children: ['mon', 'tue', 'wed'].map(box) },
    form,
  });
  expect(form.collect()).toEqual({ days: [] });
  for (const day of ['wed', 'mon']) await screen.getByLabelText(day).click();
  expect(form.collect()).toEqual({ days: ['mon', 'wed'] });
});

test('a long label wraps beside the box', async () => {
  const node = { type: 'checkbox', name: 'n', label: 'agree '.repeat(100) };
  const screen = await render(Harness, { node });
  const box = screen.getByRole('checkbox').element().getBoundingClientRect();
  const label = screen.container.querySelector('label')?.getBoundingClientRect();
  expect(label?.left).toBeGreaterThan(box.right);
  expect(label?.height).toBeGreaterThan(box.height);
});
