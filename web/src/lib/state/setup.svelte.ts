/** Setup as this browser knows it: the modules there are, the runs that are known, and which of them is looked at. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { fetchOverview, fetchSetupModule } from '../api/setup';
import { language } from '../i18n/speech.svelte';
import { ApiError } from '../transport/http';
import type { LogPart, SetupModuleDetails, SetupOverview, Transaction } from '../transport/setup-model';
import type { SetupWatch, Transport } from '../transport/transport';
import type { Session } from './session.svelte';
import { SetupRun } from './setup-run.svelte';

export class Setup {
  /** Null until fetched. */
  overview = $state.raw<SetupOverview | null>(null);
  /** Why it couldn't be fetched. */
  error = $state<string | null>(null);
  /** Slugs that are chosen to be set up; kept while other pages are looked at. */
  readonly chosen = new SvelteSet<string>();
  /** Number → the latest of it. */
  readonly #latest = new SvelteMap<number, Transaction>();
  /** Nothing on screen depends on which there are. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #runs = new Map<number, SetupRun>();
  #watch: SetupWatch | null = null;
  #fetching: Promise<void> | null = null;
  #again = false;

  constructor(
    private readonly transport: Pick<Transport, 'watchSetup'>,
    private readonly session: Session,
  ) {}

  /** The latest first. */
  get transactions(): Transaction[] {
    return [...this.#latest.values()].sort((one, other) => other.id - one.id);
  }

  transaction(id: number | null): Transaction | null {
    return (id === null ? undefined : this.#latest.get(id)) ?? null;
  }

  run(id: number): SetupRun {
    const run = this.#runs.get(id) ?? new SetupRun(id, this.session);
    this.#runs.set(id, run);
    return run;
  }

  /** For as long as a page that shows modules is open; returns what ends it. In another language it is asked for anew. */
  watch(): () => void {
    void language.chosen;
    return this.#watching({ transaction: null, after: () => 0 });
  }

  /** For as long as a run's page is open; returns what ends it. */
  watchRun(id: number): () => void {
    const { log } = this.run(id);
    log.tellIn(language.chosen);
    return this.#watching({ transaction: id, after: () => log.after });
  }

  /** One fetch at a time; a wish that comes meanwhile is granted by one more. */
  async refetch(): Promise<void> {
    this.#again = this.#fetching !== null;
    this.#fetching ??= this.#fetch();
    await this.#fetching;
  }

  /** Over the stream: the latest wins. */
  heard(transaction: Transaction): void {
    const before = this.transaction(transaction.id);
    if (before && transaction.revision < before.revision) return;
    this.#latest.set(transaction.id, transaction);
    this.#runs.get(transaction.id)?.apply(transaction);
    // Which modules are configured has changed, or may have.
    const watched = this.#watch !== null && this.#watch.transaction === null;
    if (watched && before?.state !== transaction.state) void this.refetch();
  }

  linesCame({ transaction, lines, more }: LogPart): void {
    this.#runs.get(transaction)?.log.add(lines, more);
  }

  clear(): void {
    this.overview = null;
    this.error = null;
    this.chosen.clear();
    this.#latest.clear();
    this.#runs.clear();
  }

  /** One module with its history. */
  async details(slug: string): Promise<SetupModuleDetails | null> {
    try {
      return await this.session.guard(fetchSetupModule(slug));
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 404) return null;
      throw cause;
    }
  }

  #watching(watch: SetupWatch): () => void {
    this.#watch = watch;
    this.transport.watchSetup(watch);
    return () => {
      // The next page may have begun to watch already.
      if (this.#watch !== watch) return;
      this.#watch = null;
      this.transport.watchSetup(null);
    };
  }

  async #fetch(): Promise<void> {
    try {
      do {
        this.#again = false;
        this.#show(await this.session.guard(fetchOverview()));
        this.error = null;
      } while (this.#again);
    } catch (cause) {
      this.error = (cause as Error).message;
    } finally {
      this.#fetching = null;
    }
  }

  #show(overview: SetupOverview): void {
    this.overview = overview;
    for (const transaction of overview.transactions) {
      const known = this.#latest.get(transaction.id);
      if (!known || known.revision <= transaction.revision) this.#latest.set(transaction.id, transaction);
    }
    // What is no longer there, or has no box any more, isn't chosen.
    const offered = overview.modules.filter(({ usable, canConfigure }) => usable && canConfigure);
    for (const slug of this.chosen) {
      if (!offered.some((module) => module.slug === slug)) this.chosen.delete(slug);
    }
  }
}
