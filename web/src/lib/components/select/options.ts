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

/** The options that these values stand for, in the order of the options. */
export function chosen(options: readonly Option[], values: readonly string[]): readonly Option[] {
  const wanted = new Set(values);
  return options.filter(({ value }) => wanted.has(value));
}

/** What these values are called, in the order of the options. */
export function labelsOf(options: readonly Option[], values: readonly string[]): string {
  return chosen(options, values)
    .map(({ label }) => label)
    .join(', ');
}
