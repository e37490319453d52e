/** The colours that modules name, from our own tokens; any other CSS colour as it is, if it is one. */
import { safeColor } from './css';

const NAMED: ReadonlyMap<unknown, string> = new Map([
  ['default', 'var(--ink-faint)'],
  ['primary', 'var(--accent)'],
  ['success', 'var(--good-mark)'],
  ['warning', 'var(--warn-mark)'],
  ['error', 'var(--bad-mark)'],
  ['info', 'var(--note-mark)'],
  ['muted', 'var(--line-strong)'],
]);

export function colorOf(value: unknown, fallback = 'var(--accent)'): string {
  return NAMED.get(value) ?? safeColor(value) ?? fallback;
}
