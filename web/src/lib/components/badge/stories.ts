import type { Stories } from '../stories';

export const stories: Stories = {
  Default: { type: 'badge', text: 'new', variant: 'default' },
  Primary: { type: 'badge', text: 'beta', variant: 'primary' },
  Success: { type: 'badge', text: 'ok', variant: 'success' },
  Warning: { type: 'badge', text: 'busy', variant: 'warning' },
  Error: { type: 'badge', text: 'down', variant: 'error' },
  Info: { type: 'badge', text: 'note', variant: 'info' },
};
