import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Harness from '../Harness.svelte';

const node = { type: 'button', label: 'Go', on_click: { __action__: 'go', __params__: { n: 1 } } };

test('runs its action with its parameters', async () => {
  const run = vi.fn();
  const screen = await render(Harness, { node, module: { run } });
  await screen.getByRole('button', { name: 'Go' }).click();
  expect(run).toHaveBeenCalledOnce();
  expect(run.mock.calls[0]?.[0]).toEqual({ action: 'go', params: { n: 1 }, confirm: null });
});

test('one that is dangerous says so, by the name that people know it by', async () => {
  const run = vi.fn();
  const danger = { ...node, variant: 'danger', confirm: 'All of it?' };
  const screen = await render(Harness, { node: danger, module: { run } });
  await screen.getByRole('button', { name: 'Go' }).click();
  expect(run.mock.calls[0]?.[0]).toMatchObject({ confirm: 'All of it?', danger: 'Go' });
});

test('does nothing while busy, and keeps the focus', async () => {
  const run = vi.fn();
  const screen = await render(Harness, { node, module: { run, busy: () => true } });
  const button = screen.getByRole('button', { name: 'Go' });
  await expect.element(button).toHaveAttribute('aria-busy', 'true');
  const element = button.element() as HTMLButtonElement;
  element.focus();
  element.click();
  expect(run).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(element);
});

test('is as large while busy as before', async () => {
  const size = async (busy: boolean) => {
    const screen = await render(Harness, { node, module: { busy: () => busy } });
    const { width, height } = screen.getByRole('button', { name: 'Go' }).element().getBoundingClientRect();
    await screen.unmount();
    return [width, height];
  };
  expect(await size(true)).toEqual(await size(false));
});

test('says why it cannot work', async () => {
  const run = vi.fn();
  const screen = await render(Harness, { node, module: { run, blocked: 'Not connected' } });
  const button = screen.getByRole('button', { name: 'Go' });
  await expect.element(button).toHaveAttribute('aria-disabled', 'true');
  await expect.element(button).toHaveAccessibleDescription('Not connected');
  const reason = screen.getByText('Not connected');
  await expect.element(reason).not.toBeVisible();
  (button.element() as HTMLElement).focus();
  await expect.element(reason).toBeVisible();
  (button.element() as HTMLElement).blur();
  await expect.element(reason).not.toBeVisible();
  (button.element() as HTMLButtonElement).click();
  expect(run).not.toHaveBeenCalled();
});

test('with an icon only, it still has its name', async () => {
  const screen = await render(Harness, { node: { ...node, icon: 'wrench', icon_only: true } });
  await expect.element(screen.getByRole('button', { name: 'Go' })).toBeVisible();
});

test('without an action it leaves the modal around it', async () => {
  const dismiss = vi.fn();
  const screen = await render(Harness, { node: { type: 'button', label: 'Cancel' }, module: { dismiss } });
  await screen.getByRole('button', { name: 'Cancel' }).click();
  expect(dismiss).toHaveBeenCalledOnce();
});
