/**
 * JSON Schema of a module's settings → the fields of a form, and values there and back. Knows the shapes that Pydantic
 * writes for plain models (`$ref`, `anyOf` with null, `allOf` of one, `enum`); whatever else there is gets a field of
 * JSON. Draws nothing and sends nothing.
 */
import {
  fields,
  flag,
  isFields,
  list,
  maps,
  numberOrNull,
  text,
  textOrNull,
  type Fields,
} from '../transport/read';
import { readable } from '../text/words';
import type { FieldValue } from '../transport/model';

interface Common {
  /** `a.b` for a field of a group. */
  readonly path: string;
  readonly label: string;
  readonly help: string | null;
  readonly required: boolean;
  /** Null is a value of its own: nothing is set. */
  readonly nullable: boolean;
}

interface ChoiceOption {
  readonly value: unknown;
  /** Null: it stands for nothing. */
  readonly label: string | null;
}

export type SettingField = Common &
  (
    | {
        readonly kind: 'text';
        readonly inputType: 'text' | 'email' | 'url' | 'date' | 'time';
        readonly pattern: string | null;
        readonly minLength: number | null;
        readonly maxLength: number | null;
      }
    | {
        readonly kind: 'number';
        readonly min: number | null;
        readonly max: number | null;
        /** Null: any. */
        readonly step: number | null;
      }
    | { readonly kind: 'flag' }
    | { readonly kind: 'choice'; readonly options: readonly ChoiceOption[] }
    /** Texts, one a line. */
    | { readonly kind: 'texts' }
    | { readonly kind: 'secret' }
    | { readonly kind: 'group'; readonly fields: readonly SettingField[] }
    | { readonly kind: 'json' }
  );

/** Deeper than any form that was made to be filled in; a schema may refer to itself. */
const DEEPEST = 4;
/** As many steps as it takes to get through `$ref`, `allOf` and `anyOf` around one type. */
const MOST_STEPS = 8;

interface Type {
  readonly schema: Fields;
  readonly nullable: boolean;
}

function at(root: Fields, ref: unknown): Fields {
  const parts = text(ref).split('/');
  if (parts.shift() !== '#') return {};
  return parts.reduce<Fields>(
    (schema, part) => fields(Object.hasOwn(schema, part) ? schema[part] : null),
    root,
  );
}

function isNull(schema: Fields): boolean {
  return schema['type'] === 'null';
}

/** One step towards the type itself; what stands beside a reference (title, description, default) counts more. */
function unwrapped(root: Fields, { schema, nullable }: Type): Type | null {
  const { $ref, allOf, anyOf, ...beside } = schema;
  if ($ref !== undefined) return { schema: { ...at(root, $ref), ...beside }, nullable };
  const [only, ...others] = maps(allOf);
  if (only && others.length === 0) return { schema: { ...only, ...beside }, nullable };
  const kinds = maps(anyOf);
  const [kind, ...more] = kinds.filter((each) => !isNull(each));
  if (!kind || more.length > 0) return null;
  return { schema: { ...kind, ...beside }, nullable: nullable || kinds.some(isNull) };
}

function typeOf(root: Fields, schema: Fields): Type {
  let type: Type = { schema, nullable: false };
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const next = unwrapped(root, type);
    if (!next) break;
    type = next;
  }
  const names = list(type.schema['type']);
  if (names.length !== 2 || !names.includes('null')) return type;
  return { schema: { ...type.schema, type: names.find((name) => name !== 'null') }, nullable: true };
}

function textField(common: Common, schema: Fields): SettingField {
  const formats = { email: 'email', uri: 'url', date: 'date', time: 'time' } as const;
  const format = text(schema['format']);
  return {
    ...common,
    kind: 'text',
    inputType: Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : 'text',
    pattern: textOrNull(schema['pattern']),
    minLength: numberOrNull(schema['minLength']),
    maxLength: numberOrNull(schema['maxLength']),
  };
}

