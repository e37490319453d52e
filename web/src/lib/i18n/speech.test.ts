import { afterEach, expect, test, vi } from 'vitest';
import { language } from './speech.svelte';
import { FILES, localeOf } from './texts';

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.stubGlobal('navigator', { languages: [] });
  await language.choose(null);
  vi.unstubAllGlobals();
});

test('the page speaks the best of what its reader reads, with the numbers of the country', async () => {
  expect([language.own, language.say('loading')]).toEqual(['en', 'Loading…']);
  vi.stubGlobal('navigator', { languages: ['it', 'fr-CA', 'de'] });
  await language.speak();
  expect([language.own, language.locale, language.say('loading')]).toEqual(['fr', 'fr-CA', 'Chargement…']);
  await language.choose('de');
  expect([language.own, language.locale, language.say('loading')]).toEqual([
    'de',
    'de',
    'Wird geladen\u00a0…',
  ]);
  await language.choose(null);
  expect(language.own).toBe('fr');
});

test('the last choice counts, whichever comes first', async () => {
  vi.stubGlobal('navigator', { languages: ['en'] });
  await Promise.all([language.choose('de'), language.choose('fr')]);
  expect([language.chosen, language.own, language.say('search')]).toEqual(['fr', 'fr', 'Chercher']);
});

test('a file that can’t be had changes nothing', async () => {
  vi.stubGlobal('navigator', { languages: ['en'] });
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const missing = vi.spyOn(FILES, 'de').mockRejectedValue(new TypeError('gone'));
  await language.choose('de');
  expect([language.own, language.say('search')]).toEqual(['en', 'Search']);
  expect(warned).toHaveBeenCalledOnce();
  missing.mockRestore();
  warned.mockRestore();
});

test('a country is one that is known', () => {
  expect(localeOf('de', ['en-GB', 'de', 'de-AT'])).toBe('de-AT');
  expect(localeOf('de', ['de-no_country', 'en-GB'])).toBe('de');
  expect(localeOf('en', [])).toBe('en');
});
