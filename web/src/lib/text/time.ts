/** Times, and spans of them, for people, by the browser's own data of languages. */
import type { Say } from '../i18n/texts';

const SECOND = 1_000;
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[];

/** “12 seconds ago”. A clock that was set back reads as now. */
export function ago(then: number, now: number, locale: string): string {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const seconds = Math.max(0, Math.floor((now - then) / SECOND));
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return relative.format(-seconds, 'second');
}

/** “12 ms”, “3.4 s” or “7 min”: how long something took. */
export function duration(ms: number, locale: string): string {
  const [value, unit] =
    ms < 1_000 ? [ms, 'millisecond'] : ms < 60_000 ? [ms / 1_000, 'second'] : [ms / 60_000, 'minute'];
  const format = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, format).format(value);
}

/** “3 s” or “4 min”, for a count-down; never below zero. Minutes are rounded up, as seconds are. */
export function timeUntil(then: number, now: number, say: Say): string {
  const seconds = Math.max(0, Math.ceil((then - now) / SECOND));
  return seconds <= 90
    ? say('seconds', { count: seconds })
    : say('minutes', { count: Math.ceil(seconds / 60) });
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const DAY = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as const;

/** For one locale after another: to make one takes longer than to use it. */
function formatter(options: Intl.DateTimeFormatOptions): (at: Date, locale: string) => string {
  let last: { locale: string; format: Intl.DateTimeFormat } | undefined;
  return (at, locale) => {
    if (last?.locale !== locale) last = { locale, format: new Intl.DateTimeFormat(locale, options) };
    return last.format.format(at);
  };
}

const WHOLE_DAY = { dateStyle: 'full' } as const;

const clock = formatter(CLOCK);
const day = formatter(DAY);
const wholeDay = formatter(WHOLE_DAY);

/** “12:03:04”, by this browser's clock. */
export function clockTime(at: Date | null, locale: string): string {
  return at === null ? '' : clock(at, locale);
}

export function dayTime(at: Date | null, locale: string): string {
  return at === null ? '–' : day(at, locale);
}

/** “Sunday, 22 November 2026”, by this browser's clock. */
export function dayName(at: Date | null, locale: string): string {
  return at === null ? '–' : wholeDay(at, locale);
}
