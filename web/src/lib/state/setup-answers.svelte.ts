/**
 * What a person has typed into the forms of one run, and what is wrong with it. It outlives frames, reconnects and looks
 * at other pages; it is forgotten once it was accepted.
 */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { initialOf, shownFields, type Filled, type Held } from '../setup/form';
import type { AnswerErrors, FormField, ModuleForm, Network } from '../transport/setup-model';
import { declined, drafted, offeredTo, type Draft } from './draft';

/** One thing to be put right: at its field, or, where no field shows it, by its name. */
export interface Fault {
  readonly key: string;
  readonly label: string;
  readonly message: string;
  readonly shown: boolean;
}

export function answerKey(slug: string, name: string | null): string {
  return JSON.stringify([slug, name]);
}

export class SetupAnswers implements Filled {
  readonly #drafts = new SvelteMap<string, Draft<Held>>();
  readonly #repeated = new SvelteMap<string, string>();
  /** Passwords that are there already and are to become others. */
  readonly #changing = new SvelteSet<string>();
  readonly #errors = new SvelteMap<string, string>();

  held(slug: string, field: FormField): Held {
    const draft = this.#drafts.get(answerKey(slug, field.name));
    return draft ? draft.value : initialOf(field);
  }

  text(slug: string, field: FormField): string {
    const held = this.held(slug, field);
    return typeof held === 'string' ? held : '';
  }

  rows(slug: string, field: FormField): readonly string[] {
    const held = this.held(slug, field);
    return typeof held === 'string' ? [held] : held.map((row) => (typeof row === 'string' ? row : row.ip));
  }

  networks(slug: string, field: FormField): readonly Network[] {
    const held = this.held(slug, field);
    return typeof held === 'string' ? [] : held.filter((row) => typeof row !== 'string');
  }

  repeated(slug: string, field: FormField): string {
    return this.#repeated.get(answerKey(slug, field.name)) ?? '';
  }

  keeps(slug: string, field: FormField): boolean {
    return field.isSet && !this.#changing.has(answerKey(slug, field.name));
  }

  error(slug: string, field: FormField): string | null {
    return this.#errors.get(answerKey(slug, field.name)) ?? null;
  }

  set(slug: string, field: FormField, held: Held): void {
    const key = answerKey(slug, field.name);
    this.#keep(key, drafted(this.#drafts.get(key) ?? null, held, initialOf(field)));
    this.#errors.delete(key);
  }

  /** What was answered elsewhere since a person began to change it here. What is secret never comes. */
  offered(slug: string, field: FormField): { readonly value: Held } | null {
    const draft = this.#drafts.get(answerKey(slug, field.name));
    return draft && field.type !== 'password' ? offeredTo(draft, initialOf(field)) : null;
  }

  take(slug: string, field: FormField): void {
    const key = answerKey(slug, field.name);
    this.#keep(key, null);
    this.#errors.delete(key);
  }

  decline(slug: string, field: FormField): void {
    const key = answerKey(slug, field.name);
    const draft = this.#drafts.get(key);
    if (draft) this.#keep(key, declined(draft, initialOf(field)));
  }

  repeat(slug: string, field: FormField, text: string): void {
    this.#repeated.set(answerKey(slug, field.name), text);
    this.#errors.delete(answerKey(slug, field.name));
  }

  change(slug: string, field: FormField, change: 'change' | 'keep'): void {
    const key = answerKey(slug, field.name);
    this.#errors.delete(key);
    if (change === 'change') return void this.#changing.add(key);
    this.#changing.delete(key);
    this.#drafts.delete(key);
    this.#repeated.delete(key);
  }

  /** Shows each error at its field; returns them all, in the order of the forms. */
  refuse(forms: readonly ModuleForm[], errors: AnswerErrors): Fault[] {
    this.#errors.clear();
    for (const [slug, own] of Object.entries(errors)) {
      for (const [name, message] of Object.entries(own)) this.#errors.set(answerKey(slug, name), message);
    }
    const shown = forms.flatMap((form) => this.#faultsOf(form));
    const elsewhere = [...this.#errors].filter(([key]) => !shown.some((fault) => fault.key === key));
    return [
      ...shown,
      ...elsewhere.map(([key, message]) => {
        const label = (JSON.parse(key) as string[]).join(': ');
        return { key, label, message, shown: false };
      }),
    ];
  }

  /** What was accepted is nobody's draft any more. */
  clear(): void {
    this.#drafts.clear();
    this.#repeated.clear();
    this.#changing.clear();
    this.#errors.clear();
  }

  #keep(key: string, draft: Draft<Held> | null): void {
    if (draft) this.#drafts.set(key, draft);
    else this.#drafts.delete(key);
  }

  #faultsOf(form: ModuleForm): Fault[] {
    const fields = shownFields(form, (field) => this.held(form.slug, field));
    return fields.flatMap((field) => {
      const message = field.name === null ? null : this.error(form.slug, field);
      if (message === null) return [];
      return { key: answerKey(form.slug, field.name), label: field.label, message, shown: true };
    });
  }
}
