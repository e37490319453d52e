/** The live modules and the connection that brings them. */
import { language } from '../i18n/speech.svelte';
import type { ActionRef, ModuleSnapshot, ModuleUi, UiNode } from '../transport/model';
import type { Connection } from '../transport/transport';
import { callKey } from './calls';
import { now } from './clock.svelte';

/** A daemon that is just being started again isn't out of reach. */
const PATIENCE = 3_000;

export class Dashboard {
  connection = $state.raw<Connection>({ phase: 'connecting', lastContactAt: null });
  /** Null until the first state has come. Trees are replaced, never changed in place. */
  modules = $state.raw<readonly ModuleSnapshot[] | null>(null);
  /** How many full states have come. Each connection brings one, also one that is made unseen after a sleep. */
  snapshots = $state(0);

  readonly shown = $derived(this.modules?.filter(({ enabled, dashboard }) => enabled && dashboard) ?? null);
  /** Those that would be shown if they were enabled. */
  readonly disabled = $derived(this.modules?.filter(({ enabled, dashboard }) => !enabled && dashboard) ?? []);
  readonly connected = $derived(this.connection.phase === 'connected');
  /** Why controls can't work just now, or null. */
  readonly blocked = $derived(this.connected ? null : language.say('not-connected'));
  /** Since when what is shown may be out of date, or null when it is live or there is nothing yet. */
  readonly staleSince = $derived(
    this.connection.phase === 'connected' ? null : this.connection.lastContactAt,
  );

  #began = Date.now();

  /** Since when the daemon is looked for in vain, where this page has never had anything of it; else null. */
  get unreachedSince(): number | null {
    if (this.modules !== null || this.connection.phase !== 'lost') return null;
    return now() - this.#began >= PATIENCE ? this.#began : null;
  }

  replace(modules: readonly ModuleSnapshot[]): void {
    this.snapshots++;
    this.modules = modules.map((module) => this.#withPage(module));
  }

  find(name: string): ModuleSnapshot | null {
    return this.modules?.find((module) => module.name === name) ?? null;
  }

  /** Whether anyone's call of this action is under way. */
  isRunning(name: string, ref: ActionRef): boolean {
    const calls = this.find(name)?.running ?? [];
    return calls.length > 0 && calls.some((call) => callKey(name, call) === callKey(name, ref));
  }

  /** A module that isn't known is left out: a full state follows whenever the set of modules changes. */
  update(module: ModuleSnapshot): void {
    this.#change(module.name, () => this.#withPage(module));
  }

  /** What was asked for by hand. */
  look(name: string, ui: ModuleUi): void {
    this.#change(name, (known) => ({ ...known, tile: ui.tile, modals: ui.modals }));
  }

  lookAtPage(name: string, page: UiNode | null | undefined): void {
    this.#change(name, (known) => ({ ...known, page }));
  }

  /** A frame that says nothing of the page leaves the one we have. */
  #withPage(module: ModuleSnapshot): ModuleSnapshot {
    const known = this.find(module.name)?.page;
    return module.page === undefined && known !== undefined ? { ...module, page: known } : module;
  }

  #change(name: string, change: (known: ModuleSnapshot) => ModuleSnapshot): void {
    this.modules = this.modules?.map((known) => (known.name === name ? change(known) : known)) ?? null;
  }

  clear(): void {
    this.modules = null;
    this.connection = { phase: 'connecting', lastContactAt: null };
    this.#began = Date.now();
  }
}
