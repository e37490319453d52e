import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test('says its weight in a word, and is no live region', async () => {
  const node = { type: 'alert', variant: 'error', title: 'Disk full', message: 'Delete something' };
  const screen = await render(Harness, { node });
  await expect.element(screen.getByText('Error:')).toBeInTheDocument();
  await expect.element(screen.getByText('Disk full')).toBeVisible();
  expect(screen.getByRole('alert').elements()).toHaveLength(0);
});

test('an unknown variant is a note', async () => {
  const screen = await render(Harness, { node: { type: 'alert', variant: 'doom', message: 'x' } });
  await expect.element(screen.getByText('Note:')).toBeInTheDocument();
});
