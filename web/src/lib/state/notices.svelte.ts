/** Notifications. Errors stay until dismissed; the others go after 5 s, unless a person is looking at them. */
import type { NotifyVariant } from '../transport/model';

export interface Notice {
  readonly id: number;
  readonly variant: NotifyVariant;
  readonly title: string | null;
  readonly message: string;
}

const SHOWN_FOR = 5_000;
/** More than fit on any screen: beyond it the oldest give way, errors only to errors. */
const MOST = 8;

export class Notices {
  items = $state.raw<readonly Notice[]>([]);
  #nextId = 1;
  #held = false;
  /** Nothing on screen depends on it, so it needs no reactive map. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  add(variant: NotifyVariant, message: string, title: string | null = null): void {
    const notice = { id: this.#nextId++, variant, title, message };
    if (this.items.length >= MOST) this.#giveWay();
    this.items = [...this.items, notice];
    if (!this.#held) this.#expire(notice);
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.items = this.items.filter((notice) => notice.id !== id);
  }

  /** The pointer or the focus is on them: nothing vanishes under it. */
  hold = (): void => {
    this.#held = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  };

  release = (): void => {
    this.#held = false;
    for (const notice of this.items) this.#expire(notice);
  };

  clear(): void {
    for (const { id } of this.items) this.dismiss(id);
    this.#held = false;
  }

  #giveWay(): void {
    const oldest = this.items.find(({ variant }) => variant !== 'error') ?? this.items[0];
    if (oldest) this.dismiss(oldest.id);
  }

  #expire({ id, variant }: Notice): void {
    if (variant === 'error' || this.#timers.has(id)) return;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), SHOWN_FOR),
    );
  }
}
