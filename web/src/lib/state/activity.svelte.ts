/** What happened, as the page Activity shows it: of one kind or of all, the latest first, further back on demand. */
import { fetchActivity, type ActivityEntry, type ActivityPart, type Kind } from '../api/activity';
import type { Session } from './session.svelte';

export class ActivityList {
  /** Null until fetched. */
  entries = $state.raw<readonly ActivityEntry[] | null>(null);
  /** Why they couldn't be fetched. */
  error = $state<string | null>(null);
  busy = $state(false);
  #next = $state<number | null>(null);
  readonly hasMore = $derived(this.#next !== null);
  /** A newer question has overtaken the answers to all before. */
  #asked = 0;

  constructor(
    private readonly session: Session,
    readonly kind: Kind | null,
  ) {}

  /** The latest, from the beginning. What was read further back stays, unless more has happened than comes at once. */
  async fetch(): Promise<void> {
    await this.#ask(null);
  }

  /** How many more there are now. */
  async more(): Promise<number> {
    const before = this.entries?.length ?? 0;
    if (!this.busy) await this.#ask(this.#next);
    return (this.entries?.length ?? 0) - before;
  }

  async #ask(before: number | null): Promise<void> {
    const question = ++this.#asked;
    this.busy = true;
    try {
      const part = await this.session.guard(fetchActivity(this.kind, before));
      if (question !== this.#asked) return;
      if (before === null) this.#renew(part);
      else this.#extend(part);
      this.error = null;
    } catch (cause) {
      if (question === this.#asked) this.error = (cause as Error).message;
    } finally {
      if (question === this.#asked) this.busy = false;
    }
  }

  #extend({ entries, next }: ActivityPart): void {
    this.entries = [...(this.entries ?? []), ...entries];
    this.#next = next;
  }

  #renew({ entries, next }: ActivityPart): void {
    const known = this.entries ?? [];
    const oldest = entries.at(-1)?.id ?? Infinity;
    const meets = next !== null && (known[0]?.id ?? -Infinity) >= oldest;
    const older = meets ? known.filter(({ id }) => id < oldest) : [];
    this.entries = [...entries, ...older];
    if (older.length === 0) this.#next = next;
  }
}
