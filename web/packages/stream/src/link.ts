/**
 * When to open, ping, give up on and reopen a socket: a pure state machine. It owns no socket and no timer; stream.ts
 * performs its effects. Times are Unix milliseconds.
 */
import { SIGNED_OUT } from './protocol.ts';

export type Connection =
  /** For the first time. `lastContactAt` is null before the first contact. */
  | { readonly phase: 'connecting'; readonly lastContactAt: number | null }
  | { readonly phase: 'connected' }
  /** `retryAt`: when it is tried again; null while it is. */
  | { readonly phase: 'lost'; readonly retryAt: number | null; readonly lastContactAt: number | null };

/** When a silent connection is asked whether it lives, and how long it has to answer; milliseconds. */
export interface Heartbeat {
  readonly pingAfter: number;
  readonly answerWithin: number;
}

/** As the protocol wants it. */
export const HEARTBEAT: Heartbeat = { pingAfter: 15_000, answerWithin: 10_000 };

/** A server has closed a connection of which it has heard nothing for so long. */
const SERVER_PATIENCE = 25_000;
/** After a wake-up the question is whether the socket survived; a person is looking, so less patience. */
export const ANSWER_AFTER_WAKE = 2_000;
export const OPEN_WITHIN = 5_000;
export const FIRST_DELAY = 300;
export const LONGEST_DELAY = 10_000;

interface Tries {
  /** Failed tries since the last good connection. */
  readonly failures: number;
  readonly lastContactAt: number | null;
}

export type LinkState =
  | ({ readonly kind: 'idle' } & Tries)
  /** `quiet`: the person sees a connection all the while. */
  | ({ readonly kind: 'opening'; readonly giveUpAt: number; readonly quiet: boolean } & Tries)
  /** `deadAt` is set while a ping is unanswered. Timers of hidden pages are late: only an unanswered ping proves death. */
  | ({
      readonly kind: 'open';
      readonly pingAt: number;
      readonly deadAt: number | null;
      readonly greeted: boolean;
      readonly quiet: boolean;
    } & Tries)
  /** The socket didn't open. A browser doesn't tell why, so ask by HTTP whether we are still signed in. */
  | ({ readonly kind: 'probing' } & Tries)
  | ({ readonly kind: 'waiting'; readonly retryAt: number } & Tries)
  | ({ readonly kind: 'signed-out' } & Tries);

export type LinkEvent =
  | { readonly kind: 'connect' | 'close' | 'opened' | 'frame' | 'tick' | 'retry' | 'wake' | 'refresh' }
  /** The first full state: only now is a connection worth the name. */
  | { readonly kind: 'greeted' }
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'probed'; readonly session: 'signed-in' | 'signed-out' | 'unreachable' };

/** `retire`: the socket brings nothing new any more, but may end what was begun on it. */
export type LinkEffect = 'open' | 'drop' | 'retire' | 'ping' | 'probe' | 'report-signed-out';

export interface Step {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}

export interface Circumstances {
  readonly now: number;
  /** 0 … 1 */
  readonly random: number;
  readonly heartbeat: Heartbeat;
  /** The longest pause between two tries. */
  readonly longestDelay: number;
}

export const initialLink: LinkState = { kind: 'idle', failures: 0, lastContactAt: null };

/** Half fixed, half chance: a hundred browsers don't come back in one moment, and none comes back at once. */
export function delay(failures: number, random: number, longest: number): number {
  const ceiling = Math.min(longest, FIRST_DELAY * 2 ** Math.min(failures - 1, 16));
  return Math.round(ceiling * (0.5 + 0.5 * random));
}

function tries({ failures, lastContactAt }: LinkState): Tries {
  return { failures, lastContactAt };
}

function stay(state: LinkState): Step {
  return { state, effects: [] };
}

function open(state: LinkState, { now }: Circumstances, quiet: boolean, effects: LinkEffect[] = []): Step {
  const opening = { kind: 'opening', giveUpAt: now + OPEN_WITHIN, quiet, ...tries(state) } as const;
  return { state: opening, effects: [...effects, 'open'] };
}

function wait(
  state: LinkState,
  { now, random, longestDelay }: Circumstances,
  effects: LinkEffect[] = [],
): Step {
  const failures = state.failures + 1;
  const retryAt = now + delay(failures, random, longestDelay);
  return { state: { kind: 'waiting', retryAt, failures, lastContactAt: state.lastContactAt }, effects };
}

function probe(state: LinkState, effects: LinkEffect[] = []): Step {
  return { state: { kind: 'probing', ...tries(state) }, effects: [...effects, 'probe'] };
}

function signOut(state: LinkState): Step {
  return { state: { kind: 'signed-out', ...tries(state) }, effects: ['drop', 'report-signed-out'] };
}

