import type { Stories } from '../stories';

export const stories: Stories = {
  Rising: {
    type: 'stat_card',
    label: 'Memory',
    value: '7.2 GB',
    icon: 'memory-stick',
    color: 'warning',
    trend: ['up', '5 %'],
  },
  Falling: {
    type: 'stat_card',
    label: 'CPU',
    value: '34 %',
    icon: 'cpu',
    color: 'success',
    trend: ['down', '2 %'],
  },
  Plain: { type: 'stat_card', label: 'Disk', value: '91 %', color: 'error' },
};
