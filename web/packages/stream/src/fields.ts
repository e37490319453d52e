/** Maps as MessagePack carries them. */

export type Fields = Readonly<Record<string, unknown>>;

/** Not a list, not a Date, not bytes: a plain map. */
export function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
