import { expect, test } from 'vitest';
import { ENGLISH } from '../i18n/texts';
import { FORM, wireField } from '../pages/setup/samples';
import { decodeForms } from '../transport/setup-decode';
import type { FormField, ModuleForm } from '../transport/setup-model';
import { answersOf, initialOf, readOnlyText, shownFields, type Held } from './form';

function formOf(...fields: object[]): ModuleForm {
  const [form] = decodeForms({ forms: [{ slug: 'm', name: 'M', fields }] });
  if (!form) throw new Error('no form');
  return form;
}

function filled(form: ModuleForm, typed: Record<string, Held>, keeps = true) {
  return answersOf([form], {
    held: (_slug, field) => typed[field.name ?? ''] ?? initialOf(field),
    repeated: (_slug, field) => `${field.name ?? ''} again`,
    keeps: (_slug, field) => field.isSet && keeps,
  })[form.slug];
}

const names = (fields: readonly FormField[]) => fields.map(({ name }) => name);

test('what is hidden, shown only, or not for the chosen option isn’t answered', () => {
  const form = formOf(...FORM.fields);
  expect(filled(form, { domain: 'example.org', adminpass: 's3cret' })).toEqual({
    domain: 'example.org',
    adminpass: 's3cret',
    adminpass2: 'adminpass again',
    fw_lan: true,
    relay: 'direct',
    protocols: 'imaps',
    aliases: ['one.example', 'two.example'],
    networks: [{ ip: '192.168.0.0', mask: '255.255.255.0' }],
  });
  expect(filled(form, { relay: 'relay', relayhost: 'r.example' })).toMatchObject({ relayhost: 'r.example' });
});

test('a field that several options have is there for each of them', () => {
  const options = [
    { name: 'A', value: 'a', toggle: ['both', 'one'] },
    { name: 'B', value: 'b', toggle: ['both'] },
    { name: 'C', value: 'c', toggle: [] },
  ];
  const form = formOf(
    wireField('options', 'kind', { options, value: 'b' }),
    wireField('text', 'both'),
    wireField('text', 'one'),
    wireField('subtitle', null),
  );
  const shown = (kind: string) =>
    names(shownFields(form, (field) => (field.name === 'kind' ? kind : initialOf(field))));
  expect(names(shownFields(form, initialOf))).toEqual(['kind', 'both', null]);
  expect(shown('a')).toEqual(['kind', 'both', 'one', null]);
  expect(shown('c')).toEqual(['kind', null]);
});

test('a password that is set stays unless another is typed, and is sent once where one is enough', () => {
  const form = formOf(wireField('password', 'p', { is_set: true, confirm: false }));
  expect(filled(form, { p: 'x' })).toEqual({});
  expect(filled(form, { p: 'x' }, false)).toEqual({ p: 'x' });
});

test('blank rows say nothing', () => {
  const form = formOf(wireField('text', 'list', { multi: true }), wireField('network', 'nets'));
  expect(filled(form, {})).toEqual({ list: [], nets: [] });
  const nets = [
    { ip: '', mask: ' ' },
    { ip: '10.0.0.0', mask: '' },
  ];
  expect(filled(form, { list: ['a', ' ', 'b'], nets })).toEqual({
    list: ['a', 'b'],
    nets: [{ ip: '10.0.0.0', mask: '' }],
  });
});

test('an option that isn’t one gives way to the first, and a form without options to nothing', () => {
  const options = [{ name: 'A', value: 'a' }];
  const form = formOf(wireField('options', 'o', { options, value: 'gone' }), wireField('options', 'none'));
  expect(filled(form, {})).toEqual({ o: 'a', none: '' });
});

test('what can’t be changed is shown as people read it', () => {
  const [text, check, password, list, nets, option] = formOf(
    wireField('text', 'a', { value: 'v' }),
    wireField('check', 'b', { value: 'on' }),
    wireField('password', 'c', { is_set: true }),
    wireField('text', 'd', { multi: true, value: ['x', 'y'] }),
    wireField('network', 'e', { value: [{ ip: '10.0.0.0', mask: '255.0.0.0' }] }),
    wireField('options', 'f', { options: [{ name: 'Named', value: 'n' }], value: 'n' }),
  ).fields.map((field) => readOnlyText(field, ENGLISH.say));
  expect([text, check, password, list, nets, option]).toEqual([
    'v',
    'Yes',
    'Set',
    'x, y',
    '10.0.0.0/255.0.0.0',
    'Named',
  ]);
});
