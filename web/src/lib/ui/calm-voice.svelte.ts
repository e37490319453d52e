/**
 * What is said of a log to who doesn't see it: the latest line every few seconds at most, since nobody can listen to all, and
 * what is grave at once. A grave line that waits for its turn gives way to a newer grave one only.
 */

/** Long enough for a line to be read out. */
const PAUSE = 5_000;

interface Heard {
  readonly text: string;
  readonly grave: boolean;
}

export class CalmVoice {
  /** For a live region. */
  said = $state('');
  #waiting: Heard | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastSaid = -Infinity;
  #lastGrave = -Infinity;

  hear(text: string, grave: boolean): void {
    if (this.#waiting?.grave && !grave) return;
    this.#waiting = { text, grave };
    clearTimeout(this.#timer);
    const due = (grave ? this.#lastGrave : this.#lastSaid) + PAUSE;
    // Not before all that came with it was heard.
    this.#timer = setTimeout(() => this.#say(), Math.max(0, due - Date.now()));
  }

  stop = (): void => {
    clearTimeout(this.#timer);
    this.#waiting = null;
  };

  #say(): void {
    if (!this.#waiting) return;
    const { text, grave } = this.#waiting;
    this.#waiting = null;
    this.said = text;
    this.#lastSaid = Date.now();
    if (grave) this.#lastGrave = this.#lastSaid;
  }
}
