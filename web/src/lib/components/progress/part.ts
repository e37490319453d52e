/** How much of a whole something is: 0 … 1. Of nothing, anything is all. */
import { numberOrNull } from '../props';

const WHOLE = 100;

export function partOf(value: unknown, max: unknown): number {
  const part = numberOrNull(value) ?? 0;
  const whole = numberOrNull(max) ?? WHOLE;
  if (whole <= 0) return part > 0 ? 1 : 0;
  return Math.min(1, Math.max(0, part / whole));
}
