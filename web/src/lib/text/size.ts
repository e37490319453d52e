/** Amounts of data for people. Pure. */
import type { Speech } from '../i18n/texts';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** “12.3 MB”, in thousands, as package managers count. */
export function size(bytes: number, { say, locale }: Speech): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  const amount = value.toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  });
  return say('size', { amount, unit: UNITS[unit] ?? 'B' });
}
