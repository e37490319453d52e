import type { Stories } from '../stories';

export const stories: Stories = {
  Body: { type: 'text', content: 'Usual words' },
  Muted: { type: 'text', content: 'Quiet words', variant: 'muted', size: 'sm' },
  Large: { type: 'text', content: 'Large words', size: 'xl' },
  Code: { type: 'text', content: 'uname -a', variant: 'code' },
  'Right to left': { type: 'text', content: 'שלום עולם' },
  Markup: { type: 'text', content: '<b>no markup</b>' },
};
