import { userEvent } from 'vitest/browser';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { FormScope } from '../../state/form.svelte';
import Harness from '../Harness.svelte';

test('is a switch, by mouse on its label and by keyboard', async () => {
  const form = new FormScope();
  const screen = await render(Harness, { node: { type: 'toggle', name: 'n', label: 'Notify' }, form });
  await screen.getByText('Notify').click();
  await expect.element(screen.getByRole('switch', { name: 'Notify' })).toBeChecked();
  expect(form.collect()).toEqual({ n: true });
  await userEvent.keyboard(' ');
  expect(form.collect()).toEqual({ n: false });
});
