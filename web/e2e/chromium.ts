/** How the real browser is started, by the tests and by the scripts beside them. */
import { fileURLToPath } from 'node:url';
import type { LaunchOptions } from '@playwright/test';

export const chromium: LaunchOptions = {
  // Debian's; any other machine names its own.
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

const FONTS = fileURLToPath(new URL('fonts/fonts.conf', import.meta.url));

/** How it is started for pictures: letters, colours and edges come out alike on every machine. */
export const pictured: LaunchOptions = {
  ...chromium,
  env: { ...process.env, FONTCONFIG_FILE: FONTS, LANGUAGE: 'en_GB' },
  args: [
    ...(chromium.args ?? []),
    '--lang=en-GB',
    '--disable-lcd-text',
    '--font-render-hinting=none',
    '--force-color-profile=srgb',
    '--force-device-scale-factor=1',
  ],
};
