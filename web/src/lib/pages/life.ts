/** What a module's life means for the pages. Pure. */
import type { TextKey } from '../i18n/texts';
import type { Life, ModuleProblem } from '../transport/model';

export const LIFE_TEXTS = {
  stopped: 'life-stopped',
  starting: 'life-starting',
  running: 'life-running',
  stopping: 'life-stopping',
  backoff: 'life-backoff',
  failed: 'life-failed',
  preparing: 'life-preparing',
  blocked: 'life-blocked',
} as const satisfies Readonly<Record<Life, TextKey>>;

/** It has nothing of its own to show: its problem stands in its place. */
export function isDown(life: Life | undefined): boolean {
  return life === 'backoff' || life === 'failed' || life === 'blocked';
}

/** It stays down until somebody does something. */
export function isLost(life: Life): boolean {
  return life === 'failed' || life === 'blocked';
}

/** The module goes on, and so does its tile; with any other problem the daemon's tile only repeats the problem. */
export function standsBeside(problem: ModuleProblem): boolean {
  return problem.kind === 'task' || problem.kind === 'thread';
}
