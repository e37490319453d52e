import type { Stories } from '../stories';

export const stories: Stories = {
  'A kind that is not known': { type: 'hologram', label: 'From the future' },
  'No kind at all': { label: 'Whatever' },
  'One that throws': {
    type: 'text',
    get content(): string {
      throw new Error('A story of an error boundary.');
    },
  },
};
