/** A module's log, in parts: the latest lines, then whatever comes. */
import { call } from '../transport/http';
import { choice, date, maps, fields, text, textOrNull, wholeOrNull, type Fields } from '../transport/read';

/** From what says the least to what is the worst. */
export const LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** One line, as the module logged or printed it, or as Contara noted it. */
export interface ModuleLine {
  /** From 1 without gaps, anew with each start of the daemon. */
  readonly seq: number;
  readonly at: Date | null;
  readonly level: Level;
  /** The logger’s name; empty for what was printed. */
  readonly logger: string;
  readonly message: string;
  /** In many lines. */
  readonly traceback: string | null;
}

export interface ModuleLogPart {
  /** In order. */
  readonly lines: readonly ModuleLine[];
  /** What to ask for next. */
  readonly next: number;
}

/** In seconds: the longest that the server waits. */
const WAIT = 30;
/** In milliseconds, beside the wait. */
const WITHIN = 10_000;

function decodeLine(data: Fields): ModuleLine | null {
  const seq = wholeOrNull(data['seq']);
  if (seq === null) return null;
  return {
    seq,
    at: date(data['time']),
    level: choice(data['level'], LEVELS, 'info'),
    logger: text(data['logger']),
    message: text(data['message']),
    traceback: textOrNull(data['traceback']),
  };
}

export function decodeLog(body: unknown): ModuleLogPart {
  const data = fields(body);
  const lines = maps(data['lines'])
    .map(decodeLine)
    .filter((line) => line !== null);
  return { lines, next: wholeOrNull(data['next']) ?? lines.at(-1)?.seq ?? 0 };
}

/** Without a number the latest lines, at once; else what comes after that line, for which the server waits. */
export async function fetchLog(
  module: string,
  after: number | null,
  signal: AbortSignal,
): Promise<ModuleLogPart> {
  const path = `/api/modules/${encodeURIComponent(module)}/logs`;
  if (after === null) return decodeLog(await call('GET', path, { timeoutMs: WITHIN, signal }));
  const following = `${path}?after=${String(after)}&wait=${String(WAIT)}`;
  return decodeLog(await call('GET', following, { timeoutMs: WAIT * 1_000 + WITHIN, signal }));
}
