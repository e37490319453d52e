/** Foreign text inside a sentence of ours, where no element of its own keeps its direction to itself. */

/** Letters that run from right to left, and marks that turn what follows them: without any there is nothing to keep in. */
const TURNING =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Could end the isolation that is put around them. */
const ISOLATES = /[\u2066-\u2069]/g;

/** Between “first strong isolate” and “pop directional isolate”, where it holds anything that could turn its surroundings. */
export function isolated(text: string): string {
  return TURNING.test(text) ? `\u2068${text.replace(ISOLATES, '')}\u2069` : text;
}
