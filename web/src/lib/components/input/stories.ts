import type { Stories } from '../stories';

export const stories: Stories = {
  Text: { type: 'input', name: 'text', label: 'Host', input_type: 'text', value: 'nas' },
  Number: { type: 'input', name: 'number', label: 'Port', input_type: 'number', value: '8080' },
  Email: { type: 'input', name: 'email', label: 'Mail', input_type: 'email', value: 'me@nas.lan' },
  Url: { type: 'input', name: 'url', label: 'Address', input_type: 'url', value: 'http://nas.lan' },
  Date: { type: 'input', name: 'date', label: 'Day', input_type: 'date', value: '2026-01-31' },
  Time: { type: 'input', name: 'time', label: 'Time', input_type: 'time', value: '03:30' },
  Textarea: { type: 'input', name: 'textarea', label: 'Notes', input_type: 'textarea', value: 'one\ntwo' },
  Password: { type: 'input', name: 'password', label: 'Password', input_type: 'password', filled: true },
  'With help': {
    type: 'input',
    name: 'help',
    label: 'Host',
    placeholder: 'nas.lan',
    required: true,
    help: 'A name',
  },
  Faulty: { type: 'input', name: 'faulty', label: 'Host', value: '?', error: 'This is no host' },
  Disabled: { type: 'input', name: 'off', label: 'Host', value: 'nas', disabled: true },
};
