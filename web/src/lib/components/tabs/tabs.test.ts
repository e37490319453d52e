import { userEvent } from 'vitest/browser';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { FormScope } from '../../state/form.svelte';
import Harness from '../Harness.svelte';

const tab = (id: string, ...children: object[]) => ({ type: 'tab', id, label: `Tab ${id}`, children });
const tabs = (...all: object[]) => ({ type: 'tabs', tabs: all });
const says = (content: string) => ({ type: 'text', content });

test('shows the first or the one that the module names', async () => {
  const node = tabs(tab('a', says('one')), tab('b', says('two')));
  const screen = await render(Harness, { node: { ...node, default_tab: 'b' } });
  await expect.element(screen.getByText('two')).toBeVisible();
  await expect.element(screen.getByText('one')).not.toBeVisible();
  await expect.element(screen.getByRole('tab', { name: 'Tab b' })).toHaveAttribute('aria-selected', 'true');
});

test('arrows, Home and End move through them', async () => {
  const screen = await render(Harness, {
    node: tabs(...['a', 'b', 'c'].map((id) => tab(id, says(`in ${id}`)))),
  });
  await screen.getByRole('tab', { name: 'Tab a' }).click();
  await userEvent.keyboard('{ArrowLeft}');
  await expect.element(screen.getByText('in c')).toBeVisible();
  await expect.element(screen.getByRole('tab', { name: 'Tab c' })).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await expect.element(screen.getByText('in b')).toBeVisible();
  await userEvent.keyboard('{End}{Home}');
  await expect.element(screen.getByText('in a')).toBeVisible();
});

test('where lines run to the left, the arrow to the left goes on', async () => {
  const screen = await render(Harness, {
    node: tabs(...['a', 'b', 'c'].map((id) => tab(id, says(`in ${id}`)))),
  });
  screen.container.dir = 'rtl';
  await screen.getByRole('tab', { name: 'Tab a' }).click();
  await userEvent.keyboard('{ArrowLeft}');
  await expect.element(screen.getByText('in b')).toBeVisible();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(screen.getByText('in a')).toBeVisible();
});

test('the choice survives frames, and the end of its tab shows the first', async () => {
  const screen = await render(Harness, { node: tabs(tab('a', says('one')), tab('b', says('two'))) });
  await screen.getByRole('tab', { name: 'Tab b' }).click();
  await screen.rerender({
    node: tabs(tab('z', says('zero')), tab('a', says('one')), tab('b', says('two!'))),
  });
  await expect.element(screen.getByText('two!')).toBeVisible();
  await screen.rerender({ node: tabs(tab('a', says('one'))) });
  await expect.element(screen.getByText('one')).toBeVisible();
});

test('fields of all tabs are sent, and an error shows its tab', async () => {
  const form = new FormScope();
  const field = (name: string) => ({ type: 'input', name, label: name, value: name });
  const screen = await render(Harness, { node: tabs(tab('a', field('x')), tab('b', field('y'))), form });
  const submission = form.send();
  expect(submission.data).toEqual({ x: 'x', y: 'y' });
  submission.rejected({ y: 'wrong' });
  await expect.element(screen.getByText('wrong')).toBeVisible();
  await expect.element(screen.getByLabelText('y')).toHaveFocus();
});
