/**
 * Readers for data that nobody vouches for: modules write their trees by hand, and a tree may be anything that
 * MessagePack can carry. A reader never throws; what doesn't fit becomes the default.
 */
import { isFields, type Fields } from '@contara/stream';

export { isFields, type Fields };

export function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Every map in a list; anything else in it is left out. */
export function maps(value: unknown): readonly Fields[] {
  return list(value).filter(isFields);
}

/** At most 12 significant digits: 0.1 + 0.2 reads 0.3. Numbers that aren't (NaN, infinities) read as a dash. */
function number(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : '–';
}

/** Text for a person: strings as they are, numbers and truth values in words, everything else the fallback. */
export function text(value: unknown, fallback = ''): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toLocaleString();
  return fallback;
}

/** Text, or null where there is none to show. */
export function textOrNull(value: unknown): string | null {
  return text(value) || null;
}

export function flag(value: unknown, fallback = false): boolean {
  return typeof value === 'boolean' ? value : fallback;
}

export function wholeOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** A finite number, or null. */
export function numberOrNull(value: unknown): number | null {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Every text in a list that has any. */
export function texts(value: unknown): readonly string[] {
  return list(value)
    .map((item) => text(item))
    .filter((item) => item !== '');
}

/** A whole number held to a range. */
export function clamped(value: unknown, low: number, high: number): number {
  const number = typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : low;
  return Math.min(high, Math.max(low, number));
}

/** A time, or null. */
export function date(value: unknown): Date | null {
  const parsed = typeof value === 'string' ? new Date(value) : value;
  return parsed instanceof Date && !Number.isNaN(parsed.getTime()) ? parsed : null;
}

/** One of a fixed set of words. */
export function choice<const Word extends string>(
  value: unknown,
  words: readonly Word[],
  fallback: Word,
): Word {
  return words.find((word) => word === value) ?? fallback;
}

/** What identifies an item on the page may stand there once, so a second one of the same key is dropped. */
export function firstOfEach<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(key(item)) && seen.add(key(item)));
}
