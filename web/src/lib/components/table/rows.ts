/** A table's props → rows in order, and their keys. Pure. Sorts by what a value is, not by how it reads. */
import { readable } from '../../text/words';
import { choice, flag, label, maps, text, textOrNull, type UiNode } from '../props';

export type Row = UiNode;

export interface Column {
  readonly key: string;
  readonly label: string;
  /** Its label is made of its key. */
  readonly unnamed: boolean;
  readonly width: unknown;
  readonly align: 'left' | 'center' | 'right';
  readonly render: 'text' | 'image' | 'badge' | 'progress' | 'link';
  readonly sortable: boolean;
}

export interface Order {
  readonly key: string;
  readonly descending: boolean;
}

export function readColumns(value: unknown): Column[] {
  return maps(value).flatMap((column) => {
    const key = textOrNull(column['key']);
    if (key === null) return [];
    return {
      key,
      label: label(column['label']) || readable(label(key)),
      unnamed: label(column['label']) === '',
      width: column['width'],
      align: choice(column['align'], ['left', 'center', 'right'], 'left'),
      render: choice(column['render'], ['text', 'image', 'badge', 'progress', 'link'], 'text'),
      sortable: flag(column['sortable'], true),
    };
  });
}

/** A cell or a companion of it; a row of foreign data has no inherited ones. */
export function cell(row: Row, key: string): unknown {
  return Object.hasOwn(row, key) ? row[key] : undefined;
}

/** The rows that hold every word of `wanted` in what is shown of them, however its letters are written. */
export function matching(rows: readonly Row[], columns: readonly Column[], wanted: string): readonly Row[] {
  const words = plainLetters(wanted).split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  const keys = columns.filter(({ render }) => render !== 'image').map(({ key }) => key);
  return rows.filter((row) => {
    const shown = plainLetters(keys.map((key) => text(cell(row, key))).join('\n'));
    return words.every((word) => shown.includes(word));
  });
}

/** Small, and without accents. */
function plainLetters(words: string): string {
  return words.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

type Plain = boolean | number | string | null;

/**
 * What to sort each row by: its companion `<key>_sort`, else the value itself. Where others have companions, a mere text
 * without one (“–”, “unknown”) is no value.
 */
function sortValues(rows: readonly Row[], key: string): Plain[] {
  const companions = rows.map((row) => plain(cell(row, `${key}_sort`)));
  const accompanied = companions.some((companion) => companion !== null);
  return rows.map((row, place) => {
    const own = plain(cell(row, key));
    return companions[place] ?? (accompanied && typeof own === 'string' ? null : own);
  });
}

/** Kinds one after another; what is no value at all stays last, whichever way the rest goes. */
const KINDS = ['boolean', 'number', 'string'];

function plain(value: unknown): Plain {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

type Value = boolean | number | string;

function compare(one: Value, other: Value, words: Intl.Collator): number {
  if (typeof one === 'string' && typeof other === 'string') return words.compare(one, other);
  if (typeof one === typeof other) return Number(one) - Number(other);
  return KINDS.indexOf(typeof one) - KINDS.indexOf(typeof other);
}

/** Rows that compare equal keep their order, upwards and downwards. Words go by the reader's alphabet. */
export function sorted(rows: readonly Row[], { key, descending }: Order, locale: string): readonly Row[] {
  const words = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const values = sortValues(rows, key);
  const valued = rows.map((row, place) => ({ row, value: values[place] ?? null }));
  valued.sort((one, other) => {
    if (one.value === null || other.value === null)
      return Number(one.value === null) - Number(other.value === null);
    const order = compare(one.value, other.value, words);
    return descending ? -order : order;
  });
  return valued.map(({ row }) => row);
}

/** Figures are looked at from the largest down, names from A on. */
export function firstOrder(rows: readonly Row[], key: string): Order {
  const sample = sortValues(rows, key).find((value) => value !== null);
  return { key, descending: typeof sample === 'number' };
}

export interface KeyedRow {
  readonly key: string;
  readonly row: Row;
}

/** By the row's own key, or by its place. Two rows of one key are still two. */
export function keyedRows(rows: readonly Row[], rowKey: string | null): KeyedRow[] {
  const seen = new Set<string>();
  return rows.map((row, place) => {
    const own = rowKey === null ? '' : text(cell(row, rowKey));
    const key = own !== '' && !seen.has(own) ? `k${own}` : `p${String(place)}`;
    seen.add(own);
    return { key, row };
  });
}
