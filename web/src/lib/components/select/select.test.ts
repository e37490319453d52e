import { userEvent } from 'vitest/browser';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { FormScope } from '../../state/form.svelte';
import Harness from '../Harness.svelte';

const options = [
  { value: 'a', label: 'One' },
  { value: 'b', label: 'Two' },
  { value: 'b', label: 'Twice' },
];

test('a choice is kept for as long as it can be chosen', async () => {
  const form = new FormScope();
  const node = { type: 'select', name: 'n', label: 'L', options, value: 'a' };
  const screen = await render(Harness, { node, form });
  await screen.getByLabelText('L').selectOptions('b');
  await screen.rerender({ node: { ...node, options: [...options, { value: 'c', label: 'Three' }] } });
  expect(form.collect()).toEqual({ n: 'b' });
  await screen.rerender({ node: { ...node, options: options.slice(0, 1) } });
  await expect.element(screen.getByLabelText('L')).toHaveValue('a');
  expect(form.collect()).toEqual({ n: 'a' });
});

test('several are chosen one by one, by keyboard too', async () => {
  const form = new FormScope();
  const node = { type: 'select', name: 'n', label: 'L', options, multiple: true };
  const screen = await render(Harness, { node, form });
  await expect.element(screen.getByRole('group', { name: 'L' })).toBeVisible();
  await screen.getByLabelText('Two').click();
  await userEvent.tab({ shift: true });
  await userEvent.keyboard(' ');
  expect(form.collect()).toEqual({ n: ['a', 'b'] });
});

test('thousands are there, and only those in sight are drawn', async () => {
  const form = new FormScope();
  const many = Array.from({ length: 5_000 }, (_, n) => ({
    value: `v${String(n)}`,
    label: `Option ${String(n)}`,
  }));
  const values = many.map(({ value }) => value);
  const node = { type: 'select', name: 'n', label: 'L', options: many, multiple: true, values };
  const screen = await render(Harness, { node, form });
  const last = screen.getByLabelText('Option 4999').element();
  const drawn = () => last.checkVisibility({ contentVisibilityAuto: true });
  await expect.poll(drawn).toBe(false);
  await screen.getByLabelText('Option 4999').click();
  await expect.poll(drawn).toBe(true);
  expect(form.collect()).toEqual({ n: values.slice(0, -1) });
});
