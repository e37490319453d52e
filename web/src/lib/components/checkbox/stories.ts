import type { Stories } from '../stories';

export const stories: Stories = {
  Checked: { type: 'checkbox', name: 'monday', label: 'Monday', checked: true },
  Required: {
    type: 'checkbox',
    name: 'agree',
    label: 'I agree',
    required: true,
    help: 'Nothing works without',
  },
  Faulty: { type: 'checkbox', name: 'sure', label: 'I am sure', error: 'Check this to go on' },
  Disabled: { type: 'checkbox', name: 'off', label: 'Sunday', disabled: true },
};
