import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

const cells = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({ type: 'text', content: String(nth) }));

async function columns(node: object, width: number): Promise<number> {
  const { container } = await render(Harness, {
    node: { type: 'grid', children: cells(6), gap: '2', ...node },
  });
  container.style.width = `${String(width)}px`;
  const grid = container.querySelector('.grid');
  if (!grid) throw new Error('no grid');
  return getComputedStyle(grid).gridTemplateColumns.split(' ').length;
}

test.each([1, 2, 3, 4, 5, 6])('%d columns where there is room', async (count) => {
  expect(await columns({ columns: count }, 777)).toBe(count);
});

test('fewer where there is none', async () => {
  expect(await columns({ columns: 6 }, 250)).toBe(2);
});

test('tracks of the author, if they are tracks', async () => {
  expect(await columns({ columns: '1fr 2fr 1fr' }, 777)).toBe(3);
  expect(await columns({ columns: 'url(x)' }, 777)).toBe(2);
  expect(await columns({ columns: null }, 777)).toBe(2);
});
