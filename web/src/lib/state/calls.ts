/** Which call is which: the same action of the same module with the same parameters, in whatever order they came. */

/** JSON with the keys of every map in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([key, inner]) => [key, canonical(inner)]);
}

interface Call {
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export function callKey(module: string, { action, params }: Call): string {
  return JSON.stringify([module, action, canonical(params)]);
}
