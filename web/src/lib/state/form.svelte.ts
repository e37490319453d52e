/**
 * What a person has typed, and what is wrong with it, for one scope of fields: a tile, a page, a modal, or a form inside
 * one. It owns no field's look and sends nothing; actions.svelte.ts asks it what to send and tells it how that went.
 */
import { SvelteMap } from 'svelte/reactivity';
import { untrack } from 'svelte';
import type { FieldValue, FormData } from '../transport/model';
import { declined, drafted, offeredTo, same, type Draft } from './draft';

/** What a field's component says of it at any moment. */
export interface FieldSource<Value extends FieldValue> {
  readonly name: string;
  /** What the module says that it holds. */
  readonly value: Value;
  /** Left out of what is sent, as browsers do. */
  readonly disabled?: boolean;
  /** For one of several boxes of one name: what it adds to their list when it is checked. */
  readonly member?: string | null;
  /** Left out of what is sent while it is empty, so that an action that needs it is refused, and no other. */
  readonly required?: boolean;
  /** Forgotten as soon as it has been sent. */
  readonly secret?: boolean;
}

/** One field: the module's value until a person changes it, then theirs. */
export class Field<Value extends FieldValue = FieldValue> {
  /** What to focus when it is at fault. */
  element = $state.raw<HTMLElement>();
  #draft = $state.raw<Draft<Value> | null>(null);
  /** The same draft, for the end of its effect: what is reactive still has its value from before there. */
  #latest: Draft<Value> | null = null;
  readonly #scope: FormScope;
  readonly #read: () => FieldSource<Value>;

  constructor(scope: FormScope, read: () => FieldSource<Value>) {
    this.#scope = scope;
    this.#read = read;
  }

  /** For a scope, which keeps fields of every kind and gives each only what is its own. */
  get untyped(): Field {
    return this as unknown as Field;
  }

  get source(): FieldSource<Value> {
    return this.#read();
  }

  get value(): Value {
    return this.#draft ? this.#draft.value : this.source.value;
  }

  /** Said once where several fields have one name. */
  get error(): string | null {
    const error = this.#scope.errors.get(this.source.name) ?? null;
    return error !== null && this.#scope.leads(this.untyped) ? error : null;
  }

  set(value: Value): void {
    this.#keep(drafted(this.#latest, value, this.source.value));
    this.#scope.errors.delete(this.source.name);
  }

  /** What the module says by now, where that isn't what a person began to change. While it is asked, it may still answer. */
  get offered(): { readonly value: Value } | null {
    const draft = this.#draft;
    return draft && !this.#scope.sending && !this.source.secret ? offeredTo(draft, this.source.value) : null;
  }

