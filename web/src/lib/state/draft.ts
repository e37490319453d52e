/** What a person has typed over a value that others may change meanwhile: theirs is offered, never forced. Pure. */

export interface Draft<Value> {
  readonly value: Value;
  /** What was known when it was begun; what is known instead since then is offered. */
  readonly base: Value;
}

export function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** The draft after `value` was typed; null: it says what is known anyway. */
export function drafted<Value>(before: Draft<Value> | null, value: Value, known: Value): Draft<Value> | null {
  return same(value, known) ? null : { value, base: before ? before.base : known };
}

/** What is known by now, where that isn't what a person began to change. */
export function offeredTo<Value>(draft: Draft<Value>, known: Value): { readonly value: Value } | null {
  return same(known, draft.base) || same(known, draft.value) ? null : { value: known };
}

/** What is known by now was looked at, and the draft stays until something else is known. */
export function declined<Value>(draft: Draft<Value>, known: Value): Draft<Value> {
  return { value: draft.value, base: known };
}
