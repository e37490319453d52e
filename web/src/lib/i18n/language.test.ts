import { afterEach, expect, test, vi } from 'vitest';
import { call } from '../transport/http';
import { acceptLanguage, choicesOf, chooseLanguage, chosenLanguage, directionOf, nameOf } from './language';

afterEach(() => {
  chooseLanguage(null);
});

test('what is chosen comes before what the browser says, each a little less wanted', () => {
  expect(acceptLanguage(null, ['fr'])).toBeNull();
  expect(acceptLanguage('de', [])).toBe('de');
  expect(acceptLanguage('de', ['fr-CA', 'de', 'en'])).toBe('de, fr-CA;q=0.9, en;q=0.8');
  const many = acceptLanguage(
    'de',
    Array.from({ length: 20 }, (_, place) => `q${String(place)}`),
  );
  expect(many?.split(', ')).toHaveLength(9);
  expect(many).toMatch(/;q=0\.2$/);
});

test('a language is chosen once, and by country only where there are several', () => {
  expect(choicesOf([])).toEqual([]);
  const offered = ['en', 'fr', 'fr-FR', 'de', 'pt-BR', 'pt-PT'];
  expect(choicesOf(offered)).toEqual(['de', 'en', 'fr', 'pt-BR', 'pt-PT']);
  expect(nameOf('fr')).toBe('français');
  expect(nameOf('no such language')).toBe('no such language');
});

test.each([
  ['en', 'ltr'],
  ['de-CH', 'ltr'],
  ['ar', 'rtl'],
  ['he-IL', 'rtl'],
  ['az', 'ltr'],
  ['az-Arab', 'rtl'],
  ['no such language', 'ltr'],
])('%s is written %s', (name, direction) => {
  expect(directionOf(name)).toBe(direction);
});

test('requests say what was chosen, and nothing by themselves', async () => {
  vi.stubGlobal('navigator', { languages: ['fr'] });
  const fetcher = vi.fn(async () => Response.json({}));
  const said = () => new Headers((fetcher.mock.lastCall as unknown as [string, RequestInit])[1].headers);
  await call('GET', '/api/setup', {}, fetcher);
  expect(said().has('accept-language')).toBe(false);
  chooseLanguage('de');
  expect(chosenLanguage()).toBe('de');
  await call('POST', '/api/setup/plans', { body: {} }, fetcher);
  expect(said().get('accept-language')).toBe('de, fr;q=0.9');
  expect(said().get('content-type')).toBe('application/json');
  vi.unstubAllGlobals();
});
