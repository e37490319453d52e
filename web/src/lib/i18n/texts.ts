/**
 * What the client itself says: each text by its key, in the languages that it has files for (Fluent, `texts/`). Here is which texts
 * there are, with their variables; a test compares the files with it. English is always there, the others are fetched when wanted.
 */
import { FluentBundle, FluentResource } from '@fluent/bundle';
import english from './texts/en.ftl?raw';

export const OWN_LANGUAGES = ['de', 'en', 'fr'] as const;
export type OwnLanguage = (typeof OWN_LANGUAGES)[number];

/** The files, as Fluent writes them. */
export const FILES: Readonly<Record<OwnLanguage, () => Promise<string>>> = {
  de: async () => (await import('./texts/de.ftl?raw')).default,
  en: async () => english,
  fr: async () => (await import('./texts/fr.ftl?raw')).default,
};

export const TEXTS = {
  language: [],
  'language-of-browser': [],

  'setup-title': [],
  'setup-loading': [],
  'setup-count': ['configured', 'all'],
  'setup-not-loaded': [],
  'setup-load-again': [],
  'setup-read-only': [],
  'setup-empty': [],
  'setup-shown': ['count'],
  'setup-nothing-like-that': [],
  'setup-show-all': [],

  'filter-text': [],
  'filter-search': [],
  'filter-section': [],
  'filter-all-sections': [],
  'filter-state': [],
  'filter-all-states': [],
  'filter-new': [],
  'filter-configured': [],
  'filter-trouble': [],

  'module-configured': [],
  'module-unusable': [],
  'module-needs': ['names'],
  'module-restarts': [],
  'module-problems': ['name'],
  'module-run': ['id'],
  'module-details': [],
  'module-of': ['name'],
  'module-links': ['name'],
  'module-link-of': ['name'],
  'module-see-problems': [],
  'module-with-others': [],
  'module-is-configured': [],
  'module-conflicts': ['other', 'state'],
  'module-need-conflicts': ['own', 'other', 'state'],

  chosen: [],
  'chosen-clear': [],
  'chosen-review': ['count'],
  'chosen-look-at': ['count'],

  'runs-under-way': [],
  'runs-last': [],
  'run-when-by': ['when', 'by'],
  'run-queued': [],
  'run-running': [],
  'run-waiting': [],
  'run-done': [],
  'run-failed': [],
  'run-cancelled': [],
  'run-interrupted': [],

  progress: [],
  'progress-unnamed': ['number', 'total'],
  'progress-downloading': ['package', 'number', 'total'],
  'progress-unpacking': ['package', 'number', 'total'],
  'progress-installing': ['package', 'number', 'total'],
  'progress-configuring': ['package', 'number', 'total'],
  'progress-removing': ['package', 'number', 'total'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Texts = typeof TEXTS;
export type TextKey = keyof Texts;
type Values<K extends TextKey> = Readonly<Record<Texts[K][number], string | number>>;

/** A number is written as the language does, with its plural; what is no amount has to be a text. */
export type Say = <K extends TextKey>(
  key: K,
  ...values: Texts[K] extends readonly [] ? [] : [Values<K>]
) => string;

function sayerOf(language: OwnLanguage, file: string): Say {
  // Foreign names stand in elements that isolate their direction.
  const bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(file));
  return (key, ...[values]) => {
    const pattern = bundle.getMessage(key)?.value;
    // With a list for errors nothing is thrown; what is wrong with a file is the test's business.
    return pattern ? bundle.formatPattern(pattern, values ?? null, []) : key;
  };
}

export const sayInEnglish = sayerOf('en', english);

/** What speaks this language. Rejects if its file can't be fetched. */
export async function sayIn(language: OwnLanguage): Promise<Say> {
  return sayerOf(language, await FILES[language]());
}

/** The first of these languages that the client speaks, else English. */
export function ownLanguageOf(wanted: readonly string[]): OwnLanguage {
  const bases = wanted.map((language) => language.split('-')[0]?.toLowerCase());
  for (const base of bases) {
    const own = OWN_LANGUAGES.find((language) => language === base);
    if (own) return own;
  }
  return 'en';
}
