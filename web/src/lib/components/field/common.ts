/** What fields have in common: their props, and what they offer when the module changes its mind. */
import type { Field } from '../../state/form.svelte';
import type { FieldValue } from '../../transport/model';
import { flag, labelOrNull, passageOrNull, text, type UiNode } from '../props';

export interface FieldProps {
  readonly name: string;
  readonly label: string | null;
  readonly help: string | null;
  readonly error: string | null;
  readonly required: boolean;
  readonly disabled: boolean;
}

/** What the module says under what a person has changed. */
export interface Offer {
  readonly shown: string;
  take(): void;
  keep(): void;
}

/** @param shown - the value in words. Afterwards the focus is in the field again. */
export function offerOf<Value extends FieldValue>(
  field: Field<Value>,
  shown: (value: Value) => string,
): Offer | null {
  const { offered } = field;
  if (!offered) return null;
  const and = (act: () => void) => () => {
    act();
    field.element?.focus();
  };
  return { shown: shown(offered.value), take: and(() => field.reset()), keep: and(() => field.decline()) };
}

export function fieldProps(node: UiNode): FieldProps {
  return {
    name: text(node['name']),
    label: labelOrNull(node['label']),
    help: passageOrNull(node['help']),
    error: passageOrNull(node['error']),
    required: flag(node['required']),
    disabled: flag(node['disabled']),
  };
}
