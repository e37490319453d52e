import type { Stories } from '../stories';

export const stories: Stories = {
  On: { type: 'toggle', name: 'on', label: 'Notify me', checked: true, help: 'By mail' },
  Off: { type: 'toggle', name: 'off', label: 'Notify me' },
  Disabled: { type: 'toggle', name: 'never', label: 'Notify me', disabled: true, checked: true },
  Faulty: { type: 'toggle', name: 'faulty', label: 'Notify me', error: 'There is no mail' },
};
