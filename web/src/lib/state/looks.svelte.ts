/** Asks for what the stream doesn't bring by itself: detail pages, and modules that push nothing. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { fetchPage, fetchUi } from '../api/modules';
import { language } from '../i18n/speech.svelte';
import type { Transport } from '../transport/transport';
import type { Dashboard } from './dashboard.svelte';
import type { Notices } from './notices.svelte';
import type { Session } from './session.svelte';

export class Looks {
  /** Modules that are being asked. */
  readonly refreshing = new SvelteSet<string>();
  /** Why a page couldn't be had. */
  readonly failures = new SvelteMap<string, string>();
  #page: string | null = null;

  constructor(
    private readonly transport: Pick<Transport, 'watch'>,
    private readonly session: Session,
    private readonly dashboard: Dashboard,
    private readonly notices: Notices,
  ) {}

  /** For as long as the page is open; returns what ends it. */
  watch(module: string): () => void {
    this.#page = module;
    this.transport.watch(module);
    void this.#fetchPage(module);
    return () => {
      this.#page = null;
      this.transport.watch(null);
      this.failures.delete(module);
      this.dashboard.lookAtPage(module, undefined);
    };
  }

  /** The tile, and the page if it is open. */
  async refresh(module: string): Promise<void> {
    if (this.refreshing.has(module)) return;
    this.refreshing.add(module);
    try {
      this.dashboard.look(module, await this.session.guard(fetchUi(module)));
      if (this.#page === module) await this.#fetchPage(module, true);
    } catch (cause) {
      this.notices.add('error', (cause as Error).message, language.say('refresh-failed'), module);
    } finally {
      this.refreshing.delete(module);
    }
  }

  /** A page that the stream has brought meanwhile is the newer one, unless the module pushes nothing. */
  async #fetchPage(module: string, again = false): Promise<void> {
    this.failures.delete(module);
    try {
      const page = await this.session.guard(fetchPage(module));
      const known = this.dashboard.find(module)?.page;
      if (this.#page === module && (again || known === undefined)) this.dashboard.lookAtPage(module, page);
    } catch (cause) {
      if (this.#page === module) this.failures.set(module, (cause as Error).message);
    }
  }
}
