/** Wire data of setup → model. Whatever arrives, the answer is a usable value or null; nothing here throws. */
import { language } from '../i18n/speech.svelte';
import {
  FIELD_TYPES,
  PHASES,
  RUN_STATES,
  STEP_KINDS,
  STEP_STATES,
  type AnswerErrors,
  type Failure,
  type FieldOption,
  type FormField,
  type LogLine,
  type LogPart,
  type ModuleForm,
  type ModuleRun,
  type ModuleSummary,
  type NamedSlug,
  type Network,
  type PastRun,
  type SetupModule,
  type SetupModuleDetails,
  type SetupOverview,
  type Span,
  type Step,
  type StepProgress,
  type Transaction,
  type WebLink,
} from './setup-model';
import { decodeFileCounts, decodeUndoneBy } from './setup-files';
import {
  choice,
  date,
  fields,
  flag,
  isFields,
  list,
  maps,
  text,
  textOrNull,
  texts,
  wholeOrNull,
  type Fields,
} from './read';

/** An address of the web, or null. */
function webAddress(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  try {
    return ['http:', 'https:'].includes(new URL(value.trim()).protocol) ? value.trim() : null;
  } catch {
    return null;
  }
}

export function named(data: Fields): NamedSlug | null {
  const slug = textOrNull(data['slug']);
  return slug === null ? null : { slug, name: text(data['name']) || slug };
}

/** What identifies an item on the page may stand there once. */
export function each<T>(value: unknown, read: (data: Fields) => T | null, key: (item: T) => unknown): T[] {
  const seen = new Set<unknown>();
  return maps(value)
    .map(read)
    .filter((item) => item !== null)
    .filter((item) => !seen.has(key(item)) && seen.add(key(item)));
}

const bySlug = ({ slug }: NamedSlug) => slug;

function links(value: unknown): WebLink[] {
  return maps(value).flatMap((data) => {
    const href = webAddress(data['href']);
    return href === null ? [] : [{ name: text(data['name']) || href, href }];
  });
}

function setupModule(data: Fields): SetupModule | null {
  const own = named(data);
  if (own === null) return null;
  const installed = data['installed'];
  return {
    ...own,
    description: text(data['description']),
    section: text(data['section']),
    category: named(fields(data['category'])) ?? { slug: '', name: '' },
    standalone: flag(data['standalone'], true),
    url: webAddress(data['url']),
    configured: flag(data['configured']),
    installed: typeof installed === 'boolean' ? installed : null,
    canConfigure: flag(data['can_configure'], true),
    hasForm: flag(data['has_form']),
    reboot: flag(data['reboot']),
    dependencies: texts(data['dependencies']),
    conflicts: texts(data['conflicts']),
    links: links(data['links']),
    problems: texts(data['problems']),
    usable: flag(data['usable'], true),
    transaction: wholeOrNull(data['transaction']),
  };
}

/** The answer to `GET /api/setup`. */
export function decodeOverview(body: unknown): SetupOverview {
  const data = fields(body);
  return {
    sections: each(data['sections'], named, bySlug),
    languages: texts(data['languages']),
    modules: each(data['modules'], setupModule, bySlug),
    packageManager: text(data['package_manager'], 'none'),
    readOnly: textOrNull(data['read_only']),
    transactions: each(data['transactions'], decodeTransaction, ({ id }) => id),
  };
}

function pastRun(data: Fields): PastRun | null {
  const transaction = wholeOrNull(data['transaction']);
  if (transaction === null) return null;
  return {
    transaction,
    started: date(data['started']),
    ended: date(data['ended']),
    by: text(data['by']),
    state: choice(data['state'], STEP_STATES, 'done'),
    exit: textOrNull(data['exit']),
    answers: Object.entries(fields(data['answers'])).map(([field, answer]) => [field, text(answer, '–')]),
    changed: texts(data['changed']),
    files: decodeFileCounts(data['files']),
    undone: decodeUndoneBy(data['undone']),
  };
}

/** The answer to `GET /api/setup/modules/{slug}`; null: it can't be read. */
export function decodeSetupModule(body: unknown): SetupModuleDetails | null {
  const module = setupModule(fields(body));
  if (module === null) return null;
  const runs = maps(fields(body)['runs']).map(pastRun);
  return { module, runs: runs.filter((run) => run !== null) };
}

function option(data: Fields): FieldOption {
  const value = text(data['value']);
  return { value, name: text(data['name']) || value, toggle: texts(data['toggle']) };
}

function network(data: Fields): Network {
  return { ip: text(data['ip']), mask: text(data['mask']) };
}

function formField(data: Fields): FormField {
  const type = choice(data['type'], FIELD_TYPES, 'text');
  const name = textOrNull(data['name']);
  const value = data['value'];
  return {
    type,
    name,
    label: text(data['label']) || (name ?? ''),
    help: textOrNull(data['help']),
    value: type === 'password' ? '' : text(value),
    values: list(value).map((item) => text(item)),
    networks: maps(value).map(network),
    isSet: flag(data['is_set']),
    required: flag(data['required']),
    readOnly: flag(data['read_only']),
    hidden: flag(data['hidden']),
    multi: flag(data['multi']),
    confirm: flag(data['confirm'], true),
    size: wholeOrNull(data['size']),
    options: each(data['options'], option, (item) => item.value),
  };
}

