/**
 * What the client needs of a live connection. The rest of the client knows this interface only, so that another
 * protocol is another implementation and nothing else.
 */
import type { Connection, SetupWatch } from '@contara/stream';
import type { ActionResult, FormData, ModuleSnapshot } from './model';
import type { LogPart, Transaction } from './setup-model';

export type { Connection, SetupWatch };

export interface TransportEvents {
  state(connection: Connection): void;
  /** All modules, in display order; replaces everything known before. */
  modules(snapshots: readonly ModuleSnapshot[]): void;
  /** The latest of one module. */
  module(update: ModuleSnapshot): void;
  /** The latest of one transaction; only while setup is watched. */
  setup(transaction: Transaction): void;
  /** More lines, or an open one as it is now. */
  setupLines(part: LogPart): void;
  /** The server no longer knows this browser. The transport has stopped. */
  signedOut(): void;
}

export interface Transport {
  connect(): void;
  close(): void;
  /** Don't wait for the next try. */
  retry(): void;
  /** Fetch everything anew, in the language that is chosen now, without a sign of it. */
  refresh(): void;
  /** That module's detail page is wanted with its updates, also after a reconnect; null: no page any more. */
  watch(page: string | null): void;
  /** Setup is wanted with its updates, also after a reconnect; null: no more. */
  watchSetup(watch: SetupWatch | null): void;
  /** Rejects with an `ApiError`. `form`: the fields beside the button; null if there are none. */
  act(
    module: string,
    action: string,
    params: Readonly<Record<string, unknown>>,
    form: FormData | null,
  ): Promise<ActionResult[]>;
}
