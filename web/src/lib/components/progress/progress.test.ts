import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';
import { partOf } from './part';

test.each([
  [50, 200, 0.25],
  [-5, 100, 0],
  [500, 100, 1],
  [5, 0, 1],
  [0, 0, 0],
  ['x', 100, 0],
  [30, null, 0.3],
])('%j of %j is %j', (value, max, part) => {
  expect(partOf(value, max)).toBe(part);
});

test('is told, with its words', async () => {
  const node = { type: 'progress', value: 3, max: 4, label: 'Memory', sublabel: '3 of 4 GB' };
  const screen = await render(Harness, { node });
  const bar = screen.getByRole('progressbar', { name: 'Memory' });
  await expect.element(bar).toHaveAttribute('aria-valuenow', '75');
  await expect.element(screen.getByText('3 of 4 GB')).toBeVisible();
});

test('one that has no value is under way', async () => {
  const screen = await render(Harness, { node: { type: 'progress', value: null } });
  await expect.element(screen.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow');
});
