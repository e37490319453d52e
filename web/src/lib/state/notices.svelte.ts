/**
 * Notifications. As toasts errors stay until dismissed, and the others go after 5 s, unless a person is looking at them. All are in
 * the history besides, for as long as the page is open: what happened on the machine outlives it in the activity.
 */
import { SvelteSet } from 'svelte/reactivity';
import type { NotifyVariant } from '../transport/model';

export interface Notice {
  readonly id: number;
  readonly variant: NotifyVariant;
  readonly title: string | null;
  readonly message: string;
  /** The name of the module that it is from, or null. */
  readonly module: string | null;
  /** In milliseconds since 1970. */
  readonly at: number;
}

const SHOWN_FOR = 5_000;
/** More toasts than fit on any screen: beyond it the oldest give way, errors only to errors. */
const MOST_TOASTS = 8;
/** More than anybody reads again. */
const MOST_KEPT = 100;

export class Notices {
  /** The toasts, the newest last. */
  items = $state.raw<readonly Notice[]>([]);
  /** What was told since the page was opened and not removed, the newest first. */
  history = $state.raw<readonly Notice[]>([]);
  /** What nobody has dismissed yet, or seen in the history. */
  readonly #unseen = new SvelteSet<number>();
  readonly unseen = $derived(this.history.filter(({ id }) => this.#unseen.has(id)));
  #nextId = 1;
  #held = false;
  /** Nothing on screen depends on it, so it needs no reactive map. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  add(
    variant: NotifyVariant,
    message: string,
    title: string | null = null,
    module: string | null = null,
  ): void {
    const notice = { id: this.#nextId++, variant, title, message, module, at: Date.now() };
    this.#keep(notice);
    if (this.items.length >= MOST_TOASTS) this.#giveWay();
    this.items = [...this.items, notice];
    if (!this.#held) this.#expire(notice);
  }

  /** Who closes a toast has seen it. */
  dismiss(id: number): void {
    this.#unseen.delete(id);
    this.#hide(id);
  }

  /** The history is looked at. */
  see(): void {
    this.#unseen.clear();
  }

  /** Toasts that would say again what the history shows. */
  putAway(): void {
    for (const { id } of this.items) this.#hide(id);
    this.#held = false;
  }

  remove(id: number): void {
    this.dismiss(id);
    this.history = this.history.filter((notice) => notice.id !== id);
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
    this.putAway();
    this.see();
    this.history = [];
  }

  #keep(notice: Notice): void {
    const kept = [notice, ...this.history];
    for (const { id } of kept.slice(MOST_KEPT)) this.#unseen.delete(id);
    this.history = kept.slice(0, MOST_KEPT);
    this.#unseen.add(notice.id);
  }

  #hide(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.items = this.items.filter((notice) => notice.id !== id);
  }

  #giveWay(): void {
    const oldest = this.items.find(({ variant }) => variant !== 'error') ?? this.items[0];
    if (oldest) this.#hide(oldest.id);
  }

  #expire({ id, variant }: Notice): void {
    if (variant === 'error' || this.#timers.has(id)) return;
    this.#timers.set(
      id,
      setTimeout(() => this.#hide(id), SHOWN_FOR),
    );
  }
}
