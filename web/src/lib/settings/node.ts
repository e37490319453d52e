/** A setting's field as a component of the vocabulary, so that forms look and work alike wherever they come from. */
import { text } from '../components/props';
import type { Say } from '../i18n/texts';
import type { UiNode } from '../transport/model';
import { NOTHING, shownValue, valueAt, type SettingField } from './schema';

type Leaf = Exclude<SettingField, { kind: 'group' | 'secret' }>;

const FEWEST_ROWS = 3;
const MOST_ROWS = 12;

function helped(help: string | null, more: string): string {
  return help === null ? more : `${help} ${more}`;
}

/** As high as what is there at the start, with a line to spare. */
function area(value: unknown): UiNode {
  const lines = text(value).split('\n').length + 1;
  return { input_type: 'textarea', rows: Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, lines)), value };
}

export function nodeOf(field: Leaf, values: Readonly<Record<string, unknown>>, say: Say): UiNode {
  const value = shownValue(field, valueAt(values, field.path));
  const { path: name, label, help, required } = field;
  const common = { name, label, help, required };
  switch (field.kind) {
    case 'flag':
      return { ...common, type: 'toggle', checked: value };
    case 'choice': {
      const options = field.options.map((option, place) => ({
        value: String(place),
        label: option.label ?? say('none'),
      }));
      const none = field.nullable || value === NOTHING ? [{ value: NOTHING, label: say('none') }] : [];
      return { ...common, type: 'select', options: [...none, ...options], value };
    }
    case 'texts':
      return { ...common, type: 'input', ...area(value), help: helped(help, say('settings-lines')) };
    case 'json':
      return { ...common, type: 'input', ...area(value), help: helped(help, say('settings-json')) };
    case 'number': {
      const { min, max, step } = field;
      return { ...common, type: 'input', input_type: 'number', min, max, step, value };
    }
    case 'text': {
      const { inputType: input_type, pattern, minLength: min_length, maxLength: max_length } = field;
      return { ...common, type: 'input', input_type, pattern, min_length, max_length, value };
    }
  }
}
