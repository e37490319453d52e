import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

const segment = (value: unknown, label?: string, color = 'primary') => ({
  type: 'segment',
  value,
  label,
  color,
});

test('parts are told and drawn in proportion; nothing and less are not', async () => {
  const segments = [
    segment(30, 'Games'),
    segment(0, 'None'),
    segment(-3),
    segment('x'),
    segment(20, 'Apps', 'url(x)'),
  ];
  const screen = await render(Harness, { node: { type: 'segmented_progress', segments, show_legend: true } });
  await expect.element(screen.getByRole('img', { name: 'Games: 30 %, Apps: 20 %' })).toBeInTheDocument();
  const widths = [...screen.container.querySelectorAll<HTMLElement>('.bar > div')].map(
    ({ style }) => style.width,
  );
  expect(widths).toEqual(['30%', '20%']);
  expect(screen.getByRole('listitem').elements()).toHaveLength(2);
});

test('more than a whole still fits', async () => {
  const node = { type: 'segmented_progress', segments: [segment(150), segment(50)], max: 100 };
  const { container } = await render(Harness, { node });
  const widths = [...container.querySelectorAll<HTMLElement>('.bar > div')].map(({ style }) => style.width);
  expect(widths).toEqual(['75%', '25%']);
});
