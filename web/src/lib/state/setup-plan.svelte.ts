/** A plan under review: what choosing these modules would do, and its start. */
import { beginTransaction, makePlan, refusalOf } from '../api/setup';
import { language } from '../i18n/speech.svelte';
import { ApiError } from '../transport/http';
import type { Plan, SetupChoice, Transaction } from '../transport/setup-model';
import type { Session } from './session.svelte';
import type { Trouble } from './trouble';

export class SetupReview {
  /** Null until fetched, or where there is none. */
  plan = $state.raw<Plan | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  /** The modules that a refusal is about. */
  concerned = $state.raw<readonly string[]>([]);
  /** There is no plan for this choice, however often it is asked for. */
  refused = $state(false);
  /** Another run has one of the modules. */
  busyWith = $state<number | null>(null);
  /** The plan is another one than the person had approved. */
  changed = $state(false);
  loading = $state(false);
  starting = $state(false);

  constructor(
    readonly choice: SetupChoice,
    private readonly session: Session,
  ) {}

  async load(): Promise<void> {
    if (this.loading || this.starting) return;
    this.loading = true;
    this.#forget();
    try {
      this.plan = await this.session.guard(makePlan(this.choice));
    } catch (cause) {
      this.#tell(cause, 'plan-not-made');
    } finally {
      this.loading = false;
    }
  }

  /** The run that was begun, or null. */
  async start(): Promise<Transaction | null> {
    if (this.starting || this.plan === null) return null;
    this.starting = true;
    this.#forget();
    try {
      return await this.session.guard(beginTransaction(this.choice, this.plan.digest));
    } catch (cause) {
      this.#tell(cause, 'plan-not-begun');
      return null;
    } finally {
      this.starting = false;
    }
  }

  #forget(): void {
    this.trouble = null;
    this.concerned = [];
    this.busyWith = null;
    this.refused = false;
    this.changed = false;
  }

  #tell(cause: unknown, title: 'plan-not-made' | 'plan-not-begun'): void {
    const refusal = refusalOf(cause);
    if (refusal.plan !== null) {
      this.plan = refusal.plan;
      this.changed = true;
      return;
    }
    this.busyWith = refusal.kind === 'busy' ? refusal.transaction : null;
    this.concerned = refusal.modules;
    this.refused = cause instanceof ApiError && cause.status === 422;
    if (this.refused) this.plan = null;
    this.trouble = {
      title: language.say(this.refused ? 'plan-refused' : title),
      message: (cause as Error).message,
    };
  }
}
