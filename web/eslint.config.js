import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['**/dist/', 'node_modules/', 'test-results/', 'playwright-report/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      // `{ kind, ...rest }` to drop a key, and `_name` for an argument that a signature asks for.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
    rules: {
      // Routing is plain history links on one origin; there is no base path to resolve against.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  // Markup from a string is for icon bodies out of our own build, in this one place.
  { files: ['src/lib/ui/Icon.svelte'], rules: { 'svelte/no-at-html-tags': 'off' } },
  { files: ['build/**', '*.config.*'], languageOptions: { globals: { ...globals.node } } },
);
