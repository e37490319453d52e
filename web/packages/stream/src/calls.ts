/** The actions that were sent over one socket and aren’t answered yet. */
import type { Fields } from './fields.ts';
import type { Progress, ProgressFrame, Refusal, ResultFrame } from './protocol.ts';

/** The daemon refused the action, or a field of its form. */
export class ActionError extends Error {
  constructor(
    /** As HTTP has it. */
    readonly status: number,
    /** For a person. */
    readonly detail: string,
    /** Field of the form → what is wrong with it. */
    readonly errors: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'ActionError';
  }
}

/** The connection ended before the answer came. The action is never sent again by itself. */
export class ConnectionLost extends Error {
  /** `sent`: whether the action may have been run. */
  constructor(readonly sent: boolean) {
    super(sent ? 'The connection ended before the answer came' : 'There is no connection');
    this.name = 'ConnectionLost';
  }
}

export interface Call {
  readonly id: number;
  resolve(results: readonly Fields[]): void;
  reject(cause: Error): void;
  progress(progress: Progress): void;
}

function errorOf({ status, detail, errors }: Refusal): ActionError {
  return new ActionError(status, detail, errors);
}

export class Calls {
  readonly #pending = new Map<number, Call>();

  get size(): number {
    return this.#pending.size;
  }

  has(id: number): boolean {
    return this.#pending.has(id);
  }

  add(call: Call): void {
    this.#pending.set(call.id, call);
  }

  settle({ id, results, error }: ResultFrame): void {
    const call = this.#take(id);
    if (error) call?.reject(errorOf(error));
    else call?.resolve(results ?? []);
  }

  fail(id: number, cause: Error): void {
    this.#take(id)?.reject(cause);
  }

  tell({ id, done, total, text }: ProgressFrame): void {
    this.#pending.get(id)?.progress({ done, total, text });
  }

  /** The socket has ended. */
  lose(): void {
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of lost) call.reject(new ConnectionLost(true));
  }

  #take(id: number): Call | undefined {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    return call;
  }
}
