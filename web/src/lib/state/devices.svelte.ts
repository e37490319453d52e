/** The paired clients, as the page Account shows and changes them. */
import { listClients, renameClient, signOutClient, signOutOthers, type PairedClient } from '../api/clients';
import type { Session } from './session.svelte';

export class Devices {
  /** Null until fetched. */
  all = $state.raw<readonly PairedClient[] | null>(null);
  /** Why they couldn't be fetched. */
  error = $state<string | null>(null);
  readonly own = $derived(this.all?.find(({ own }) => own) ?? null);
  /** Who is there now comes first, then who was there last. */
  readonly others = $derived(
    (this.all ?? [])
      .filter(({ own }) => !own)
      .sort((a, b) => Number(b.connected) - Number(a.connected) || seen(b) - seen(a)),
  );

  constructor(private readonly session: Session) {}

  async fetch(): Promise<void> {
    try {
      this.all = await this.session.guard(listClients());
      this.error = null;
    } catch (cause) {
      this.error = (cause as Error).message;
    }
  }

  /** Throws what the server has against it. */
  async rename(id: number, name: string): Promise<void> {
    const renamed = await this.session.guard(renameClient(id, name));
    this.all = this.all?.map((client) => (client.id === id ? renamed : client)) ?? null;
  }

  async signOut(id: number): Promise<void> {
    await this.session.guard(signOutClient(id));
    this.all = this.all?.filter((client) => client.id !== id) ?? null;
  }

  /** How many they were. */
  async signOutOthers(): Promise<number> {
    const count = await this.session.guard(signOutOthers());
    await this.fetch();
    return count;
  }
}

function seen({ lastSeen }: PairedClient): number {
  return lastSeen?.getTime() ?? 0;
}
