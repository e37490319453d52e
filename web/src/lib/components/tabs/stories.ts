import type { Stories } from '../stories';

export const stories: Stories = {
  Two: {
    type: 'tabs',
    tabs: [
      {
        type: 'tab',
        id: 'one',
        label: 'One',
        icon: 'gauge',
        children: [{ type: 'text', content: 'The first' }],
      },
      { type: 'tab', id: 'two', label: 'Two', children: [{ type: 'text', content: 'The second' }] },
    ],
  },
};
