/** How a message's weight is shown, and said to who doesn't see it. */
import error from 'virtual:icon/circle-alert';
import success from 'virtual:icon/circle-check';
import info from 'virtual:icon/info';
import warning from 'virtual:icon/triangle-alert';

export const WEIGHT_ICONS = { info, success, warning, error } as const;

export const WEIGHT_TEXTS = {
  info: 'weight-info',
  success: 'weight-success',
  warning: 'weight-warning',
  error: 'weight-error',
} as const;

export type Weight = keyof typeof WEIGHT_ICONS;
