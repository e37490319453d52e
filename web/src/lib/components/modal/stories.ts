import type { Stories } from '../stories';

export const stories: Stories = {
  Small: {
    type: 'modal',
    id: 'small',
    title: 'Sure?',
    size: 'sm',
    children: [{ type: 'text', content: 'Really?' }],
  },
  Long: {
    type: 'modal',
    id: 'long',
    title: 'Much to read',
    children: [{ type: 'text', content: 'A line\n'.repeat(80) }],
    footer: [{ type: 'button', label: 'Done' }],
  },
};