function ping(state: LinkState & { kind: 'open' }, around: Circumstances, within: number): Step {
  const { now, heartbeat } = around;
  const deadAt = Math.min(state.deadAt ?? Infinity, now + within);
  return { state: { ...state, deadAt, pingAt: now + heartbeat.pingAfter }, effects: ['ping'] };
}

function tick(state: LinkState, around: Circumstances): Step {
  const { now, heartbeat } = around;
  switch (state.kind) {
    case 'opening':
      return now >= state.giveUpAt ? probe(state, ['drop']) : stay(state);
    case 'open':
      if (state.deadAt !== null && now >= state.deadAt) return wait(state, around, ['drop']);
      return now >= state.pingAt ? ping(state, around, heartbeat.answerWithin) : stay(state);
    case 'waiting':
      return now >= state.retryAt ? open(state, around, false) : stay(state);
    default:
      return stay(state);
  }
}

function closed(state: LinkState, code: number, around: Circumstances): Step {
  if (code === SIGNED_OUT) return signOut(state);
  if (state.kind === 'opening') return probe(state);
  // An open socket that ended before its first state may have been turned away: ask before trying for ever.
  if (state.kind === 'open') return state.greeted ? wait(state, around) : probe(state);
  return stay(state);
}

function probed(
  state: LinkState,
  session: 'signed-in' | 'signed-out' | 'unreachable',
  around: Circumstances,
): Step {
  if (state.kind !== 'probing') return stay(state);
  return session === 'signed-out' ? signOut(state) : wait(state, around);
}

/** A connection that has slept for longer than the server waits is gone, most likely: another one is quicker than to ask it. */
function wake(state: LinkState, around: Circumstances): Step {
  if (state.kind === 'waiting') return open(state, around, false);
  if (state.kind !== 'open') return stay(state);
  const isGone = state.lastContactAt !== null && around.now - state.lastContactAt > SERVER_PATIENCE;
  return isGone ? open(state, around, true, ['retire']) : ping(state, around, ANSWER_AFTER_WAKE);
}

/** A person doesn't want to wait, neither for the next try nor for the present one. */
function retry(state: LinkState, around: Circumstances): Step {
  if (state.kind === 'waiting') return open(state, around, false);
  const isTried = state.kind === 'opening' && state.failures > 0;
  return isTried ? open(state, around, false, ['drop']) : stay(state);
}

/** Any frame proves life and puts off the next ping. */
function frame(state: LinkState, { now, heartbeat }: Circumstances): Step {
  if (state.kind !== 'open') return stay(state);
  return stay({ ...state, deadAt: null, pingAt: now + heartbeat.pingAfter, lastContactAt: now });
}

function opened(state: LinkState, { now, heartbeat }: Circumstances): Step {
  if (state.kind !== 'opening') return stay(state);
  const { quiet } = state;
  const pingAt = now + heartbeat.pingAfter;
  return stay({ kind: 'open', pingAt, deadAt: now + OPEN_WITHIN, greeted: false, quiet, ...tries(state) });
}

export function step(state: LinkState, event: LinkEvent, around: Circumstances): Step {
  switch (event.kind) {
    case 'connect':
      return state.kind === 'idle' || state.kind === 'signed-out'
        ? open(initialLink, around, false)
        : stay(state);
    case 'close':
      return { state: initialLink, effects: ['drop'] };
    case 'opened':
      return opened(state, around);
    case 'frame':
      return frame(state, around);
    case 'greeted':
      return state.kind === 'open' ? stay({ ...state, greeted: true, failures: 0 }) : stay(state);
    case 'closed':
      return closed(state, event.code, around);
    case 'probed':
      return probed(state, event.session, around);
    case 'tick':
      return tick(state, around);
    case 'retry':
      return retry(state, around);
    case 'wake':
      return wake(state, around);
    case 'refresh':
      return state.kind === 'open' ? open(state, around, true, ['retire']) : stay(state);
  }
}

/** When the next `tick` is due, or null. */
export function nextTick(state: LinkState): number | null {
  switch (state.kind) {
    case 'opening':
      return state.giveUpAt;
    case 'open':
      return Math.min(state.pingAt, state.deadAt ?? Infinity);
    case 'waiting':
      return state.retryAt;
    default:
      return null;
  }
}

/** What a person is told. */
export function connectionOf(state: LinkState): Connection {
  const { lastContactAt, failures } = state;
  if (state.kind === 'waiting') return { phase: 'lost', retryAt: state.retryAt, lastContactAt };
  if (state.kind === 'open' && state.greeted) return { phase: 'connected' };
  if ((state.kind === 'open' || state.kind === 'opening') && state.quiet) return { phase: 'connected' };
  if (failures > 0) return { phase: 'lost', retryAt: null, lastContactAt };
  return { phase: 'connecting', lastContactAt };
}
