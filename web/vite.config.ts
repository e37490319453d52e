import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { compress } from './build/compress.ts';
import { lucide } from './build/lucide.ts';

/** Where `npm run dev` finds a running daemon. */
const daemon = process.env['CONTARA_URL'] ?? 'http://127.0.0.1:8000';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [svelte(), lucide(), compress()],
  resolve: {
    alias: { $lib: at('./src/lib'), '@contara/stream': at('./packages/stream/src/index.ts') },
  },
  build: {
    target: 'es2022',
    // The page's CSP allows no inline script, and a data: URL would only spoil caching.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 200,
    rolldownOptions: {
      input: { index: at('./index.html'), sw: at('./offline/sw.ts') },
      // A service worker is known by its address.
      output: {
        entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { proxy: { '/api': daemon, '/ws': { target: daemon, ws: true } } },
});
