import { expect, test } from 'vitest';
import { ENGLISH } from '../i18n/texts';
import { isolated } from './isolate';

test.each(['', 'NAS', 'Über 3 GB', '日本語', '🙂'])('%j turns nothing and stays as it is', (text) =>
  expect(isolated(text)).toBe(text),
);

test.each(['שלום', 'عربي', 'a\u202eb', 'a\u200fb', '𞤀'])('%j is kept to itself', (text) =>
  expect(isolated(text)).toBe(`\u2068${text}\u2069`),
);

test('what would end the isolation is left out', () => {
  expect(isolated('a\u2069\u202eb\u2068')).toBe('\u2068a\u202eb\u2069');
});

test('a name in a sentence cannot turn the sentence', () => {
  expect(ENGLISH.say('part-unknown', { name: '\u202egnp.exe' })).toBe(
    'Unknown component “\u2068\u202egnp.exe\u2069”',
  );
  expect(ENGLISH.say('part-unknown', { name: 'x' })).toBe('Unknown component “x”');
});
