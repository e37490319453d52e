/** Words for the steps and states of setup, and for what belongs to them. Pure. */
import type { Say, Speech, TextKey } from '../i18n/texts';
import type { LogLine, RunState, StepKind, StepState, Transaction } from '../transport/setup-model';

export const STEP_NAMES = {
  download: 'step-download',
  sign_in: 'step-sign-in',
  repositories: 'repositories',
  packages: 'packages',
  configure: 'step-configure',
  end: 'step-end',
} as const satisfies Readonly<Record<StepKind, TextKey>>;

export const STEP_TEXTS = {
  disabled: 'step-disabled',
  todo: 'step-todo',
  running: 'step-running',
  done: 'step-done',
  failed: 'step-failed',
  cancelled: 'step-cancelled',
  interrupted: 'step-interrupted',
} as const satisfies Readonly<Record<StepState, TextKey>>;

export const RUN_TEXTS = {
  queued: 'run-queued',
  running: 'run-running',
  waiting: 'run-waiting',
  done: 'run-done',
  failed: 'run-failed',
  cancelled: 'run-cancelled',
  interrupted: 'run-interrupted',
} as const satisfies Readonly<Record<RunState, TextKey>>;

/** How a run ended for one of its modules, said of the run: languages have their agreements. */
export const PAST_TEXTS = { ...STEP_TEXTS, ...RUN_TEXTS } as const;

/** The variant of a badge. */
export type Weight = 'default' | 'primary' | 'success' | 'warning' | 'error' | 'info';

const WEIGHTS: Readonly<Record<RunState | StepState, Weight>> = {
  disabled: 'default',
  todo: 'default',
  queued: 'default',
  running: 'primary',
  waiting: 'info',
  done: 'success',
  failed: 'error',
  cancelled: 'warning',
  interrupted: 'warning',
};

export function weightOf(state: RunState | StepState): Weight {
  return WEIGHTS[state];
}

/** What was chosen; what that needs comes along. */
export function titleOf({ id, modules }: Transaction, say: Say): string {
  const chosen = modules.filter(({ dependency }) => !dependency);
  const named = (chosen.length > 0 ? chosen : modules).map(({ name }) => name);
  return named.join(', ') || say('run', { id: String(id) });
}

/** Of several scripts the one that runs is named. */
function underWay({ steps, modules }: Transaction, say: Say): string {
  const script = modules.find(({ state }) => state === 'running');
  if (script) return say('run-script', { name: script.name });
  const step = steps.find(({ state }) => state === 'running');
  return step?.text || say('run-under-way');
}

/** How it is, in one sentence: also what is spoken when it changes. */
export function sentenceOf(run: Transaction, say: Say): string {
  switch (run.state) {
    case 'queued':
      return run.behind === null ? say('run-waits-turn') : say('run-waits-for', { id: String(run.behind) });
    case 'running':
      return underWay(run, say);
    case 'waiting':
      return say(run.needs === 'sign_in' ? 'run-wants-sign-in' : 'run-wants-answers');
    case 'done':
      return say('run-all-done');
    case 'failed':
      return say('run-has-failed');
    case 'cancelled':
      return say('run-was-cancelled');
    case 'interrupted':
      return say('run-was-interrupted');
  }
}

/** What a script's level says of a line. */
export function gravityOf({ level }: Pick<LogLine, 'level'>): 'info' | 'warning' | 'error' | null {
  if (level === 1) return 'warning';
  if (level === 2) return 'error';
  return level === 7 || level === 8 ? 'info' : null;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** “12.3 MB”, in thousands, as package managers count. */
export function size(bytes: number, { say, locale }: Speech): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  const amount = value.toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  });
  return say('size', { amount, unit: UNITS[unit] ?? 'B' });
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const DAY = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as const;

/** For one locale after another: to make one takes longer than to use it. */
function formatter(options: Intl.DateTimeFormatOptions): (at: Date, locale: string) => string {
  let last: { locale: string; format: Intl.DateTimeFormat } | undefined;
  return (at, locale) => {
    if (last?.locale !== locale) last = { locale, format: new Intl.DateTimeFormat(locale, options) };
    return last.format.format(at);
  };
}

const WHOLE_DAY = { dateStyle: 'full' } as const;

const clock = formatter(CLOCK);
const day = formatter(DAY);
const wholeDay = formatter(WHOLE_DAY);

/** “12:03:04”, by this browser's clock. */
export function clockTime(at: Date | null, locale: string): string {
  return at === null ? '' : clock(at, locale);
}

export function dayTime(at: Date | null, locale: string): string {
  return at === null ? '–' : day(at, locale);
}

/** “Sunday, 22 November 2026”, by this browser's clock. */
export function dayName(at: Date | null, locale: string): string {
  return at === null ? '–' : wholeDay(at, locale);
}
