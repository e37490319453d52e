/** Fields as people use them: what is sent, what survives frames, and where errors show. */
import { userEvent } from 'vitest/browser';
import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { FormScope } from '../../state/form.svelte';
import Harness from '../Harness.svelte';

const input = (name: string, more: object = {}) => ({ type: 'input', name, label: name, ...more });
const stack = (...children: object[]) => ({ type: 'stack', children });
const save = { type: 'button', label: 'Save', on_click: { __action__: 'save' } };

async function setUp(...children: object[]) {
  const form = new FormScope();
  const run = vi.fn();
  const screen = await render(Harness, { node: stack(...children), form, module: { run } });
  const show = (...next: object[]) => screen.rerender({ node: stack(...next) });
  return { screen, form, run, show };
}

test('every kind of field is sent under its name, disabled ones are not', async () => {
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase() }));
  const { form } = await setUp(
    input('text', { value: 'x' }),
    input('port', { input_type: 'number', value: '80' }),
    input('notes', { input_type: 'textarea', value: 'one\ntwo' }),
    input('off', { value: 'y', disabled: true }),
    { type: 'select', name: 'one', options, value: 'b' },
    { type: 'select', name: 'first', options },
    { type: 'select', name: 'none', options: [] },
    { type: 'select', name: 'some', options, multiple: true, values: ['c', 'a', 'gone'] },
    { type: 'toggle', name: 'on', checked: true },
    { type: 'checkbox', name: 'agree' },
    { type: 'checkbox', name: 'days', value: 'mon', checked: true },
    { type: 'checkbox', name: 'days', value: 'tue' },
    { type: 'checkbox', name: 'days', value: 'wed', checked: true },
  );
  expect(form.collect()).toEqual({
    text: 'x',
    port: '80',
    notes: 'one\ntwo',
    one: 'b',
    first: 'a',
    none: null,
    some: ['a', 'c'],
    on: true,
    agree: false,
    days: ['mon', 'wed'],
  });
});

test('no fields are no form', async () => {
  const { form } = await setUp({ type: 'text', content: 'x' }, input(''));
  expect(form.collect()).toBeNull();
});

test('what is typed survives frames; what is not follows the module', async () => {
  const { screen, form, show } = await setUp(input('typed', { value: 'a' }), input('left', { value: 'a' }));
  await screen.getByLabelText('typed').fill('mine');
  const element = screen.getByLabelText('typed').element();
  await show(input('typed', { value: 'b' }), input('left', { value: 'b' }));
  expect(form.collect()).toEqual({ typed: 'mine', left: 'b' });
  await expect.element(screen.getByLabelText('left')).toHaveValue('b');
  expect(document.activeElement).toBe(element);
});

test('what the module says instead is offered: taken, it is the field’s', async () => {
  const { screen, form, show } = await setUp(input('host', { value: 'a' }));
  const box = screen.getByLabelText('host');
  await box.fill('mine');
  (box.element() as HTMLInputElement).setSelectionRange(1, 2);
  await show(input('host', { value: 'theirs' }));
  await expect.element(screen.getByText('Changed elsewhere to theirs')).toBeVisible();
  expect(form.collect()).toEqual({ host: 'mine' });
  expect((box.element() as HTMLInputElement).selectionStart).toBe(1);
  const live = screen.container.querySelector('[aria-live=polite]');
  expect(live?.textContent).toBe('Changed elsewhere');
  await show(input('host', { value: '' }));
  await expect.element(screen.getByText('Emptied elsewhere')).toBeVisible();
  await show(input('host', { value: 'newer' }));
  await screen.getByRole('button', { name: 'Take it' }).click();
  expect(form.collect()).toEqual({ host: 'newer' });
  await expect.element(box).toHaveValue('newer');
  await expect.element(box).toHaveFocus();
  expect(screen.getByRole('button').elements()).toHaveLength(0);
  expect(live?.textContent).toBe('');
});

test('what is declined is offered again only when it is something else', async () => {
  const { screen, form, show } = await setUp(input('host', { value: 'a' }));
  await screen.getByLabelText('host').fill('mine');
  await show(input('host', { value: 'b' }));
  await screen.getByRole('button', { name: 'Keep mine' }).click();
  await expect.element(screen.getByLabelText('host')).toHaveFocus();
  await show(input('host', { value: 'b', help: 'new' }));
  expect(screen.getByRole('button').elements()).toHaveLength(0);
  expect(form.collect()).toEqual({ host: 'mine' });
  await show(input('host', { value: 'c' }));
  await expect.element(screen.getByText('Changed elsewhere to c')).toBeVisible();
});