export function decodeForm(data: Fields): ModuleForm | null {
  const own = named(data);
  if (own === null) return null;
  return { ...own, fields: maps(data['fields']).map(formField), problems: texts(data['problems']) };
}

/** The answer to `GET …/form`. */
export function decodeForms(body: unknown): ModuleForm[] {
  return each(fields(body)['forms'], decodeForm, bySlug);
}

/** `errors` of a 422 about answers. */
export function decodeAnswerErrors(body: Fields): AnswerErrors {
  const modules = Object.entries(fields(body['errors'])).map(([slug, errors]) => {
    const told = Object.entries(fields(errors)).map(([name, error]) => [
      name,
      text(error, language.say('value-refused')),
    ]);
    return [slug, Object.fromEntries(told) as Record<string, string>];
  });
  return Object.fromEntries(modules) as AnswerErrors;
}

function step(data: Fields): Step | null {
  const kind = STEP_KINDS.find((known) => known === data['kind']);
  if (kind === undefined) return null;
  return {
    kind,
    state: choice(data['state'], STEP_STATES, 'todo'),
    text: text(data['text']),
    started: date(data['started']),
    ended: date(data['ended']),
    progress: progress(data['progress']),
  };
}

function progress(value: unknown): StepProgress | null {
  if (!isFields(value)) return null;
  const phase = PHASES.find((known) => known === value['phase']);
  const number = wholeOrNull(value['number']);
  if (phase === undefined || number === null) return null;
  return {
    phase,
    package: textOrNull(value['package']),
    number,
    total: wholeOrNull(value['total']),
    percent: Math.min(100, wholeOrNull(value['percent']) ?? 0),
  };
}

/** Each kind once. */
export function decodeSteps(value: unknown): Step[] {
  return each(value, step, ({ kind }) => kind);
}

function moduleRun(data: Fields): ModuleRun | null {
  const own = named(data);
  return (
    own && {
      ...own,
      dependency: flag(data['dependency']),
      state: choice(data['state'], STEP_STATES, 'todo'),
      exit: textOrNull(data['exit']),
      links: links(data['links']),
    }
  );
}

function failure(value: unknown): Failure | null {
  if (!isFields(value)) return null;
  return {
    step: STEP_KINDS.find((known) => known === value['step']) ?? null,
    module: textOrNull(value['module']),
    message: text(value['message'], language.say('failure-unnamed')),
    command: textOrNull(value['command']),
    exit: textOrNull(value['exit']),
    lastLines: list(value['last_lines']).map((line) => text(line)),
  };
}

export function decodeTransaction(body: unknown): Transaction | null {
  const data = fields(body);
  const id = wholeOrNull(data['id']);
  if (id === null) return null;
  const needs = data['needs'];
  const reboot = fields(data['reboot']);
  return {
    id,
    revision: wholeOrNull(data['revision']) ?? 0,
    state: choice(data['state'], RUN_STATES, 'running'),
    needs: needs === 'sign_in' || needs === 'answers' ? needs : null,
    behind: wholeOrNull(data['behind']),
    steps: decodeSteps(data['steps']),
    modules: each(data['modules'], moduleRun, bySlug),
    failure: failure(data['failure']),
    reboot: {
      state: choice(reboot['state'], ['not_needed', 'needed', 'at', 'ordered'], 'not_needed'),
      at: date(reboot['at']),
    },
    by: text(data['by']),
    created: date(data['created']),
    ended: date(data['ended']),
    lines: wholeOrNull(data['lines']) ?? 0,
  };
}

function span(data: Fields): Span {
  return { text: text(data['text']), bold: flag(data['bold']), href: webAddress(data['href']) };
}

function line(data: Fields): LogLine | null {
  const number = wholeOrNull(data['number']);
  if (number === null) return null;
  const spans = data['spans'];
  return {
    number,
    at: date(data['at']),
    module: textOrNull(data['module']),
    kind: choice(data['kind'], ['output', 'command', 'note'], 'output'),
    level: wholeOrNull(data['level']),
    text: text(data['text']),
    spans: Array.isArray(spans) ? maps(spans).map(span) : null,
    open: flag(data['open']),
  };
}

function lines(value: unknown): LogLine[] {
  return each(value, line, ({ number }) => number);
}

/** A `setup_lines` frame; null: it says of no transaction. */
export function decodeLogPart(part: { transaction: number; lines: unknown; more: boolean }): LogPart {
  return { transaction: part.transaction, lines: lines(part.lines), more: part.more };
}

function moduleSummary(data: Fields): ModuleSummary | null {
  const own = named(data);
  return (
    own && {
      ...own,
      info: lines(data['info']),
      warnings: lines(data['warnings']),
      errors: lines(data['errors']),
    }
  );
}

/** The answer to `GET …/summary`. */
export function decodeSummary(body: unknown): ModuleSummary[] {
  return each(fields(body)['modules'], moduleSummary, bySlug);
}
