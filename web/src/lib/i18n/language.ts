/**
 * Which language somebody reads: the one that was chosen in this browser, before those that the browser names by itself.
 * Names are those of RFC 5646, such as `fr` and `fr-CA`.
 */

const KEY = 'contara.language';
/** Weights have one digit here, and nobody reads more. */
const MOST = 9;

function stored(): string | null {
  try {
    return localStorage.getItem(KEY) || null;
  } catch {
    return null;
  }
}

let chosen = stored();

/** Null: as the browser has it. */
export function chosenLanguage(): string | null {
  return chosen;
}

/** Where nothing may be stored it counts until the page is left. */
export function chooseLanguage(language: string | null): void {
  chosen = language;
  try {
    if (language === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, language);
  } catch {
    // See above.
  }
}

/** What was chosen, if anything, and what the browser says after it. */
export function wantedLanguages(first: string | null, others = navigator.languages): readonly string[] {
  return first === null ? others : [first, ...others.filter((language) => language !== first)];
}

/** As a request says it; null: as the browser does by itself. */
export function acceptLanguage(first = chosen, others?: readonly string[]): string | null {
  if (first === null) return null;
  return wantedLanguages(first, others)
    .slice(0, MOST)
    .map((language, place) => (place === 0 ? language : `${language};q=0.${String(MOST + 1 - place)}`))
    .join(', ');
}

function baseOf(language: string): string {
  return language.split('-')[0] ?? language;
}

/** What can be chosen among, each once: by countries only where there are several of one language. */
export function choicesOf(offered: readonly string[]): string[] {
  const all = [...new Set(offered)];
  const countries = (base: string) => all.filter((other) => other !== base && baseOf(other) === base);
  const choices = all.map((language) => {
    const base = baseOf(language);
    return countries(base).length > 1 ? language : base;
  });
  return [...new Set(choices)].sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

/** Scripts that are written from right to left, as ISO 15924 names them. */
const RIGHT_TO_LEFT = /^(Adlm|Arab|Hebr|Nkoo|Rohg|Syrc|Thaa)$/;

/** Which way it is written: by its script, or by the one that it is usually written in. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  try {
    const { script } = new Intl.Locale(language).maximize();
    return RIGHT_TO_LEFT.test(script ?? '') ? 'rtl' : 'ltr';
  } catch {
    return 'ltr';
  }
}

/** As those call it who speak it. */
export function nameOf(language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  } catch {
    return language;
  }
}