test('nothing is offered of what agrees, of secrets, or while the module is asked', async () => {
  const { screen, form, show } = await setUp(
    input('host', { value: 'a' }),
    input('key', { input_type: 'password' }),
  );
  await screen.getByLabelText('host').fill('mine');
  await screen.getByLabelText('key').fill('secret');
  const submission = form.send();
  await show(input('host', { value: 'MINE' }), input('key', { input_type: 'password', value: 'x' }));
  expect(screen.container.textContent).not.toContain('elsewhere');
  submission.rejected({});
  await expect.element(screen.getByText('Changed elsewhere to MINE')).toBeVisible();
  await show(input('host', { value: 'mine' }), input('key', { input_type: 'password', value: 'y' }));
  await expect.poll(() => screen.container.textContent).not.toContain('elsewhere');
});

test('choices are offered by their labels', async () => {
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase() }));
  const fields = (one: string, some: string[]) => [
    { type: 'select', name: 'one', label: 'one', options, value: one },
    { type: 'select', name: 'some', label: 'some', options, multiple: true, values: some },
  ];
  const { screen, show } = await setUp(...fields('a', ['a']));
  await screen.getByLabelText('one').selectOptions('b');
  await screen.getByLabelText('B').click();
  await show(...fields('c', ['c', 'a']));
  await expect.element(screen.getByText('Changed elsewhere to C', { exact: true })).toBeVisible();
  await expect.element(screen.getByText('Changed elsewhere to A, C')).toBeVisible();
});

test('typing goes on where it was when something appears above', async () => {
  const { screen, show } = await setUp(input('name'));
  await screen.getByLabelText('name').click();
  await userEvent.keyboard('hello wor');
  await show(
    { type: 'alert', message: 'new' },
    { type: 'text', content: 'above' },
    input('name', { value: 'server' }),
  );
  await userEvent.keyboard('ld');
  await expect.element(screen.getByLabelText('name')).toHaveValue('hello world');
});

test('a field that the module moves elsewhere keeps what was typed', async () => {
  const { screen, show } = await setUp(input('name'));
  await screen.getByLabelText('name').fill('mine');
  await show({ type: 'card', children: [input('name', { value: 'server' })] });
  await expect.element(screen.getByLabelText('name')).toHaveValue('mine');
});

test('typing the value of the module back is no edit', async () => {
  const { screen, show } = await setUp(input('name', { value: 'a' }));
  await screen.getByLabelText('name').fill('b');
  await screen.getByLabelText('name').fill('a');
  await show(input('name', { value: 'c' }));
  await expect.element(screen.getByLabelText('name')).toHaveValue('c');
});

test('once accepted, what the module made of it counts; a password is forgotten at once', async () => {
  const secret = { input_type: 'password', filled: true };
  const { screen, form, show } = await setUp(input('name', { value: 'a' }), input('key', secret));
  await expect.element(screen.getByLabelText('key')).toHaveAttribute('placeholder', 'Stored');
  await screen.getByLabelText('name').fill(' Mine ');
  await screen.getByLabelText('key').fill('hunter2');
  const submission = form.send();
  expect(submission.data).toEqual({ name: ' Mine ', key: 'hunter2' });
  await show(input('name', { value: 'mine' }), input('key', secret));
  await expect.element(screen.getByLabelText('name')).toHaveValue(' Mine ');
  submission.accepted();
  await expect.element(screen.getByLabelText('name')).toHaveValue('mine');
  await expect.element(screen.getByLabelText('key')).toHaveValue('');
});

test('an action that has nothing to do with a field costs it nothing', async () => {
  const { screen, form, show } = await setUp(input('name', { value: 'a' }));
  await screen.getByLabelText('name').fill('half writ');
  form.send().accepted();
  await show(input('name', { value: 'b' }));
  await expect.element(screen.getByLabelText('name')).toHaveValue('half writ');
});

