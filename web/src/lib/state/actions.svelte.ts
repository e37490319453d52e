/** Runs the actions of modules: one call at a time for each button, results handled in their order. */
import { SvelteSet } from 'svelte/reactivity';
import type { ActionRef, ActionResult } from '../transport/model';
import type { Transport } from '../transport/transport';
import type { Modals } from './modals.svelte';
import type { Notices } from './notices.svelte';
import type { Session } from './session.svelte';

const FAILED = 'Action failed';

function keyOf(module: string, { action, params }: ActionRef): string {
  return JSON.stringify([module, action, params]);
}

export class Actions {
  readonly #busy = new SvelteSet<string>();

  constructor(
    private readonly transport: Pick<Transport, 'act' | 'refresh'>,
    private readonly session: Session,
    private readonly modals: Modals,
    private readonly notices: Notices,
  ) {}

  busy(module: string, ref: ActionRef): boolean {
    return this.#busy.has(keyOf(module, ref));
  }

  async run(module: string, ref: ActionRef): Promise<void> {
    const key = keyOf(module, ref);
    if (this.#busy.has(key)) return;
    this.#busy.add(key);
    try {
      const results = await this.session.guard(this.transport.act(module, ref.action, ref.params));
      for (const result of results) this.#handle(module, result);
    } catch (cause) {
      if (this.session.status === 'signed-in') this.notices.add('error', (cause as Error).message, FAILED);
    } finally {
      this.#busy.delete(key);
    }
  }

  #handle(module: string, result: ActionResult): void {
    switch (result.kind) {
      case 'open-modal':
        return this.modals.show(module, result.id);
      case 'close-modal':
        return this.modals.close(result.id);
      case 'notify':
        return this.notices.add(result.variant, result.message, result.title);
      case 'refresh':
        return this.transport.refresh();
    }
  }
}
