/** The props that every field has. */
import { flag, labelOrNull, passageOrNull, text, type UiNode } from '../props';

export interface FieldProps {
  readonly name: string;
  readonly label: string | null;
  readonly help: string | null;
  readonly error: string | null;
  readonly required: boolean;
  readonly disabled: boolean;
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
