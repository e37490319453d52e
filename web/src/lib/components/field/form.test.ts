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
