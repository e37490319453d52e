import { FluentResource } from '@fluent/bundle';
import { expect, test } from 'vitest';
import { FILES, OWN_LANGUAGES, ownLanguageOf, sayIn, TEXTS } from './texts';

/** All code, to see which texts are asked for. */
const SOURCES = import.meta.glob<string>(
  ['../**/*.svelte', '../**/*.ts', '!../i18n/**', '!../**/*.test.ts'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
);

/** The variables in a part of a message, whatever it is nested in. */
function variables(part: unknown): string[] {
  if (part === null || typeof part !== 'object') return [];
  if (Array.isArray(part)) return part.flatMap(variables);
  const { type, name } = part as Record<string, unknown>;
  return type === 'var' ? [String(name)] : Object.values(part).flatMap(variables);
}

test.each(OWN_LANGUAGES)('%s has each text, with its variables, and no other', async (language) => {
  const file = await FILES[language]();
  const found = new FluentResource(file).body.map(({ id, value }) => [
    id,
    [...new Set(variables(value))].sort(),
  ]);
  const expected = Object.entries(TEXTS).map(([key, names]) => [key, [...names].sort()]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  expect(found).toHaveLength(expected.length);
  // A message that can't be read is left out by the parser, and so are further lines of it.
  const written = file.match(/^[a-z-]+ =/gm) ?? [];
  expect(written).toHaveLength(expected.length);
});

test('signs stand as the language has them', async () => {
  const french = await FILES.fr();
  // A line never begins with a sign, so what stands before one is a space that doesn't break.
  expect(french.split('\n').filter((line) => / [:;!?»%]|« /.test(line))).toEqual([]);
});

test('each text is asked for somewhere', () => {
  const code = Object.values(SOURCES).join('\n');
  expect(Object.keys(TEXTS).filter((key) => !code.includes(`'${key}'`))).toEqual([]);
});

test('plurals and cases are those of the language', async () => {
  const sayers = await Promise.all(OWN_LANGUAGES.map((language) => sayIn(language)));
  const reviews = sayers.map((say) => [1, 2, 1_234].map((count) => say('chosen-review', { count })));
  expect(reviews).toEqual([
    ['1 Modul prüfen', '2 Module prüfen', '1.234 Module prüfen'],
    ['Review 1 module', 'Review 2 modules', 'Review 1,234 modules'],
    ['Vérifier 1 module', 'Vérifier 2 modules', expect.stringMatching(/^Vérifier 1\s234 modules$/)],
  ]);
  const say = await sayIn('de');
  expect(say('module-conflicts', { other: '{ $own }', state: 'needed' })).toBe(
    'Verträgt sich nicht mit { $own }: Das ist nötig.',
  );
});

test('the first language that is spoken counts', () => {
  expect(ownLanguageOf(['it', 'FR-ca', 'de'])).toBe('fr');
  expect(ownLanguageOf(['it'])).toBe('en');
  expect(ownLanguageOf([])).toBe('en');
});
