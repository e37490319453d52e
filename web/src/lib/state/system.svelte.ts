/** How Contara and its machine are: asked again and again while somebody looks, and not while the page is in the background. */
import { fetchSystem } from '../api/system';
import { ApiError } from '../transport/http';
import type { System } from '../transport/system';
import type { Session } from './session.svelte';

const AGAIN_AFTER = 3_000;

export class SystemWatch {
  /** Null until fetched; then the latest that came. */
  latest = $state.raw<System | null>(null);
  /** Why the last wasn’t to be had. That the daemon is out of reach isn’t told here: the whole page says so. */
  error = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watched = false;

  constructor(private readonly session: Pick<Session, 'guard'>) {}

  /** Until the returned function is called. */
  watch(): () => void {
    this.#watched = true;
    this.again();
    return () => {
      this.#watched = false;
      clearTimeout(this.#timer);
    };
  }

  /** At once; the next time is counted from here. */
  again = (): void => {
    clearTimeout(this.#timer);
    void this.#ask();
  };

  async #ask(): Promise<void> {
    if (!document.hidden) await this.#fetch();
    clearTimeout(this.#timer);
    if (this.#watched) this.#timer = setTimeout(() => void this.#ask(), AGAIN_AFTER);
  }

  async #fetch(): Promise<void> {
    try {
      this.latest = await this.session.guard(fetchSystem());
      this.error = null;
    } catch (cause) {
      if (cause instanceof ApiError && cause.unreachable) return;
      this.error = (cause as Error).message;
    }
  }
}
