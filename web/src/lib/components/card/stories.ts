import type { Stories } from '../stories';

export const stories: Stories = {
  Full: {
    type: 'card',
    icon: 'info',
    title: 'Machine',
    children: [{ type: 'stat_small', label: 'Host', value: 'nas' }],
    footer: [{ type: 'text', content: 'Since the last start', variant: 'muted', size: 'sm' }],
  },
  'Without a head': { type: 'card', children: [{ type: 'text', content: 'Only this' }] },
  'With a child that is none': { type: 'card', title: 'Parts', children: [{ type: 'hologram' }, 7] },
};
