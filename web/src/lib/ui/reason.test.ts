/** Why a control can’t work, as it is shown and goes away: WCAG 1.4.13. */
import { expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import PushButton from './PushButton.svelte';

async function blocked() {
  const screen = await render(PushButton, { label: 'Save', blocked: 'Not connected' });
  return { button: screen.getByRole('button', { name: 'Save' }), words: screen.getByText('Not connected') };
}

test('it is shown to a pointer, which can go on to the words themselves', async () => {
  const { button, words } = await blocked();
  await expect.element(words).not.toBeVisible();
  await button.hover();
  await expect.element(words).toBeVisible();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  button.element().dispatchEvent(new PointerEvent('pointerleave'));
  vi.advanceTimersByTime(100);
  words.element().dispatchEvent(new PointerEvent('pointerenter'));
  vi.advanceTimersByTime(1_000);
  expect(words.element().matches(':popover-open')).toBe(true);
  words.element().dispatchEvent(new PointerEvent('pointerleave'));
  vi.advanceTimersByTime(1_000);
  expect(words.element().matches(':popover-open')).toBe(false);
  vi.useRealTimers();
});

test('Escape takes it away and nothing else; the focus leaves with it too', async () => {
  const { button, words } = await blocked();
  const heard = vi.fn<(key: string) => void>();
  const listen = ({ key }: KeyboardEvent) => heard(key);
  document.addEventListener('keydown', listen);
  button.element().focus();
  await expect.element(words).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(words).not.toBeVisible();
  await expect.element(button).toHaveFocus();
  expect(heard).not.toHaveBeenCalled();
  await userEvent.keyboard('{Escape}');
  expect(heard).toHaveBeenCalledExactlyOnceWith('Escape');
  document.removeEventListener('keydown', listen);
  button.element().blur();
  button.element().focus();
  await expect.element(words).toBeVisible();
  button.element().blur();
  await expect.element(words).not.toBeVisible();
});
