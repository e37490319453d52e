/** Runs the actions of modules: one call at a time for each button, results handled in their order. */
import { SvelteSet } from 'svelte/reactivity';
import { cancelCall } from '../api/modules';
import { language } from '../i18n/speech.svelte';
import { ApiError } from '../transport/http';
import type { ActionRef, ActionResult } from '../transport/model';
import type { Transport } from '../transport/transport';
import { callKey } from './calls';
import type { Confirms } from './confirms.svelte';
import type { FormScope, Submission } from './form.svelte';
import type { Modals } from './modals.svelte';
import type { Notices } from './notices.svelte';
import type { Session } from './session.svelte';

export class Actions {
  readonly #busy = new SvelteSet<string>();
  readonly #cancelling = new SvelteSet<string>();

  constructor(
    private readonly transport: Pick<Transport, 'act' | 'refresh'>,
    private readonly session: Session,
    private readonly modals: Modals,
    private readonly notices: Notices,
    private readonly confirms: Pick<Confirms, 'askBefore'>,
  ) {}

  busy(module: string, ref: ActionRef): boolean {
    return this.#busy.has(callKey(module, ref));
  }

  cancelling(module: string, call: string): boolean {
    return this.#cancelling.has(`${module}/${call}`);
  }

  /** With the fields of `form`, if it has any. */
  async run(module: string, ref: ActionRef, form: FormScope | null = null): Promise<void> {
    const key = callKey(module, ref);
    if (this.#busy.has(key)) return;
    const asked = this.confirms.askBefore(ref);
    if (asked && !(await asked)) return;
    this.#busy.add(key);
    const submission = form?.send() ?? null;
    try {
      const acting = this.transport.act(module, ref.action, ref.params, submission?.data ?? null);
      const results = await this.session.guard(acting);
      submission?.accepted();
      for (const result of results) this.#handle(module, result);
    } catch (cause) {
      if (this.session.status === 'signed-in') this.#fail(module, cause as Error, submission);
    } finally {
      this.#busy.delete(key);
    }
  }

  async cancel(module: string, call: string): Promise<void> {
    const key = `${module}/${call}`;
    if (this.#cancelling.has(key)) return;
    this.#cancelling.add(key);
    try {
      if (!(await this.session.guard(cancelCall(module, call))))
        this.notices.add('info', language.say('call-over'), null, module);
    } catch (cause) {
      this.notices.add('error', (cause as Error).message, language.say('call-not-cancelled'), module);
    } finally {
      this.#cancelling.delete(key);
    }
  }

  /** What is wrong with a field is said there; the rest is a notice. */
  #fail(module: string, cause: Error, submission: Submission | null): void {
    const errors = cause instanceof ApiError ? cause.errors : {};
    const elsewhere = Object.entries(submission?.rejected(errors) ?? errors);
    if (Object.keys(errors).length > 0 && elsewhere.length === 0) return;
    const listed = elsewhere.map(([name, error]) => `${name}: ${error}`).join('\n');
    this.notices.add('error', listed || cause.message, language.say('call-failed'), module);
  }

  #handle(module: string, result: ActionResult): void {
    switch (result.kind) {
      case 'open-modal':
        return this.modals.show(module, result.id);
      case 'close-modal':
        return this.modals.close(result.id);
      case 'notify':
        return this.notices.add(result.variant, result.message, result.title, module);
      case 'refresh':
        return this.transport.refresh();
    }
  }
}
