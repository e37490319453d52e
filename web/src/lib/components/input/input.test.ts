import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test.each(['text', 'password', 'email', 'number', 'date', 'time', 'url'])(
  '%s is of its kind',
  async (kind) => {
    const screen = await render(Harness, {
      node: { type: 'input', name: 'n', label: 'L', input_type: kind },
    });
    await expect.element(screen.getByLabelText('L')).toHaveAttribute('type', kind);
  },
);

test('limits reach the control, and required is told', async () => {
  const node = { type: 'input', name: 'n', label: 'L', input_type: 'number', min: 0, max: 9, required: true };
  const screen = await render(Harness, { node });
  const field = screen.getByLabelText('L');
  await expect.element(field).toHaveAttribute('min', '0');
  await expect.element(field).toHaveAttribute('max', '9');
  await expect.element(field).toHaveAttribute('step', 'any');
  await expect.element(field).toBeRequired();
});

test('without a label it still has a name', async () => {
  const screen = await render(Harness, { node: { type: 'input', name: 'host', placeholder: 'example.org' } });
  await expect.element(screen.getByRole('textbox', { name: 'example.org' })).toBeVisible();
});

test('the error of the module is shown', async () => {
  const screen = await render(Harness, { node: { type: 'input', name: 'n', label: 'L', error: 'Taken' } });
  await expect.element(screen.getByLabelText('L')).toHaveAccessibleDescription('Taken');
});
