/** The little of Markdown that descriptions of setup modules are drawn with: paragraphs, lists and strong words. Pure. */

export interface Piece {
  readonly text: string;
  readonly strong: boolean;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Piece[])[] };

const ITEM = /^\s*[-*+]\s+/;

function pieces(text: string): Piece[] {
  // Odd ones stood between two pairs of stars.
  const parts = text.split(/\*\*(?=\S)(.+?)(?<=\S)\*\*/s);
  return parts.map((part, place) => ({ text: part, strong: place % 2 === 1 })).filter((piece) => piece.text);
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).join(' ');
}

/** A line that begins none belongs to the item before it. */
function items(lines: readonly string[]): string[] {
  const found: string[][] = [];
  for (const line of lines) {
    if (ITEM.test(line)) found.push([line.replace(ITEM, '')]);
    else found.at(-1)?.push(line);
  }
  return found.map(joined);
}

/** A list may follow its words without a blank line between. */
function blocksOf(lines: readonly string[]): Block[] {
  const start = lines.findIndex((line) => ITEM.test(line));
  const words = start === -1 ? lines : lines.slice(0, start);
  const listed = start === -1 ? [] : items(lines.slice(start));
  return [
    ...(words.length > 0 ? [{ kind: 'paragraph' as const, pieces: pieces(plain(joined(words))) }] : []),
    ...(listed.length > 0
      ? [{ kind: 'list' as const, items: listed.map((item) => pieces(plain(item))) }]
      : []),
  ];
}

/** Heading signs are dropped, and of a link its words stay: an address in a description is nobody's to click. */
function plain(text: string): string {
  return text.replace(/^#{1,6}\s+/, '').replaceAll(/\[([^\]]+)\]\([^)\s]*\)/g, '$1');
}

export function blocks(text: string): Block[] {
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .map((part) => part.split(/\r?\n/).filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0)
    .flatMap(blocksOf);
}

/** Its first words, without any marks: for lists. */
export function firstWords(text: string): string {
  const first = blocks(text)[0];
  if (!first) return '';
  const words = first.kind === 'paragraph' ? first.pieces : (first.items[0] ?? []);
  return words.map((piece) => piece.text).join('');
}
