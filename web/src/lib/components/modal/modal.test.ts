import { userEvent } from 'vitest/browser';
import { createRawSnippet } from 'svelte';
import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Modal from './Modal.svelte';

const notices = createRawSnippet(() => ({ render: () => '<span></span>' }));
const node = { id: 'm', title: 'Details', children: [{ type: 'text', content: 'inside' }] };

test('opens, is named, and asks to be closed on Escape', async () => {
  const onclose = vi.fn();
  const screen = await render(Modal, { node, stuck: false, onclose, notices });
  await expect.element(screen.getByRole('dialog', { name: 'Details' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  expect(onclose).toHaveBeenCalledOnce();
});

test('gives the focus back to where it was', async () => {
  const opener = document.body.appendChild(document.createElement('button'));
  opener.focus();
  const screen = await render(Modal, { node, stuck: false, onclose: () => undefined, notices });
  expect(document.activeElement).not.toBe(opener);
  await screen.rerender({ node: null });
  expect(document.activeElement).toBe(opener);
  opener.remove();
});

test('one that is not closable stays, until nothing in it can work', async () => {
  const onclose = vi.fn();
  const fixed = { ...node, closable: false };
  const screen = await render(Modal, { node: fixed, stuck: false, onclose, notices });
  await userEvent.keyboard('{Escape}{Escape}');
  expect(onclose).not.toHaveBeenCalled();
  await expect.element(screen.getByRole('dialog')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Close' }).elements()).toHaveLength(0);
  await screen.rerender({ stuck: true });
  await screen.getByRole('button', { name: 'Close' }).click();
  expect(onclose).toHaveBeenCalledOnce();
});