function numberField(common: Common, schema: Fields): SettingField {
  const whole = schema['type'] === 'integer';
  const above = numberOrNull(schema['exclusiveMinimum']);
  const below = numberOrNull(schema['exclusiveMaximum']);
  return {
    ...common,
    kind: 'number',
    min: numberOrNull(schema['minimum']) ?? (above !== null && whole ? above + 1 : above),
    max: numberOrNull(schema['maximum']) ?? (below !== null && whole ? below - 1 : below),
    step: numberOrNull(schema['multipleOf']) ?? (whole ? 1 : null),
  };
}

function choiceField(common: Common, values: readonly unknown[]): SettingField {
  const options = values.map((value) => ({ value, label: textOrNull(value) }));
  return { ...common, kind: 'choice', options };
}

function isSecret(schema: Fields): boolean {
  return schema['format'] === 'password' || flag(schema['writeOnly']);
}

function fieldOf(root: Fields, common: Common, schema: Fields, depth: number): SettingField {
  const choices = 'const' in schema ? [schema['const']] : list(schema['enum']);
  if (choices.length > 0) return choiceField(common, choices);
  switch (schema['type']) {
    case 'string':
      return isSecret(schema) ? { ...common, kind: 'secret' } : textField(common, schema);
    case 'number':
    case 'integer':
      return numberField(common, schema);
    case 'boolean':
      return common.nullable ? choiceField(common, [true, false]) : { ...common, kind: 'flag' };
    case 'array': {
      const items = typeOf(root, fields(schema['items'])).schema;
      return {
        ...common,
        kind: items['type'] === 'string' && !list(items['enum']).length ? 'texts' : 'json',
      };
    }
    case 'object':
      if (depth >= DEEPEST || !isFields(schema['properties']) || common.nullable)
        return { ...common, kind: 'json' };
      return { ...common, kind: 'group', fields: inside(root, schema, `${common.path}.`, depth + 1) };
    default:
      return { ...common, kind: 'json' };
  }
}

function inside(root: Fields, schema: Fields, prefix: string, depth: number): SettingField[] {
  const required = list(schema['required']);
  return Object.entries(fields(schema['properties'])).map(([name, property]) => {
    const type = typeOf(root, fields(property));
    const common: Common = {
      path: prefix + name,
      label: text(type.schema['title']) || readable(name),
      help: textOrNull(type.schema['description']),
      required: required.includes(name) && !type.nullable,
      nullable: type.nullable,
    };
    return fieldOf(root, common, type.schema, depth);
  });
}

export function fieldsOf(schema: Fields): SettingField[] {
  return inside(schema, schema, '', 0);
}

/** Every field that holds a value, those of groups too. */
export function leavesOf(all: readonly SettingField[]): SettingField[] {
  return all.flatMap((field) => (field.kind === 'group' ? leavesOf(field.fields) : [field]));
}

export function valueAt(values: Fields, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, part) => (isFields(value) && Object.hasOwn(value, part) ? value[part] : undefined),
      values,
    );
}

/** What stands for null in a choice. */
export const NOTHING = '';

/** A stored value as its field holds it. */
export function shownValue(field: SettingField, value: unknown): FieldValue {
  switch (field.kind) {
    case 'flag':
      return flag(value);
    case 'choice': {
      const index = field.options.findIndex((option) => option.value === value);
      return index < 0 ? NOTHING : String(index);
    }
    case 'texts':
      return list(value)
        .map((item) => text(item))
        .join('\n');
    case 'json':
      return value === undefined || value === null ? '' : JSON.stringify(value, null, 2);
    case 'secret':
      return '';
    default:
      return text(value);
  }
}

/** What is sent for what a field holds; undefined: nothing, the default applies. Throws what is wrong with it. */
export function sentValue(field: SettingField, held: FieldValue): unknown {
  const typed = text(held);
  switch (field.kind) {
    case 'flag':
      return held === true;
    case 'choice':
      return field.options[typed === NOTHING ? -1 : Number(typed)]?.value ?? null;
    case 'texts':
      return typed
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    case 'json':
      return typed.trim() === '' ? empty(field) : JSON.parse(typed);
    case 'number':
      return typed.trim() === '' ? empty(field) : Number(typed);
    default:
      return typed === '' && field.nullable ? null : typed;
  }
}

function empty({ nullable }: SettingField): null | undefined {
  return nullable ? null : undefined;
}
