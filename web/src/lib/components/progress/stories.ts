import type { Stories } from '../stories';

export const stories: Stories = {
  Usual: { type: 'progress', value: 72, label: 'Memory', sublabel: '7.2 of 10 GB', color: 'warning' },
  Large: { type: 'progress', value: 91, label: 'Disk', color: 'error', size: 'lg' },
  'Without a value': { type: 'progress', label: 'Scan' },
  'More than full': { type: 'progress', value: 300, max: 200, label: 'Quota' },
};
