import { playwright } from '@vitest/browser-playwright';
import { defineConfig, mergeConfig } from 'vitest/config';
import viteConfig from './vite.config.ts';

/** Debian's Chromium; any other machine names its own. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const IN_NODE = [
  'packages/stream/src/**/*.test.ts',
  'src/lib/{transport,api,i18n,icons,text,settings,setup}/**/*.test.ts',
];
const IN_BROWSER = ['src/lib/{state,components,pages,shell,ui}/**/*.test.ts', 'offline/**/*.test.ts'];

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      projects: [
        { extends: true, test: { name: 'node', environment: 'node', include: IN_NODE } },
        {
          extends: true,
          test: {
            name: 'chromium',
            include: IN_BROWSER,
            // Components stand on the page's own styles, as they do in the page.
            setupFiles: ['src/styles/tokens.css', 'src/styles/base.css'],
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({
                launchOptions: { executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] },
              }),
              instances: [{ browser: 'chromium' }],
            },
          },
        },
      ],
    },
  }),
);
