/**
 * How the dashboard is arranged: shown at once, saved on the server right away. One save at a time; what changes meanwhile goes with
 * the next. What another page of this client has saved is taken over, never written over.
 */
import { fetchLayout, putLayout } from '../api/layout';
import { language } from '../i18n/speech.svelte';
import { ApiError } from '../transport/http';
import type { KeptLayout, Layout } from '../transport/layout';
import { isSame } from './layout';
import type { Notices } from './notices.svelte';
import type { Session } from './session.svelte';

export class Arrangement {
  /** As it is shown. Null until it was asked for: tiles that have been drawn don't change places by themselves. */
  layout = $state.raw<Layout | null>(null);
  /** Why the last change isn't saved, or null. */
  failure = $state<string | null>(null);
  saving = $state(false);
  /** As it came from the server last with anything in it that wasn’t saved here. */
  taken: Layout = [];
  /** As it is to be kept: what is shown, but for a drag that isn't over. */
  #wanted = this.taken;
  #kept: KeptLayout = { version: 0, tiles: this.#wanted };
  #fetching: Promise<void> | null = null;
  /** Counts the `clear`s. */
  #cleared = 0;

  constructor(
    private readonly session: Session,
    private readonly notices: Notices,
  ) {}

  /** What was saved elsewhere, unless something is being changed here. */
  async refetch(): Promise<void> {
    if (this.#changing) return;
    this.#fetching ??= this.#fetch();
    await this.#fetching;
  }

  /** Shows a layout that may still be taken back. */
  preview(layout: Layout): void {
    this.layout = layout;
  }

  async change(layout: Layout): Promise<void> {
    this.layout = layout;
    if (isSame(layout, this.#wanted)) return;
    this.#wanted = layout;
    await this.save();
  }

  /** Also to try again. */
  async save(): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    this.failure = null;
    try {
      while (this.#kept.tiles !== this.#wanted) await this.#put(this.#wanted);
    } catch (cause) {
      await this.#fail(cause as Error);
    } finally {
      this.saving = false;
    }
  }

  /** For the next person who signs in: nothing that is under way goes on. */
  clear(): void {
    this.#cleared++;
    this.#fetching = null;
    this.saving = false;
    this.layout = null;
    this.failure = null;
    this.#kept = { version: 0, tiles: [] };
    this.#wanted = this.taken = this.#kept.tiles;
  }

  get #changing(): boolean {
    return this.saving || this.failure !== null || (this.layout !== null && this.layout !== this.#wanted);
  }

  async #fetch(): Promise<void> {
    try {
      const kept = await this.#ask(fetchLayout());
      if (!this.#changing) this.#take(kept);
    } catch {
      // Better in another order than not at all; it is asked for again when the connection is back.
      this.layout ??= this.#wanted;
    } finally {
      this.#fetching = null;
    }
  }

  /** An answer that comes after a `clear` never gets through: all that waits for it is done with. */
  async #ask<T>(answer: Promise<T>): Promise<T> {
    const cleared = this.#cleared;
    try {
      return await this.session.guard(answer);
    } finally {
      if (cleared !== this.#cleared) await new Promise(() => undefined);
    }
  }

  async #put(tiles: Layout): Promise<void> {
    const { version } = await this.#ask(putLayout({ version: this.#kept.version, tiles }));
    this.#kept = { version, tiles };
  }

  #take(kept: KeptLayout): void {
    if (!isSame(kept.tiles, this.#kept.tiles)) this.taken = kept.tiles;
    this.#kept = kept;
    this.layout = this.#wanted = kept.tiles;
  }

  async #fail(cause: Error): Promise<void> {
    if (!(cause instanceof ApiError && cause.status === 409)) {
      this.failure = cause.message;
      return;
    }
    try {
      this.#take(await this.#ask(fetchLayout()));
      this.notices.add('info', language.say('arrange-elsewhere'));
    } catch (again) {
      this.failure = (again as Error).message;
    }
  }
}
