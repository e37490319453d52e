/** The question that stands before an action, one at a time. */

export interface Question {
  readonly message: string;
  readonly answer: (agreed: boolean) => void;
}

export class Confirms {
  asking = $state.raw<Question | null>(null);

  /** True once the person agrees; a question that takes its place, or the end of the session, is a no. */
  ask(message: string): Promise<boolean> {
    this.refuse();
    return new Promise((resolve) => {
      this.asking = {
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
