/** Forms of setup modules: what stands in a field at first, which fields are shown, and what is answered. Pure. */
import type { Say } from '../i18n/texts';
import type { Answer, Answers, FormField, ModuleForm, Network } from '../transport/setup-model';

/** What a field holds: the text of most, the rows of some; `on` or `off` of a check. */
export type Held = string | readonly string[] | readonly Network[];

export const NO_NETWORK: Network = { ip: '', mask: '' };

/** Of several of one name the page shows the first only: they would be one answer. */
export function initialOf(field: FormField): Held {
  switch (field.type) {
    case 'network':
      return field.networks.length > 0 ? field.networks : [NO_NETWORK];
    case 'check':
      return field.value === 'on' ? 'on' : 'off';
    case 'options':
      return (field.options.find(({ value }) => value === field.value) ?? field.options[0])?.value ?? '';
    default:
      if (field.multi) return field.values.length > 0 ? field.values : [''];
      return field.value;
  }
}

/** Fields that another option than the chosen one is for. */
function toggledAway(form: ModuleForm, chosen: (field: FormField) => Held): ReadonlySet<string> {
  const governing = form.fields.filter(({ type }) => type === 'options');
  const away = governing.flatMap((field) => {
    const now = field.options.find(({ value }) => value === chosen(field));
    const kept = new Set(now?.toggle ?? []);
    return field.options.flatMap(({ toggle }) => toggle).filter((name) => !kept.has(name));
  });
  return new Set(away);
}

/** What people see of a form, in its order. */
export function shownFields(form: ModuleForm, chosen: (field: FormField) => Held): FormField[] {
  const away = toggledAway(form, chosen);
  return form.fields.filter(({ hidden, name }) => !hidden && (name === null || !away.has(name)));
}

/** Whether a person answers to it. */
export function isAnswered(field: FormField): field is FormField & { name: string } {
  return field.name !== null && field.type !== 'subtitle' && !field.readOnly && !field.hidden;
}

/** A list's blank rows say nothing. */
export function answerOf(field: FormField, held: Held): Answer {
  if (field.type === 'check') return held === 'on';
  if (field.type === 'network') {
    return (held as readonly Network[]).filter(({ ip, mask }) => ip.trim() !== '' || mask.trim() !== '');
  }
  if (typeof held === 'string') return held;
  return (held as readonly string[]).filter((row) => row.trim() !== '');
}

/** What is known of a form being filled in. */
export interface Filled {
  held(slug: string, field: FormField): Held;
  /** Of a password that is typed twice. */
  repeated(slug: string, field: FormField): string;
  /** Whether a password that is there already stays. */
  keeps(slug: string, field: FormField): boolean;
}

function answersOfForm(form: ModuleForm, filled: Filled): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const field of shownFields(form, (other) => filled.held(form.slug, other))) {
    if (!isAnswered(field)) continue;
    if (field.type === 'password' && filled.keeps(form.slug, field)) continue;
    answers[field.name] = answerOf(field, filled.held(form.slug, field));
    if (field.type === 'password' && field.confirm) {
      answers[`${field.name}2`] = filled.repeated(form.slug, field);
    }
  }
  return answers;
}

/** As the server wants them; a field that isn't shown isn't in them. */
export function answersOf(forms: readonly ModuleForm[], filled: Filled): Answers {
  return Object.fromEntries(forms.map((form) => [form.slug, answersOfForm(form, filled)]));
}

/** What a field holds, as text; empty if it holds nothing. */
export function heldText(field: FormField, held: Held, say: Say): string {
  if (field.type === 'check') return say(held === 'on' ? 'questions-yes' : 'questions-no');
  if (typeof held === 'string') return field.options.find(({ value }) => value === held)?.name ?? held;
  const rows = held.map((row) =>
    typeof row === 'string' ? row : row.mask === '' ? row.ip : `${row.ip}/${row.mask}`,
  );
  return rows.filter((row) => row !== '').join(', ');
}

/** A value that can't be changed, as text. */
export function readOnlyText(field: FormField, say: Say): string {
  if (field.type === 'password') return say(field.isSet ? 'questions-set' : 'questions-not-set');
  // Which isn't the first of several only because it is none of them.
  const held = field.type === 'options' ? field.value : initialOf(field);
  return heldText(field, held, say) || '–';
}
