/** What happened and who did it, in parts. */
import { call } from '../transport/http';
import {
  choice,
  date,
  fields,
  isFields,
  maps,
  text,
  textOrNull,
  texts,
  wholeOrNull,
  type Fields,
} from '../transport/read';
import { RUN_STATES, type RunState } from '../transport/setup-model';

const WITHIN = 15_000;

export const KINDS = ['sign_in', 'module', 'action', 'settings', 'setup'] as const;
export type Kind = (typeof KINDS)[number];

export const OUTCOMES = ['done', 'failed', 'cancelled', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Something that happened. */
export interface ActivityEntry {
  readonly id: number;
  /** When it was over. */
  readonly at: Date | null;
  /** The same of the last one, where the same was done several times within a minute. */
  readonly last: Date | null;
  readonly times: number;
  readonly kind: string;
  readonly event: string;
  readonly outcome: Outcome;
  /** Null: somebody who isn't paired. */
  readonly by: string | null;
  readonly module: string | null;
  readonly action: string | null;
  /** An address, or the name of another client. */
  readonly about: string | null;
  /** Milliseconds. */
  readonly longest: number | null;
  readonly run: ActivityRun | null;
}

/** A run of setup as it stands now. */
export interface ActivityRun {
  readonly id: number;
  readonly state: RunState;
  readonly modules: readonly string[];
}

export interface ActivityPart {
  /** The latest first. */
  readonly entries: readonly ActivityEntry[];
  /** Where the next part begins; null if there is none. */
  readonly next: number | null;
}

function decodeRun(value: unknown): ActivityRun | null {
  const run = fields(value);
  const id = wholeOrNull(run['id']);
  if (id === null) return null;
  return { id, state: choice(run['state'], RUN_STATES, 'interrupted'), modules: texts(run['modules']) };
}

function decodeEntry(entry: Fields): ActivityEntry | null {
  const id = wholeOrNull(entry['id']);
  if (id === null) return null;
  return {
    id,
    at: date(entry['at']),
    last: date(entry['last']),
    times: wholeOrNull(entry['times']) ?? 1,
    kind: text(entry['kind']),
    event: text(entry['event']),
    outcome: choice(entry['outcome'], OUTCOMES, 'done'),
    by: textOrNull(fields(entry['by'])['name']),
    module: textOrNull(entry['module']),
    action: textOrNull(entry['action']),
    about: textOrNull(entry['about']),
    longest: wholeOrNull(entry['longest_ms']),
    run: isFields(entry['transaction']) ? decodeRun(entry['transaction']) : null,
  };
}

export async function fetchActivity(kind: Kind | null, before: number | null): Promise<ActivityPart> {
  const query = new URLSearchParams();
  if (kind !== null) query.set('kind', kind);
  if (before !== null) query.set('before', String(before));
  const asked = query.size > 0 ? `?${query.toString()}` : '';
  const part = fields(await call('GET', `/api/activity${asked}`, { timeoutMs: WITHIN }));
  const entries = maps(part['entries']).map(decodeEntry);
  return { entries: entries.filter((entry) => entry !== null), next: wholeOrNull(part['next']) };
}
