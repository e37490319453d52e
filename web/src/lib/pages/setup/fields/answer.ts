/** What the fields of setup forms have in common. */
import type { Offer } from '../../../components/field/common';
import type { SetupAnswers } from '../../../state/setup-answers.svelte';
import type { FormField } from '../../../transport/setup-model';

export interface AnswerProps {
  answers: SetupAnswers;
  slug: string;
  field: FormField;
  /** What was answered elsewhere meanwhile. */
  offer?: Offer | null;
}

/** As wide as what it is made for, with room for the field's own edges; never wider than the page. */
export function widthOf({ size }: FormField): string | null {
  return size === null || size <= 0 ? null : `calc(${String(Math.min(size, 200))}ch + 18px)`;
}

/** One row of a list replaced, or left out. */
export function withRow<T>(rows: readonly T[], place: number, row: T | null): T[] {
  return rows.flatMap((own, at) => (at !== place ? [own] : row === null ? [] : [row]));
}
