/** All modules there are, and switching them on and off. Fetched only while somebody looks at them. */
import { SvelteMap } from 'svelte/reactivity';
import { listModules, setPower, type Power } from '../api/modules';
import type { ModuleInfo, ModuleSnapshot } from '../transport/model';
import type { Session } from './session.svelte';

export class Catalog {
  /** Null until fetched. */
  modules = $state.raw<readonly ModuleInfo[] | null>(null);
  /** Why the list couldn't be fetched. */
  error = $state<string | null>(null);
  /** Module → what is being done to it. */
  readonly running = new SvelteMap<string, Power>();
  /** Module → the last switch, if it failed, and why. */
  readonly #failures = new SvelteMap<string, { power: Power; message: string }>();
  #watchers = 0;
  #fetching: Promise<void> | null = null;
  #again = false;

  constructor(private readonly session: Session) {}

  /** For as long as they are looked at; returns what ends it. */
  watch(): () => void {
    this.#watchers++;
    void this.refetch();
    return () => {
      this.#watchers--;
    };
  }

  /** One fetch at a time; a wish that comes meanwhile is granted by one more. */
  async refetch(): Promise<void> {
    if (this.#watchers === 0) return;
    this.#again = this.#fetching !== null;
    this.#fetching ??= this.#fetch();
    await this.#fetching;
  }

  /** What the stream says of one module is as good as a fetch. It never speaks of a folder that lost its name to another. */
  update({ name, enabled, life, problem, preparing }: ModuleSnapshot): void {
    const change = (known: ModuleInfo) =>
      known.valid && known.name === name ? { ...known, enabled, life, problem, preparing } : known;
    this.modules = this.modules?.map(change) ?? null;
    if (life === 'running' && this.#failures.get(name)?.power === 'enable') this.#failures.delete(name);
  }

  /** Why the last switch failed, or null; also null where the module tells of the same, or is being started again. */
  failureOf({ name, life, problem }: Pick<ModuleSnapshot, 'name' | 'life' | 'problem'>): string | null {
    const message = this.#failures.get(name)?.message ?? null;
    const told = problem?.detail && message?.includes(problem.detail);
    return life === 'starting' || life === 'preparing' || told ? null : message;
  }

  async switch(name: string, power: Power): Promise<void> {
    if (this.running.has(name)) return;
    this.running.set(name, power);
    this.#failures.delete(name);
    try {
      await this.session.guard(setPower(name, power));
    } catch (cause) {
      this.#failures.set(name, { power, message: (cause as Error).message });
    }
    await this.refetch();
    this.running.delete(name);
  }

  clear(): void {
    this.modules = null;
    this.error = null;
    this.#failures.clear();
  }

  async #fetch(): Promise<void> {
    try {
      do {
        this.#again = false;
        this.modules = await this.session.guard(listModules());
        this.error = null;
      } while (this.#again);
    } catch (cause) {
      this.error = (cause as Error).message;
    } finally {
      this.#fetching = null;
    }
  }
}
