/**
 * The lines of one run, by number. They may be a hundred thousand, so they are no reactive state one by one: what shows
 * them reads `length` or `slice`, which are told of changes once for each picture that the browser draws.
 */
import type { LogLine } from '../transport/setup-model';

export class SetupLog {
  /** In the order of their numbers. */
  readonly #lines: LogLine[] = [];
  #language: string | null = null;
  #changes = $state(0);
  #telling = false;
  /** Whether all that was printed before is here: what comes now is news. */
  #caughtUp = false;
  // Nothing on screen depends on it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #listeners = new Set<(line: LogLine) => void>();

  get length(): number {
    void this.#changes;
    return this.#lines.length;
  }

  slice(from: number, to: number): readonly LogLine[] {
    void this.#changes;
    return this.#lines.slice(from, to);
  }

  /** The last line that is here whole: what comes after it is asked for at a reconnect. */
  get after(): number {
    const whole = this.#lines.findLast(({ open }) => !open);
    return whole?.number ?? 0;
  }

  /** What comes from now on is told in this language; what came in another one is forgotten. */
  tellIn(language: string | null): void {
    if (language === this.#language) return;
    this.#language = language;
    this.#lines.length = 0;
    this.#caughtUp = false;
    this.#tell();
  }

  /** New lines come after those that are known; an open one is replaced as it grows. `more`: others were printed already. */
  add(lines: readonly LogLine[], more: boolean): void {
    for (const line of lines) {
      this.#put(line);
      if (this.#caughtUp && !line.open) for (const hear of this.#listeners) hear(line);
    }
    if (!more) this.#caughtUp = true;
    if (lines.length > 0) this.#tell();
  }

  /** For each line that is printed from now on, once it is whole; returns what ends it. */
  listen(hear: (line: LogLine) => void): () => void {
    this.#listeners.add(hear);
    return () => this.#listeners.delete(hear);
  }

  #put(line: LogLine): void {
    const last = this.#lines.at(-1);
    if (!last || line.number > last.number) this.#lines.push(line);
    else this.#lines.splice(this.#place(line.number), this.#knows(line.number) ? 1 : 0, line);
  }

  #knows(number: number): boolean {
    return this.#lines[this.#place(number)]?.number === number;
  }

  /** Where a line of this number is, or belongs. */
  #place(number: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle]?.number ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    requestAnimationFrame(() => {
      this.#telling = false;
      this.#changes += 1;
    });
  }
}
