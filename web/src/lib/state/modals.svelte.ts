/**
 * Which module's modal is open. It survives frames and reconnects; it closes when its module no longer has it. A modal
 * asked for before its tree has come opens as soon as it comes: answer and frame may travel on two connections.
 */
import type { ModalNode, ModuleSnapshot } from '../transport/model';
import type { Dashboard } from './dashboard.svelte';

export interface OpenModal {
  readonly module: string;
  readonly modal: ModalNode;
}

const COMES_WITHIN = 3_000;

function find(modules: readonly ModuleSnapshot[], module: string, id: string): OpenModal | null {
  const own = modules.find(({ name }) => name === module);
  const modal = own?.modals.find((candidate) => candidate.id === id);
  return own?.enabled && modal ? { module, modal } : null;
}

export class Modals {
  #wanted = $state.raw<{ module: string; id: string } | null>(null);
  #wasOpen = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #dashboard: Dashboard;
  readonly #onMissing: (module: string, id: string) => void;

  readonly open: OpenModal | null = $derived.by(() => {
    const wanted = this.#wanted;
    return wanted && find(this.#dashboard.modules ?? [], wanted.module, wanted.id);
  });

  constructor(dashboard: Dashboard, onMissing: (module: string, id: string) => void) {
    this.#dashboard = dashboard;
    this.#onMissing = onMissing;
  }

  show(module: string, id: string): void {
    this.close(null);
    this.#wanted = { module, id };
    this.reconcile();
    if (!this.#wasOpen) this.#timer = setTimeout(() => this.#giveUp(module, id), COMES_WITHIN);
  }

  /** With an id only that modal is closed. */
  close(id: string | null): void {
    if (id !== null && this.#wanted?.id !== id) return;
    clearTimeout(this.#timer);
    this.#wanted = null;
    this.#wasOpen = false;
  }

  /** To be called whenever modules have changed. */
  reconcile(): void {
    const isOpen = this.open !== null;
    if (this.#wasOpen && !isOpen) return this.close(null);
    if (isOpen) clearTimeout(this.#timer);
    this.#wasOpen = isOpen;
  }

  #giveUp(module: string, id: string): void {
    this.close(id);
    this.#onMissing(module, id);
  }
}
