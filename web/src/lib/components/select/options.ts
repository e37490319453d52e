/** The options of a select: one for each value. */
import { label, maps, text } from '../props';

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function readOptions(value: unknown): Option[] {
  const seen = new Set<string>();
  return maps(value).flatMap((option) => {
    const own = text(option['value']);
    if (seen.has(own)) return [];
    seen.add(own);
    return { value: own, label: label(option['label']) || label(own) };
  });
}

/** What these values are called, in the order of the options. */
export function labelsOf(options: readonly Option[], values: readonly string[]): string {
  return options
    .filter(({ value }) => values.includes(value))
    .map(({ label }) => label)
    .join(', ');
}
