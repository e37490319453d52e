/** For what is run on demand and isn't a test: the measurements, and the pictures for the documentation. */
import { defineConfig } from '@playwright/test';
import tests from '../playwright.config.ts';

export default defineConfig(tests, {
  testDir: '.',
  testMatch: ['latency.measure.ts', 'first-load.measure.ts', 'screenshots.ts'],
  timeout: 180_000,
  // What is measured is measured alone.
  workers: 1,
  // Recording costs time.
  use: { ...tests.use, trace: 'off' },
});