test('a password that has been sent is not kept for a field that comes later', async () => {
  const secret = input('key', { input_type: 'password' });
  const { screen, form, show } = await setUp(secret);
  await screen.getByLabelText('key').fill('hunter2');
  const submission = form.send();
  await show({ type: 'card', children: [secret] });
  await expect.element(screen.getByLabelText('key')).toHaveValue('hunter2');
  await show({ type: 'text', content: 'no field' });
  submission.accepted();
  await show(secret);
  await expect.element(screen.getByLabelText('key')).toHaveValue('');
});

test('accepting and changing the field at once forgets the password all the same', async () => {
  const { screen, form, show } = await setUp(input('key', { input_type: 'password' }));
  await screen.getByLabelText('key').fill('hunter2');
  form.send().accepted();
  await show({ type: 'card', children: [input('key', { input_type: 'password', filled: true, help: 'x' })] });
  await expect.element(screen.getByLabelText('key')).toHaveValue('');
});

test('what was typed while the action ran stays', async () => {
  const { screen, form } = await setUp(input('name', { value: 'a' }));
  await screen.getByLabelText('name').fill('sent');
  const submission = form.send();
  await screen.getByLabelText('name').fill('later');
  submission.accepted();
  await expect.element(screen.getByLabelText('name')).toHaveValue('later');
});

test('a password never shows what a module sends', async () => {
  const { screen } = await setUp(input('key', { input_type: 'password', value: 'leaked' }));
  await expect.element(screen.getByLabelText('key')).toHaveAttribute('type', 'password');
  await expect.element(screen.getByLabelText('key')).toHaveValue('');
});

test('errors show at their fields, the first gets the focus, and typing takes them away', async () => {
  const { screen, form } = await setUp(input('a'), input('b', { help: 'A number' }), input('c'));
  const left = form.send().rejected({ c: 'C is wrong', b: 'B is wrong', 'a.0': 'A is wrong', z: 'what?' });
  expect(left).toEqual({ z: 'what?' });
  const b = screen.getByLabelText('b');
  await expect.element(b).toHaveAttribute('aria-invalid', 'true');
  await expect.element(b).toHaveAccessibleDescription('A number B is wrong');
  await expect.element(screen.getByLabelText('a')).toHaveFocus();
  await b.fill('5');
  await expect.element(b).not.toHaveAttribute('aria-invalid');
  await expect.element(screen.getByText('C is wrong')).toBeVisible();
});

test('the error of several boxes of one name is said once', async () => {
  const box = (value: string) => ({ type: 'checkbox', name: 'days', label: value, value });
  const { screen, form } = await setUp(box('mon'), box('tue'));
  form.send().rejected({ days: 'Choose one' });
  await expect.element(screen.getByText('Choose one')).toBeVisible();
  expect(screen.getByText('Choose one').elements()).toHaveLength(1);
});

test('Enter presses the first primary button, in a textarea it is a new line', async () => {
  const disabled = { ...save, label: 'Off', disabled: true };
  const plain = { ...save, label: 'Plain', variant: 'secondary' };
  const { screen, run } = await setUp(
    input('a'),
    input('t', { input_type: 'textarea' }),
    disabled,
    plain,
    save,
    { ...save, label: 'Second', on_click: { __action__: 'second' } },
  );
  await screen.getByLabelText('t').click();
  await userEvent.keyboard('x{Enter}y');
  expect(run).not.toHaveBeenCalled();
  await screen.getByLabelText('a').click();
  await userEvent.keyboard('{Enter}');
  expect(run).toHaveBeenCalledOnce();
  expect(run.mock.calls[0]?.[0]).toMatchObject({ action: 'save' });
});

test('a form inside is a scope of its own, with the same names', async () => {
  const { screen, form, run } = await setUp(input('name', { label: 'outer', value: '1' }), {
    type: 'stack',
    form: 'inner',
    children: [input('name', { label: 'inner', value: '2' }), save],
  });
  expect(form.collect()).toEqual({ name: '1' });
  await screen.getByRole('button', { name: 'Save' }).click();
  const scope = run.mock.calls[0]?.[1] as FormScope;
  expect(scope.collect()).toEqual({ name: '2' });
  const ids = [...screen.container.querySelectorAll('input')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
});

test.each(['__proto__', 'constructor', 'toString'])('a field may be named %s', async (name) => {
  const { form } = await setUp(input(name, { value: 'x' }));
  expect(Object.entries(form.collect() ?? {})).toEqual([[name, 'x']]);
});
