import { expect, test } from 'vitest';
import { best, folded } from './match';

const TITLES = [
  'Dashboard Page',
  'System Page',
  'Open System monitor Module sys_monitor',
  'Settings of System monitor Module sys_monitor',
  'Enable Mail server Module',
  'Übersicht der Aufgaben',
  'Tableau de bord, modifié à l’été',
];
const ENTRIES = TITLES.map((title) => ({ title, folded: folded(title) }));

function found(query: string, most = 10): string[] {
  return best(ENTRIES, query, most).shown.map(({ title }) => title);
}

test('words are found in any order, wherever they stand', () => {
  expect(found('monitor settings')).toEqual(['Settings of System monitor Module sys_monitor']);
  expect(found('server ENABLE')).toEqual(['Enable Mail server Module']);
});

test('each word has to be found', () => {
  expect(found('dashboard monitor')).toEqual([]);
  expect(found('xyz')).toEqual([]);
});

test('accents and case don’t matter, on either side', () => {
  expect(found('ubersicht')).toEqual(['Übersicht der Aufgaben']);
  expect(found('ÉTÉ modifie')).toEqual(['Tableau de bord, modifié à l’été']);
});

test('letters of one word are enough, if the first is its first', () => {
  expect(found('dshb')).toEqual(['Dashboard Page']);
  expect(found('ashb')).toEqual(['Dashboard Page']);
  expect(found('shbd')).toEqual([]);
});

test('whole words come before beginnings, those before insides; else the order stays', () => {
  const entries = ['unsystematic', 'systems', 'system', 'sy st em'].map((title) => ({
    folded: folded(title),
  }));
  const order = best(entries, 'system', 9).shown.map((entry) => entry.folded);
  expect(order).toEqual(['system', 'systems', 'unsystematic']);
  expect(found('system').slice(0, 2)).toEqual(['System Page', 'Open System monitor Module sys_monitor']);
});

test('nothing typed, or nothing but signs, finds all', () => {
  expect(found('')).toEqual(TITLES);
  expect(found(' — ')).toEqual(TITLES);
});

test('no more are shown than asked for, and the rest is counted', () => {
  const many = Array.from({ length: 1_000 }, (_, number) => ({ folded: `module ${String(number)}` }));
  const { shown, more } = best(many, 'module', 50);
  expect([shown.length, more]).toEqual([50, 950]);
  expect(best(many, 'module 777', 50)).toEqual({ shown: [{ folded: 'module 777' }], more: 0 });
});

test('a name of any length costs no more than its beginning', () => {
  expect(folded('a'.repeat(100_000))).toHaveLength(200);
});
