import type { Stories } from '../stories';

export const stories: Stories = {
  'A note': { type: 'alert', message: 'For your information', title: 'Note' },
  Success: { type: 'alert', variant: 'success', message: 'It worked.' },
  Warning: { type: 'alert', variant: 'warning', message: 'It may not work.' },
  Error: { type: 'alert', variant: 'error', message: 'It did not work.', title: 'Failed' },
};