  /** Of what is offered: the draft stays, until the module says something else again. */
  decline(): void {
    if (this.#latest) this.#keep(declined(this.#latest, this.source.value));
  }

  /** Back to what the module says. */
  reset(): void {
    this.#keep(null);
    this.#scope.errors.delete(this.source.name);
  }

  /** Drops a draft that says nothing of its own any more, so that the field follows the module again. */
  settle(): void {
    const draft = this.#draft;
    if (draft && same(draft.value, this.source.value)) this.#keep(null);
  }

  /**
   * Returns what to do once it has been accepted: what the module made of it counts. What was typed meanwhile stays, and
   * so does what the action, which may be any in the scope, has not touched.
   */
  sent(): () => void {
    const { name, value: beside, secret } = this.source;
    const { value } = this;
    return () => {
      if (!this.#scope.has(this.untyped)) return this.#scope.forget(name, value);
      if (!this.#latest || !same(this.#latest.value, value)) return;
      if (secret || !same(this.source.value, beside)) this.#keep(null);
    };
  }

  /** For a successor at another place of the tree. */
  get draft(): Draft<Value> | null {
    return this.#latest;
  }

  adopt(draft: Draft<Value>): void {
    if (this.#latest === null) this.#keep(draft);
  }

  #keep(draft: Draft<Value> | null): void {
    this.#latest = draft;
    this.#draft = draft;
  }
}

export interface Submission {
  /** Null: the scope has no fields. */
  readonly data: FormData | null;
  accepted(): void;
  /** Shows each error at its field and goes to the first; returns those that no field shows. */
  rejected(errors: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/** Asks whatever hides an element (a closed tab) to show it. */
export const REVEAL = 'contara:reveal';

function inDocumentOrder(one: HTMLElement, other: HTMLElement): number {
  return one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}

function first(elements: (HTMLElement | undefined)[]): HTMLElement | undefined {
  return elements.filter((element) => element !== undefined).sort(inDocumentOrder)[0];
}

/* Only errors and drafts are looked at by what is on screen; who is registered is asked when something is sent. */
/* eslint-disable svelte/prefer-svelte-reactivity */
export class FormScope {
  readonly errors = new SvelteMap<string, string>();
  #sent = $state(0);
  /** Field → its name: one that is on its way out can't be asked any more. */
  readonly #fields = new Map<Field, string>();
  readonly #buttons = new Set<() => HTMLElement | undefined>();
  /** Drafts of fields that left, by name: a tree that is rebuilt around a field must not cost what was typed. */
  readonly #parked = new Map<string, Draft<FieldValue>>();

  /** Returns what ends it. */
  addField(field: Field, name: string): () => void {
    const parked = this.#parked.get(name);
    if (parked) field.adopt(parked);
    this.#parked.delete(name);
    this.#fields.set(field, name);
    return () => {
      this.#fields.delete(field);
      if (field.draft) this.#parked.set(name, field.draft);
    };
  }

  /** A button that Enter may press. Returns what ends it. */
  addButton(element: () => HTMLElement | undefined): () => void {
    this.#buttons.add(element);
    return () => this.#buttons.delete(element);
  }

  /** What Enter in a field does. */
  submit(): void {
    first([...this.#buttons].map((element) => element()).filter((button) => button?.offsetParent))?.click();
  }

  /** Whether the module is asked just now. */
  get sending(): boolean {
    return this.#sent > 0;
  }

  collect(): FormData | null {
    const enabled = [...this.#fields.keys()].filter(({ source }) => !source.disabled);
    if (enabled.length === 0) return null;
    const sent = enabled.filter(({ source, value }) => !source.required || (value ?? '') !== '');
    const data: Record<string, FieldValue> = Object.create(null) as Record<string, FieldValue>;
    for (const { source, value } of sent) data[source.name] = merge(data[source.name], source.member, value);
    return { ...data };
  }

  send(): Submission {
    this.errors.clear();
    const data = this.collect();
    const fields = [...this.#fields.keys()].map((field) => field.sent());
    this.#sent++;
    return {
      data,
      accepted: () => {
        this.#sent--;
        for (const accept of fields) accept();
      },
      rejected: (errors) => {
        this.#sent--;
        return this.#reject(errors);
      },
    };
  }

  /** Whether it speaks for all fields of its name. */
  leads(field: Field): boolean {
    return this.#named(this.#fields.get(field) ?? '') === field;
  }

  has(field: Field): boolean {
    return this.#fields.has(field);
  }

  /** What was sent by a field that is gone is settled. */
  forget(name: string, sent: FieldValue): void {
    const parked = this.#parked.get(name);
    if (parked && same(parked.value, sent)) this.#parked.delete(name);
  }

  reset(): void {
    this.errors.clear();
    this.#parked.clear();
    for (const field of this.#fields.keys()) field.reset();
  }

  #reject(errors: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const faulty: (HTMLElement | undefined)[] = [];
    const elsewhere: Record<string, string> = {};
    for (const [path, error] of Object.entries(errors)) {
      const field = this.#fieldOf(path);
      if (!field) elsewhere[path] = error;
      else {
        this.errors.set(this.#fields.get(field) ?? '', error);
        faulty.push(field.element);
      }
    }
    const target = first(faulty);
    target?.dispatchEvent(new CustomEvent(REVEAL, { bubbles: true }));
    // A panel that has just been asked to show itself does so in a moment.
    queueMicrotask(() => target?.focus());
    return elsewhere;
  }

  /** `tags.0` is about the field `tags`. */
  #fieldOf(path: string): Field | undefined {
    for (let name = path; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
      const field = this.#named(name);
      if (field) return field;
    }
    return undefined;
  }

  #named(name: string): Field | undefined {
    return [...this.#fields].find(([, own]) => own === name)?.[0];
  }
}

/** Boxes of one name that have values of their own make a list; otherwise the last of a name counts. */
function merge(
  known: FieldValue | undefined,
  member: string | null | undefined,
  value: FieldValue,
): FieldValue {
  if (member === null || member === undefined) return value;
  const members = Array.isArray(known) ? (known as readonly string[]) : [];
  return value === true ? [...members, member] : members;
}

/** To be called while a component is set up: its field for as long as it lives. */
export function createField<Value extends FieldValue>(
  scope: FormScope,
  read: () => FieldSource<Value>,
): Field<Value> {
  const field = new Field(scope, read);
  const name = $derived(read().name);
  $effect(() => {
    const own = name;
    return untrack(() => (own === '' ? undefined : scope.addField(field.untyped, own)));
  });
  $effect(() => field.settle());
  return field;
}
