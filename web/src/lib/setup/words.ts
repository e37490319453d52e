/** Words for the steps and states of setup, and for what belongs to them. Pure. */
import type { Say, TextKey } from '../i18n/texts';
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
