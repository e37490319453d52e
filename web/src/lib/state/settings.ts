/**
 * The settings form of each module. Kept while the session lasts, so that a look at another page costs nothing that was
 * typed. How a form is made comes with its page, which few people open.
 */
import type { Session } from './session.svelte';
import type { SettingsForm } from './settings-form.svelte';

export class Settings {
  readonly #forms = new Map<string, SettingsForm>();

  constructor(private readonly session: Session) {}

  of(module: string, Form: typeof SettingsForm): SettingsForm {
    const form = this.#forms.get(module) ?? new Form(module, this.session);
    this.#forms.set(module, form);
    return form;
  }

  clear(): void {
    this.#forms.clear();
  }
}
