import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

test('markup in it is text', async () => {
  const content = '<img src=x onerror="document.title=1"><b>bold</b>';
  const screen = await render(Harness, { node: { type: 'text', content } });
  await expect.element(screen.getByText(content)).toBeInTheDocument();
  expect(screen.container.querySelector('img, b')).toBeNull();
});

test('code is code', async () => {
  const screen = await render(Harness, { node: { type: 'text', content: 'ls', variant: 'code' } });
  expect(screen.container.querySelector('code')?.textContent).toBe('ls');
});

test('100 kB in one word widens nothing', async () => {
  const screen = await render(Harness, { node: { type: 'text', content: 'W'.repeat(100_000) } });
  expect(screen.container.scrollWidth).toBeLessThanOrEqual(screen.container.clientWidth);
});
