/** How the real browser is started, by the tests and by the scripts beside them. */
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
