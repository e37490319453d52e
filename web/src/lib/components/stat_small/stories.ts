import type { Stories } from '../stories';

export const stories: Stories = {
  'A figure': { type: 'stat_small', label: 'Host', value: 'nas' },
};
