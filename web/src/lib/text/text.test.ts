import { expect, test } from 'vitest';
import { ENGLISH, sayIn } from '../i18n/texts';
import { pairingCodeOfFragment, tidyPairingCode } from './pairing-code';
import { size } from './size';
import { ago, timeUntil } from './time';

test.each([
  ['3F7A-09C2-B4D1'],
  ['3f7a09c2b4d1'],
  [' 3f7a 09c2\tb4d1\n'],
  ['3F7A–09C2—B4D1'],
  ['3f7a\u200b-O9c2-b4dl'],
])('%j is a code', (typed) => {
  expect(tidyPairingCode(typed)).toBe('3F7A-09C2-B4D1');
});

test.each(['', '3F7A-09C2', '3F7A-09C2-B4D1-0', 'XXXX-XXXX-XXXX', '３F7A-09C2-B4D1'])(
  '%j is none',
  (typed) => {
    expect(tidyPairingCode(typed)).toBeNull();
  },
);

test('a link carries its code in the fragment', () => {
  expect(pairingCodeOfFragment('#pair=3F7A-09C2-B4D1')).toBe('3F7A-09C2-B4D1');
  expect(pairingCodeOfFragment('#main')).toBeNull();
  expect(pairingCodeOfFragment('#pair=')).toBeNull();
});

test('ages are in the largest unit that fits', () => {
  expect(ago(0, 1_000, 'en')).toBe('1 second ago');
  expect(ago(0, 59_900, 'en')).toBe('59 seconds ago');
  expect(ago(0, 60_000, 'en')).toBe('1 minute ago');
  expect(ago(0, 3 * 86_400_000, 'en')).toBe('3 days ago');
  expect(ago(5_000, 0, 'en')).toMatch(/0 seconds/);
});

test('count-downs end at nothing', () => {
  expect([0, 1, 1_000, 2_001].map((then) => timeUntil(then, 0, ENGLISH.say))).toEqual([
    '0 s',
    '1 s',
    '1 s',
    '3 s',
  ]);
  expect(timeUntil(0, 9_000, ENGLISH.say)).toBe('0 s');
  expect([90_000, 90_001, 300_000].map((then) => timeUntil(then, 0, ENGLISH.say))).toEqual([
    '90 s',
    '2 min',
    '5 min',
  ]);
});

test('spans of time are as the language has them', async () => {
  expect([ago(0, 60_000, 'de'), ago(0, 60_000, 'fr')]).toEqual(['vor 1 Minute', 'il y a 1 minute']);
  expect(timeUntil(90_001, 0, await sayIn('de'))).toBe('2\u00a0min');
});

test('sizes are as people say them', async () => {
  expect([0, 999, 1_000, 7_340_112, 21_400_000, 3e12, 5e16].map((bytes) => size(bytes, ENGLISH))).toEqual([
    '0 B',
    '999 B',
    '1.0 KB',
    '7.3 MB',
    '21 MB',
    '3.0 TB',
    '50000 TB',
  ]);
  const german = { say: await sayIn('de'), locale: 'de' };
  const french = { say: await sayIn('fr'), locale: 'fr' };
  expect([size(7_340_112, german), size(7_340_112, french)]).toEqual(['7,3\u00a0MB', '7,3\u00a0Mo']);
});
