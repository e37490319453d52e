import type { Stories } from '../stories';

const ACT = { __action__: 'act' };

export const stories: Stories = {
  Primary: { type: 'button', label: 'Start', icon: 'play', on_click: ACT },
  Secondary: { type: 'button', label: 'Look', variant: 'secondary', on_click: ACT },
  Ghost: { type: 'button', label: 'Later', variant: 'ghost', on_click: ACT },
  Danger: { type: 'button', label: 'Delete', variant: 'danger', on_click: ACT },
  Small: { type: 'button', label: 'Small', size: 'sm', on_click: ACT },
  Large: { type: 'button', label: 'Large', size: 'lg', on_click: ACT },
  Busy: { type: 'button', label: 'Scanning', loading: true },
  Disabled: { type: 'button', label: 'Off', disabled: true },
  'Only an icon': { type: 'button', label: 'Settings', icon: 'settings', icon_only: true },
  'An icon that is none': { type: 'button', label: 'Start', icon: 'no-such-icon', on_click: ACT },
};
