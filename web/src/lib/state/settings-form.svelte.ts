/** The settings form of a module: what is stored, what is typed, and whether it was accepted. */
import { SvelteSet } from 'svelte/reactivity';
import { fetchSettings, putSettings } from '../api/modules';
import { language } from '../i18n/speech.svelte';
import { fieldsOf, leavesOf, sentValue, type SettingField } from '../settings/schema';
import { ApiError } from '../transport/http';
import type { FieldValue, ModuleSettings } from '../transport/model';
import { FormScope } from './form.svelte';
import type { Session } from './session.svelte';
import type { Trouble } from './trouble';

/** Puts a value at `a.b` of a map of maps. */
function place(values: Record<string, unknown>, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  let map = values;
  for (const part of parts) map = (map[part] ??= {}) as Record<string, unknown>;
  map[last] = value;
}

export class SettingsForm {
  /** Null until fetched. */
  data = $state.raw<ModuleSettings | null>(null);
  /** Set with the data, not derived from it: this outlives the page that made it. */
  fields = $state.raw<readonly SettingField[]>([]);
  /** Why they couldn't be fetched the last time. */
  unfetched = $state.raw<Trouble | null>(null);
  /** Why they weren't saved. */
  trouble = $state.raw<Trouble | null>(null);
  /** The module has no settings. */
  none = $state(false);
  saving = $state(false);
  /** True after a save until something else happens. */
  saved = $state(false);
  readonly scope = new FormScope();
  /** Secrets to be forgotten at the next save, by path. */
  readonly cleared = new SvelteSet<string>();
  /** A newer question has overtaken the answers to all before. */
  #asked = 0;
  /** They are to be fetched once they are saved. */
  #again = false;

  constructor(
    readonly module: string,
    private readonly session: Session,
  ) {}

  /** Also to bring what somebody else has changed: what is being typed here stays, and theirs is offered beside it. */
  async load(): Promise<void> {
    this.#again = this.saving;
    if (this.#again) return;
    const question = ++this.#asked;
    try {
      const data = await this.session.guard(fetchSettings(this.module));
      if (question !== this.#asked) return;
      this.#show(data);
      this.unfetched = null;
      this.none = false;
    } catch (cause) {
      if (question !== this.#asked) return;
      this.none = cause instanceof ApiError && cause.status === 404;
      this.unfetched = this.none
        ? null
        : { title: language.say('settings-not-loaded'), message: (cause as Error).message };
    }
  }

  async save(): Promise<void> {
    if (this.saving) return;
    const submission = this.scope.send();
    this.saved = false;
    this.trouble = null;
    const { values, errors } = this.#values(submission.data ?? {});
    if (Object.keys(errors).length > 0) return void submission.rejected(errors);
    this.saving = true;
    this.#asked++;
    try {
      this.#show(await this.session.guard(putSettings(this.module, values, this.data?.version ?? null)));
      submission.accepted();
      this.cleared.clear();
      this.saved = true;
    } catch (cause) {
      this.#fail(cause as Error, submission.rejected(cause instanceof ApiError ? cause.errors : {}));
    } finally {
      this.saving = false;
    }
    if (this.#again) await this.load();
  }

  /** Back to what is stored. */
  reset(): void {
    this.scope.reset();
    this.cleared.clear();
    this.trouble = null;
    this.saved = false;
  }

  #show(data: ModuleSettings): void {
    if (data.version !== this.data?.version) this.saved = false;
    this.data = data;
    this.fields = fieldsOf(data.schema);
  }

  #values(held: Readonly<Record<string, FieldValue>>): {
    values: Record<string, unknown>;
    errors: Record<string, string>;
  } {
    const values: Record<string, unknown> = {};
    const errors: Record<string, string> = {};
    for (const field of leavesOf(this.fields)) {
      try {
        const value = this.#valueOf(field, held[field.path] ?? null);
        if (value !== undefined) place(values, field.path, value);
      } catch {
        errors[field.path] = language.say('settings-not-json');
      }
    }
    return { values, errors };
  }

  #valueOf(field: SettingField, held: FieldValue): unknown {
    if (field.kind !== 'secret') return sentValue(field, held);
    if (this.cleared.has(field.path)) return null;
    return held === '' || held === null ? undefined : held;
  }

  #fail(cause: Error, elsewhere: Readonly<Record<string, string>>): void {
    if (cause instanceof ApiError && cause.problem['kind'] === 'settings_changed') {
      this.trouble = {
        title: language.say('settings-overtaken-title'),
        message: language.say('settings-overtaken'),
      };
      this.#again = true;
      return;
    }
    const listed = Object.entries(elsewhere).map(([name, error]) => `${name}: ${error}`);
    const atFields = cause instanceof ApiError && Object.keys(cause.errors).length > 0;
    if (atFields && listed.length === 0) return;
    this.trouble = { title: language.say('settings-not-saved'), message: listed.join('\n') || cause.message };
  }
}
