import type { Stories } from '../stories';

export const stories: Stories = {
  'A figure': { type: 'stat', label: 'Games', value: 27 },
  'A long figure': { type: 'stat', label: 'Used', value: '3.1 TB of 8 TB' },
};
