/**
 * The language that this page speaks: one for all of it, so whatever says something to a person imports it. Until another
 * one has been fetched it is English, which is what tests see.
 */
import { chooseLanguage, chosenLanguage, wantedLanguages } from './language';
import { ENGLISH, localeOf, ownLanguageOf, sayIn, type OwnLanguage, type Say, type Speech } from './texts';

class Language implements Speech {
  /** Null: as the browser has it. */
  chosen = $state(chosenLanguage());
  /** That of the client's own texts: the best once it is there. */
  own = $state<OwnLanguage>('en');
  locale = $state(ENGLISH.locale);
  say = $state.raw<Say>(ENGLISH.say);

  async choose(language: string | null): Promise<void> {
    this.chosen = language;
    chooseLanguage(language);
    await this.speak();
  }

  /** Speaks what is wanted as soon as it is there. What can't be fetched now is spoken the next time; until then all is as it was. */
  async speak(): Promise<void> {
    const wanted = wantedLanguages(this.chosen);
    const own = ownLanguageOf(wanted);
    const locale = localeOf(own, wanted);
    const chosen = this.chosen;
    try {
      const say = await sayIn(own, locale);
      // Another one may have been chosen meanwhile.
      if (this.chosen === chosen) [this.own, this.locale, this.say] = [own, locale, say];
    } catch (cause) {
      console.warn('The texts of a language could not be fetched.', cause);
    }
  }
}

export const language = new Language();
