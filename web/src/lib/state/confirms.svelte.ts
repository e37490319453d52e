/** The question that stands before an action, one at a time. */
import { language } from '../i18n/speech.svelte';

/** How it is asked: what an action of a module asks has no words of its own. */
export interface QuestionWords {
  readonly title: string;
  readonly yes: string;
  readonly no: string;
}

function plain(): QuestionWords {
  return {
    title: language.say('confirm-title'),
    yes: language.say('confirm-yes'),
    no: language.say('confirm-no'),
  };
}

export interface Question extends QuestionWords {
  readonly message: string;
  readonly answer: (agreed: boolean) => void;
}

export class Confirms {
  asking = $state.raw<Question | null>(null);

  /** True once the person agrees; a question that takes its place, or the end of the session, is a no. */
  ask(message: string, words = plain()): Promise<boolean> {
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
