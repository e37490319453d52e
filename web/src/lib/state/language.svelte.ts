/** The language that is chosen in this browser, as pages see it. */
import { chooseLanguage, chosenLanguage } from '../i18n/language';

export class Language {
  /** Null: as the browser has it. */
  chosen = $state(chosenLanguage());

  choose(language: string | null): void {
    this.chosen = language;
    chooseLanguage(language);
  }
}
