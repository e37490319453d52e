/** Which of many entries somebody means by a few letters. Pure. */

export interface Searchable {
  /** As `folded` makes it. */
  readonly folded: string;
}

/** Names may be of any length; nobody types so much. */
const MOST_LETTERS = 200;

/** Weights of how a word is found, the best first. */
const WHOLE = 8;
const BEGINS = 4;
const INSIDE = 2;
const LETTERS = 1;

/** Without case and accents: “Système” is found by “systeme”, “Übersicht” by “ubersicht”. */
export function folded(text: string): string {
  return text.slice(0, MOST_LETTERS).normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** All letters, in their order, with others between them; the first is the first of both. */
function abbreviates(short: string, word: string): boolean {
  if (short[0] !== word[0]) return false;
  let place = 0;
  for (const letter of word) if (letter === short[place]) place++;
  return place === short.length;
}

function weightOf(wanted: string, words: readonly string[]): number {
  if (words.includes(wanted)) return WHOLE;
  if (words.some((word) => word.startsWith(wanted))) return BEGINS;
  if (words.some((word) => word.includes(wanted))) return INSIDE;
  return words.some((word) => abbreviates(wanted, word)) ? LETTERS : 0;
}

/** How well each word of a query is found, in whatever order they stand; 0: one isn't found at all. */
function weightOfAll(query: readonly string[], text: string): number {
  const words = wordsOf(text);
  const weights = query.map((wanted) => weightOf(wanted, words));
  return weights.includes(0) ? 0 : weights.reduce((sum, weight) => sum + weight, 0);
}

export interface Found<T> {
  /** The best first; what is found equally well stands as it was given. */
  readonly shown: readonly T[];
  /** How many more there are. */
  readonly more: number;
}

/** The `most` entries that suit a query best. Without a word all do. */
export function best<T extends Searchable>(entries: readonly T[], query: string, most: number): Found<T> {
  const wanted = wordsOf(folded(query));
  const matching =
    wanted.length === 0
      ? entries
      : entries
          .map((entry) => ({ entry, weight: weightOfAll(wanted, entry.folded) }))
          .filter(({ weight }) => weight > 0)
          .sort((one, other) => other.weight - one.weight)
          .map(({ entry }) => entry);
  return { shown: matching.slice(0, most), more: Math.max(0, matching.length - most) };
}
