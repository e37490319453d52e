/** The language that is chosen in this browser, and what the client says in it. */
import { chooseLanguage, chosenLanguage, wantedLanguages } from '../i18n/language';
import { ownLanguageOf, sayIn, sayInEnglish, type OwnLanguage, type Say } from '../i18n/texts';

export class Language {
  /** Null: as the browser has it. */
  chosen = $state(chosenLanguage());
  /** That of the client's own texts: the best once it is there. */
  own = $state<OwnLanguage>('en');
  say = $state.raw<Say>(sayInEnglish);

  constructor() {
    void this.#speak();
  }

  choose(language: string | null): void {
    this.chosen = language;
    chooseLanguage(language);
    void this.#speak();
  }

  async #speak(): Promise<void> {
    const wanted = this.chosen;
    const own = ownLanguageOf(wantedLanguages(wanted));
    if (own === this.own) return;
    try {
      const say = await sayIn(own);
      // Another one may have been chosen meanwhile.
      if (this.chosen === wanted) [this.own, this.say] = [own, say];
    } catch {
      // What can't be fetched now is spoken the next time; until then all is as it was.
    }
  }
}
