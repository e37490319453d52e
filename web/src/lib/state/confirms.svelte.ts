/** The question that stands before an action, one at a time. */
import { language } from '../i18n/speech.svelte';
import type { ActionRef } from '../transport/model';

/** How it is asked. */
export interface QuestionWords {
  readonly title: string;
  readonly yes: string;
  readonly no: string;
  /** Whether what a yes does is dangerous: it then looks so. */
  readonly danger?: boolean;
}

export interface Question extends QuestionWords {
  readonly message: string;
  readonly answer: (agreed: boolean) => void;
}

export class Confirms {
  asking = $state.raw<Question | null>(null);

  /** The question that stands before an action of a module; null: there is none. */
  askBefore({ confirm, danger }: ActionRef): Promise<boolean> | null {
    const no = language.say('confirm-no');
    if (confirm !== null) {
      const words = { title: language.say('confirm-title'), yes: language.say('confirm-yes'), no };
      return this.ask(confirm, { ...words, danger: danger !== undefined });
    }
    if (danger === undefined) return null;
    const title = language.say('confirm-danger-title', { action: danger });
    return this.ask(language.say('confirm-danger'), { title, yes: danger, no, danger: true });
  }

  /** True once the person agrees; a question that takes its place, or the end of the session, is a no. */
  ask(message: string, words: QuestionWords): Promise<boolean> {
    this.refuse();
    return new Promise((resolve) => {
      this.asking = {
        ...words,
        message,
        answer: (agreed) => {
          this.asking = null;
          resolve(agreed);
        },
      };
    });
  }

  refuse(): void {
    this.asking?.answer(false);
  }
}
