import type { Stories } from '../stories';

export const stories: Stories = {
  'With words': { type: 'spinner', label: 'Scanning…' },
  Large: { type: 'spinner', size: 'lg' },
};
