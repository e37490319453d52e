/** Which actions the running modules have: asked while the palette is open, a few modules at a time. */
import { SvelteMap } from 'svelte/reactivity';
import { listActions } from '../../api/modules';
import type { Session } from '../../state/session.svelte';
import type { ModuleAction } from '../../transport/model';

/** Requests under way. */
const AT_ONCE = 4;
/** Modules that are asked. More have their actions on the dashboard only. */
const MOST_MODULES = 200;

export class ModuleActions {
  readonly known = new SvelteMap<string, readonly ModuleAction[]>();
  /** Nothing on screen depends on it. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #asked = new Set<string>();
  #waiting: string[] = [];
  #running = 0;

  constructor(private readonly session: Session) {}

  /** Asks those that weren't asked before. */
  ask(modules: readonly string[]): void {
    for (const name of modules) {
      if (this.#asked.has(name) || this.#asked.size >= MOST_MODULES) continue;
      this.#asked.add(name);
      this.#waiting.push(name);
    }
    while (this.#running < AT_ONCE && this.#waiting.length > 0) void this.#next();
  }

  /** What isn't asked yet stays so. */
  stop(): void {
    this.#waiting = [];
  }

  async #next(): Promise<void> {
    this.#running++;
    for (let name = this.#waiting.shift(); name !== undefined; name = this.#waiting.shift()) {
      try {
        this.known.set(name, await this.session.guard(listActions(name)));
      } catch {
        // It stopped meanwhile, or can't be reached: then there is nothing to offer.
      }
    }
    this.#running--;
  }
}
