import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';
import { DEEPEST } from '../context';

test.each(['carousel', 'constructor', '__proto__', 'segment'])('unknown type %j is named', async (type) => {
  const screen = await render(Harness, { node: { type } });
  await expect.element(screen.getByText(`Unknown component “${type}”`)).toBeVisible();
});

test.each([undefined, null, {}, []])('a type that is %j is none', async (type) => {
  const screen = await render(Harness, { node: { type } });
  await expect.element(screen.getByText('Component without a type')).toBeVisible();
});

test('a tree as deep as the sea ends at the deepest level', async () => {
  let node: Record<string, unknown> = { type: 'text', content: 'bottom' };
  for (let depth = 0; depth < DEEPEST + 10; depth++) node = { type: 'stack', children: [node] };
  const screen = await render(Harness, { node });
  await expect.element(screen.getByText('Nested too deeply')).toBeInTheDocument();
});

test('a component that throws leaves its neighbours alone, and comes back with good data', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  const broken = {
    type: 'text',
    get content(): string {
      throw new Error('bad tree');
    },
  };
  const neighbour = { type: 'text', content: 'neighbour' };
  const screen = await render(Harness, { node: { type: 'stack', children: [broken, neighbour] } });
  await expect.element(screen.getByText('This part could not be drawn')).toBeVisible();
  await expect.element(screen.getByText('neighbour')).toBeVisible();
  await screen.rerender({
    node: { type: 'stack', children: [{ type: 'text', content: 'healed' }, neighbour] },
  });
  await expect.element(screen.getByText('healed')).toBeVisible();
});
