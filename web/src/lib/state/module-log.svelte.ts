/**
 * A module's log as it is shown: the latest lines that the daemon has kept, and whatever comes while it is followed. What is missing
 * has an entry of its own. Bounded, since a page may be open for days.
 */
import { fetchLog, type ModuleLine, type ModuleLogPart } from '../api/logs';
import { language } from '../i18n/speech.svelte';
import { ApiError } from '../transport/http';
import type { Session } from './session.svelte';
import type { Trouble } from './trouble';

type Told =
  | { readonly kind: 'line'; readonly line: ModuleLine }
  /** So many lines aren't kept any more. */
  | { readonly kind: 'gap'; readonly missing: number }
  /** From here on it is another daemon's log. */
  | { readonly kind: 'anew' };
export type LogEntry = Told & { readonly key: number };

/** Lines, of some hundred bytes as a rule. */
const MOST = 20_000;
/** So many go at once, that it is seldom. */
const GO_AT_ONCE = 1_000;
/** In milliseconds, between two questions: a module that talks all the time must not cost a request for each line. */
const BETWEEN = 500;

function isSame(one: ModuleLine, other: ModuleLine): boolean {
  return one.seq === other.seq && one.at?.getTime() === other.at?.getTime();
}

/** What comes after line `last`: lines that are known already are left out, and what is missing is told. */
export function continued(last: ModuleLine | null, lines: readonly ModuleLine[]): Told[] {
  const known = last !== null && lines.some((line) => isSame(line, last));
  const fresh = known ? lines.filter(({ seq }) => seq > last.seq) : lines;
  const first = fresh[0];
  if (!first) return [];
  const anew = last !== null && first.seq <= last.seq;
  const missing = first.seq - 1 - (anew ? 0 : (last?.seq ?? 0));
  return [
    ...(anew ? [{ kind: 'anew' } as const] : []),
    ...(missing > 0 ? [{ kind: 'gap', missing } as const] : []),
    ...fresh.map((line) => ({ kind: 'line', line }) as const),
  ];
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, BETWEEN);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

export class ModuleLog {
  /** Null until fetched. */
  entries = $state.raw<readonly LogEntry[] | null>(null);
  /** There is no such module. */
  none = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  #last: ModuleLine | null = null;
  #nextKey = 1;

  constructor(
    private readonly name: string,
    private readonly session: Session,
    /** Is told of each line that comes while it is followed. */
    private readonly hear: (line: ModuleLine) => void,
  ) {}

  /** Until what is returned is called. */
  follow(): () => void {
    const ended = new AbortController();
    void this.#follow(ended.signal);
    return () => ended.abort();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    // At first without a number: those of another daemon would say nothing to this one.
    let after: number | null = null;
    try {
      while (!signal.aborted) {
        const part: ModuleLogPart = await this.session.guard(fetchLog(this.name, after, signal));
        if (signal.aborted) return;
        this.#take(part.lines, after !== null);
        after = part.next;
        await pause(signal);
      }
    } catch (cause) {
      if (!signal.aborted) this.#fail(cause as Error);
    }
  }

  #take(lines: readonly ModuleLine[], live: boolean): void {
    this.none = false;
    this.trouble = null;
    const told = continued(this.#last, lines).map((entry) => ({ ...entry, key: this.#nextKey++ }));
    if (this.entries !== null && told.length === 0) return;
    const all = [...(this.entries ?? []), ...told];
    this.entries = all.length > MOST ? all.slice(all.length - MOST + GO_AT_ONCE) : all;
    this.#last = lines.at(-1) ?? this.#last;
    if (!live) return;
    for (const entry of told) if (entry.kind === 'line') this.hear(entry.line);
  }

  #fail(cause: Error): void {
    this.none = cause instanceof ApiError && cause.status === 404;
    this.trouble = this.none ? null : { title: language.say('log-not-loaded'), message: cause.message };
  }
}
