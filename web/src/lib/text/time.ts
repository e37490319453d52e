/** Spans of time for people, by the browser's own language data. */

const SECOND = 1_000;
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[];

const LANGUAGE = 'en';
const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'always' });

/** “12 seconds ago”. A clock that was set back reads as now. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - then) / SECOND));
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return relative.format(-seconds, 'second');
}

/** “3 s” or “4 min”, for a count-down; never below zero. Minutes are rounded up, as seconds are. */
export function timeUntil(then: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((then - now) / SECOND));
  return seconds <= 90 ? `${String(seconds)} s` : `${String(Math.ceil(seconds / 60))} min`;
}
