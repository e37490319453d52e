import { expect, test } from 'vitest';
import { ENGLISH } from '../i18n/texts';
import { nodeOf } from './node';
import { fieldsOf, leavesOf, sentValue, shownValue, valueAt, type SettingField } from './schema';

/** As Pydantic writes it. */
const SCHEMA = {
  $defs: {
    Level: { enum: ['low', 'high'], title: 'Level', type: 'string' },
    Mail: {
      type: 'object',
      title: 'Mail',
      required: ['host'],
      properties: {
        host: { type: 'string', title: 'Host' },
        key: { type: 'string', format: 'password', writeOnly: true, title: 'Key' },
      },
    },
  },
  type: 'object',
  required: ['interval'],
  properties: {
    interval: { type: 'integer', title: 'Interval', description: 'In seconds', minimum: 1, maximum: 60 },
    limit: { type: 'number', exclusiveMinimum: 0, default: 1.5 },
    count: { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
    label_text: { anyOf: [{ type: 'string', pattern: '^a', maxLength: 5 }, { type: 'null' }], default: null },
    on: { type: 'boolean', title: 'On' },
    level: { $ref: '#/$defs/Level', default: 'low', title: 'How much' },
    maybe: { anyOf: [{ $ref: '#/$defs/Level' }, { type: 'null' }] },
    port: { enum: [80, 443] },
    tags: { type: 'array', items: { type: 'string' } },
    mail: { allOf: [{ $ref: '#/$defs/Mail' }] },
    extra: { type: 'object', additionalProperties: { type: 'integer' } },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
  },
};

const all = leavesOf(fieldsOf(SCHEMA));

function field(path: string): SettingField {
  const found = all.find((each) => each.path === path);
  if (!found) throw new Error(`no field ${path}`);
  return found;
}

test('every property has a field of its kind', () => {
  expect(all.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    'interval number',
    'limit number',
    'count number',
    'label_text text',
    'on flag',
    'level choice',
    'maybe choice',
    'port choice',
    'tags texts',
    'mail.host text',
    'mail.key secret',
    'extra json',
    'either json',
  ]);
  expect(fieldsOf(SCHEMA).find(({ path }) => path === 'mail')).toMatchObject({
    kind: 'group',
    label: 'Mail',
  });
});

test('labels, help and limits reach the fields', () => {
  expect(nodeOf(field('interval') as never, { interval: 5 }, ENGLISH.say)).toEqual({
    type: 'input',
    input_type: 'number',
    name: 'interval',
    label: 'Interval',
    help: 'In seconds',
    required: true,
    min: 1,
    max: 60,
    step: 1,
    value: '5',
  });
  expect(field('count')).toMatchObject({ min: 1, max: 9, step: 1 });
  expect(field('limit')).toMatchObject({ label: 'Limit', min: 0, max: null, step: null, required: false });
  expect(field('label_text')).toMatchObject({
    label: 'Label text',
    nullable: true,
    pattern: '^a',
    maxLength: 5,
  });
  expect(field('level')).toMatchObject({ label: 'How much' });
  expect(nodeOf(field('maybe') as never, {}, ENGLISH.say)).toMatchObject({
    options: [
      { value: '', label: 'None' },
      { value: '0', label: 'low' },
      { value: '1', label: 'high' },
    ],
    value: '',
  });
});

test.each([
  ['interval', 5],
  ['limit', 0.5],
  ['label_text', 'abc'],
  ['label_text', null],
  ['on', true],
  ['level', 'high'],
  ['maybe', null],
  ['port', 443],
  ['tags', ['a', 'b c']],
  ['tags', []],
  ['mail.host', ''],
  ['extra', { a: 1 }],
  ['either', 3],
])('%s keeps %j from the server to the form and back', (path, value) => {
  expect(sentValue(field(path), shownValue(field(path), value))).toEqual(value);
});

test('an empty number is the default; lines are trimmed; no JSON is an error', () => {
  expect(sentValue(field('interval'), '')).toBeUndefined();
  expect(sentValue(field('tags'), ' a \n\n b')).toEqual(['a', 'b']);
  expect(() => sentValue(field('extra'), '{')).toThrow();
});

test('values of groups are found inside them, never in what is inherited', () => {
  expect(valueAt({ mail: { host: 'x' } }, 'mail.host')).toBe('x');
  expect(valueAt({ mail: 'x' }, 'mail.length')).toBeUndefined();
  expect(valueAt({}, 'constructor.name')).toBeUndefined();
});

test.each([
  {},
  { properties: null },
  { properties: { a: null, b: 7, c: { $ref: 'x' }, d: { $ref: '#/no' } } },
])('a schema that is %j is survived', (schema) => {
  for (const { kind } of fieldsOf(schema)) expect(kind).toBe('json');
});

test('a schema that refers to itself ends', () => {
  const loop = { $defs: { A: { $ref: '#/$defs/A' } }, properties: { a: { $ref: '#/$defs/A' } } };
  expect(fieldsOf(loop)).toHaveLength(1);
  const deep = { type: 'object', properties: { a: { $ref: '#' } } };
  expect(leavesOf(fieldsOf(deep)).map(({ kind }) => kind)).toEqual(['json']);
});
