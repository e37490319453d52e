import type { Stories } from '../stories';

export const stories: Stories = {
  Full: {
    type: 'tile',
    icon: 'gamepad-2',
    title: 'Games',
    badge: { type: 'badge', text: 'beta', variant: 'info' },
    stats: [
      { type: 'stat', label: 'Games', value: 27 },
      { type: 'stat', label: 'Used', value: '3.1 TB' },
    ],
    content: [{ type: 'progress', value: 40, label: 'Disk' }],
    actions: [{ type: 'button', label: 'Scan', on_click: { __action__: 'scan' } }],
  },
  'Nothing in it': { type: 'tile', icon: 'box', title: 'Empty' },
};
