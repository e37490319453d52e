/** The live modules and the connection that brings them. */
import type { ModuleSnapshot } from '../transport/model';
import type { Connection } from '../transport/transport';

const NOT_CONNECTED = 'Not connected to Contara';

export class Dashboard {
  connection = $state.raw<Connection>({ phase: 'connecting', lastContactAt: null });
  /** Null until the first state has come. Trees are replaced, never changed in place. */
  modules = $state.raw<readonly ModuleSnapshot[] | null>(null);

  readonly shown = $derived(this.modules?.filter(({ enabled }) => enabled) ?? null);
  readonly connected = $derived(this.connection.phase === 'connected');
  /** Why controls can't work just now, or null. */
  readonly blocked = $derived(this.connected ? null : NOT_CONNECTED);
  /** Since when what is shown may be out of date, or null when it is live or there is nothing yet. */
  readonly staleSince = $derived(
    this.connection.phase === 'connected' ? null : this.connection.lastContactAt,
  );

  replace(modules: readonly ModuleSnapshot[]): void {
    this.modules = modules;
  }

  /** A module that isn't known is left out: a full state follows whenever the set of modules changes. */
  update(module: ModuleSnapshot): void {
    this.modules = this.modules?.map((known) => (known.name === module.name ? module : known)) ?? null;
  }

  clear(): void {
    this.modules = null;
    this.connection = { phase: 'connecting', lastContactAt: null };
  }
}
