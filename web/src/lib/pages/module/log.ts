/** What a module's log looks like in words, and which lines of it somebody wants. Pure. */
import { LEVELS, type Level, type ModuleLine } from '../../api/logs';
import type { TextKey } from '../../i18n/texts';
import type { LogEntry } from '../../state/module-log.svelte';

/** Each with all that is worse. */
export const LEVEL_TEXTS = {
  debug: 'log-all-levels',
  info: 'log-info',
  warning: 'log-warning',
  error: 'log-error',
} as const satisfies Readonly<Record<Level, TextKey>>;

/** What every logger of a module begins with says nothing on the module's own page. */
const OWN_LOGGER = /^ContaraNAS\.modules\.[^.]+\.[^.]+\.?/;

/** Which part of the module, or of Contara, logged it; empty: the module itself. */
export function loggerOf({ logger }: ModuleLine): string {
  return logger.replace(OWN_LOGGER, '');
}

/** Below a logger's name and a message; a traceback stands in lines of its own. */
export function textOf({ logger, message, traceback }: ModuleLine): string {
  const first = logger ? `${logger}: ${message}` : message;
  return traceback === null ? first : `${first}\n${traceback}`;
}

/** Lines with these words that are at least so grave; what is told about the log is part of all of it only. */
export function wanted(entries: readonly LogEntry[], words: string, level: Level): readonly LogEntry[] {
  const [lowest, folded] = [LEVELS.indexOf(level), words.trim().toLowerCase()];
  if (lowest === 0 && folded === '') return entries;
  return entries.filter(
    (entry) =>
      entry.kind === 'line' &&
      LEVELS.indexOf(entry.line.level) >= lowest &&
      (folded === '' || textOf(entry.line).toLowerCase().includes(folded)),
  );
}

/** As a file: times in UTC, as other logs have them. */
export function fileOf(entries: readonly LogEntry[]): string {
  const lines = entries.filter((entry) => entry.kind === 'line');
  return lines
    .map(({ line }) => `${line.at?.toISOString() ?? '-'} ${line.level.toUpperCase()} ${textOf(line)}\n`)
    .join('');
}
