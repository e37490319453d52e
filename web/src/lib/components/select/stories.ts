import type { Stories } from '../stories';

const OPTIONS = [
  { type: 'select_option', value: 'a', label: 'Low' },
  { type: 'select_option', value: 'b', label: 'High' },
];

export const stories: Stories = {
  'One of several': { type: 'select', name: 'one', label: 'Level', value: 'b', options: OPTIONS },
  'Some of several': {
    type: 'select',
    name: 'some',
    label: 'Disks',
    multiple: true,
    values: ['b'],
    options: OPTIONS,
  },
  Faulty: { type: 'select', name: 'faulty', label: 'Level', options: OPTIONS, error: 'Choose another' },
  Disabled: { type: 'select', name: 'off', label: 'Level', options: OPTIONS, disabled: true },
  'No options': { type: 'select', name: 'none', label: 'Level', options: [] },
};
