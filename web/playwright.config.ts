import { defineConfig } from '@playwright/test';
import { chromium } from './e2e/chromium.ts';

export default defineConfig({
  testDir: 'e2e',
  // Every test starts a daemon and two browsers' worth of pages, which wait as much as they compute.
  workers: 2,
  forbidOnly: true,
  // For machines that do much else meanwhile: what passes takes no longer for it.
  timeout: 120_000,
  expect: {
    timeout: 30_000,
    toHaveScreenshot: {
      pathTemplate: '{testDir}/pictures/{arg}{ext}',
      // Another machine rounds the edge of a letter otherwise; what a person sees is more.
      threshold: 0.2,
      maxDiffPixelRatio: 0.0003,
    },
  },
  reporter: [['list']],
  use: {
    launchOptions: chromium,
    viewport: { width: 1024, height: 720 },
    trace: 'retain-on-failure',
    // What it fetches no test could hold up; offline.spec.ts lets it.
    serviceWorkers: 'block',
  },
});
