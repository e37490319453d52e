/** Words for the steps and states of setup, and for what belongs to them. Pure. */
import type { TextKey } from '../i18n/texts';
import type { LogLine, RunState, StepKind, StepState, Transaction } from '../transport/setup-model';

export const STEP_NAMES: Readonly<Record<StepKind, string>> = {
  download: 'Download',
  sign_in: 'Sign in',
  repositories: 'Repositories',
  packages: 'Packages',
  configure: 'Configure',
  end: 'Finish',
};

export const STEP_WORDS: Readonly<Record<StepState, string>> = {
  disabled: 'Not needed',
  todo: 'To do',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

export const RUN_WORDS: Readonly<Record<RunState, string>> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting for you',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

/** The same by their keys. */
export const RUN_TEXTS = {
  queued: 'run-queued',
  running: 'run-running',
  waiting: 'run-waiting',
  done: 'run-done',
  failed: 'run-failed',
  cancelled: 'run-cancelled',
  interrupted: 'run-interrupted',
} as const satisfies Readonly<Record<RunState, TextKey>>;

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
export function titleOf({ id, modules }: Transaction, unnamed = `Run ${String(id)}`): string {
  const chosen = modules.filter(({ dependency }) => !dependency);
  const named = (chosen.length > 0 ? chosen : modules).map(({ name }) => name);
  return named.join(', ') || unnamed;
}

/** Of several scripts the one that runs is named. */
function underWay({ steps, modules }: Transaction): string {
  const script = modules.find(({ state }) => state === 'running');
  if (script) return `The script of ${script.name} is running.`;
  const step = steps.find(({ state }) => state === 'running');
  return step?.text || 'It is under way.';
}

/** How it is, in one sentence: also what is spoken when it changes. */
export function sentenceOf(run: Transaction): string {
  switch (run.state) {
    case 'queued':
      return run.behind === null
        ? 'It waits for its turn.'
        : `It waits for run ${String(run.behind)} to end.`;
    case 'running':
      return underWay(run);
    case 'waiting':
      return run.needs === 'sign_in'
        ? 'Sign in to the repositories to go on.'
        : 'Answer the questions to go on.';
    case 'done':
      return 'All is done.';
    case 'failed':
      return 'It failed. What was done stays, and Retry goes on from there.';
    case 'cancelled':
      return 'It was cancelled. What was done stays, and Retry goes on from there.';
    case 'interrupted':
      return 'Contara ended meanwhile. What was done stays, and Retry goes on from there.';
  }
}

/** What a script's level says of a line, in a word. */
export function levelWord({ level }: Pick<LogLine, 'level'>): 'Info' | 'Warning' | 'Error' | null {
  if (level === 1) return 'Warning';
  if (level === 2) return 'Error';
  return level === 7 || level === 8 ? 'Info' : null;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** “12.3 MB”, in thousands, as package managers count. */
export function size(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : String(Math.round(value))} ${UNITS[unit] ?? 'B'}`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const days = new Map<string, Intl.DateTimeFormat>();

function dayIn(language: string): Intl.DateTimeFormat {
  const day =
    days.get(language) ??
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });
  days.set(language, day);
  return day;
}

/** “12:03:04”, by this browser's clock. */
export function clockTime(at: Date | null): string {
  return at === null ? '' : clock.format(at);
}

export function dayTime(at: Date | null, language = 'en'): string {
  return at === null ? '–' : dayIn(language).format(at);
}
