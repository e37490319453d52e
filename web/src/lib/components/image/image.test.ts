import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

test('keeps its place while it loads', async () => {
  const node = { type: 'image', src: PIXEL, alt: 'A pixel', width: 40, height: 30 };
  const screen = await render(Harness, { node });
  const box = screen.getByRole('img', { name: 'A pixel' }).element().getBoundingClientRect();
  expect([box.width, box.height]).toEqual([40, 30]);
});

test('one that cannot be had is a calm box with its words, until another comes', async () => {
  const node = { type: 'image', src: 'data:image/png;base64,AA==', alt: 'Broken' };
  const screen = await render(Harness, { node });
  await expect.element(screen.getByText('Broken')).toBeVisible();
  await screen.rerender({ node: { ...node, src: PIXEL } });
  await expect.poll(() => screen.container.querySelector('img')).not.toBeNull();
});

test('an address that is none is never asked for', async () => {
  const screen = await render(Harness, { node: { type: 'image', src: 'javascript:alert(1)', alt: 'x' } });
  await expect.element(screen.getByRole('img', { name: 'x' })).toBeVisible();
  expect(screen.container.querySelector('img')).toBeNull();
});

test('one on another host is never asked for: its place leads there', async () => {
  const src = 'https://x.org/i.png';
  const screen = await render(Harness, { node: { type: 'image', src, alt: 'Cover' } });
  const link = screen.getByRole('link', { name: 'Cover: Picture on x.org' });
  await expect.element(link).toHaveAttribute('href', src);
  await expect.element(link).toHaveAttribute('rel', 'noopener noreferrer');
  expect(screen.container.querySelector('img')).toBeNull();
  await screen.rerender({ node: { type: 'image', src, width: 40, height: 40 } });
  await expect.element(screen.getByRole('link', { name: 'Picture on x.org' })).toBeVisible();
});
