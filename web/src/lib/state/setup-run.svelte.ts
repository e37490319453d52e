/** One run of setup: how it stands, its log, the forms it waits for, and what a person does to it. Latest wins. */
import {
  fetchForms,
  fetchSummary,
  fetchTransaction,
  makePlan,
  order,
  refusalOf,
  sendAnswers,
  signInTo,
  type Order,
} from '../api/setup';
import { language } from '../i18n/speech.svelte';
import type { TextKey } from '../i18n/texts';
import { answersOf } from '../setup/form';
import { ApiError } from '../transport/http';
import type {
  Credentials,
  ModuleForm,
  ModuleSummary,
  PlannedRepository,
  Transaction,
} from '../transport/setup-model';
import type { Session } from './session.svelte';
import { SetupAnswers, type Fault } from './setup-answers.svelte';
import { SetupLog } from './setup-log.svelte';
import type { Trouble } from './trouble';

const TITLES = {
  retry: 'run-not-retried',
  cancel: 'run-not-cancelled',
  reboot: 'run-not-restarted',
  answers: 'run-answers-refused',
  sign_in: 'run-sign-in-failed',
} as const satisfies Readonly<Record<Order | 'answers' | 'sign_in', TextKey>>;

/** What makes its summary grow. */
function ended(run: Transaction | null): string {
  return run?.modules.map(({ slug, state }) => `${slug} ${state}`).join('\n') ?? '';
}

export class SetupRun {
  /** Null until fetched or heard of. */
  now = $state.raw<Transaction | null>(null);
  readonly log = new SetupLog();
  readonly answers = new SetupAnswers();
  /** Null while there is nothing to answer, or it isn't here yet. */
  forms = $state.raw<readonly ModuleForm[] | null>(null);
  /** Those that want a login and a password; null until known. */
  repositories = $state.raw<readonly PlannedRepository[] | null>(null);
  summary = $state.raw<readonly ModuleSummary[]>([]);
  /** What is to be put right in the answers, as the server said last. */
  faults = $state.raw<readonly Fault[]>([]);
  trouble = $state.raw<Trouble | null>(null);
  /** There is no such run. */
  none = $state(false);
  /** What is being done to it. */
  doing = $state<Order | 'answers' | 'sign_in' | null>(null);

  constructor(
    readonly id: number,
    private readonly session: Session,
  ) {}

  async load(): Promise<void> {
    try {
      const run = await this.session.guard(fetchTransaction(this.id));
      this.none = false;
      this.trouble = null;
      this.apply(run);
      if (run.needs !== null) await this.#ask(run);
      await this.#summarize();
    } catch (cause) {
      this.none = cause instanceof ApiError && cause.status === 404;
      if (!this.none)
        this.trouble = { title: language.say('run-not-loaded'), message: (cause as Error).message };
    }
  }

  /** What came over the stream, or as an answer; an older state than the known one is no news. */
  apply(run: Transaction): void {
    const before = this.now;
    if (before && run.revision < before.revision) return;
    this.now = run;
    if (run.needs !== 'answers') this.forms = null;
    if (before && run.needs !== null && before.needs !== run.needs) void this.#ask(run);
    if (before && ended(run) !== ended(before)) void this.#summarize();
  }

  async order(what: Order): Promise<void> {
    await this.#do(what, () => order(this.id, what));
  }

  async signIn(credentials: readonly Credentials[]): Promise<void> {
    await this.#do('sign_in', () => signInTo(this.id, credentials));
  }

  /** What was typed stays unless it was accepted. */
  async send(): Promise<void> {
    const forms = this.forms ?? [];
    this.faults = [];
    await this.#do(
      'answers',
      () => sendAnswers(this.id, answersOf(forms, this.answers)),
      (cause) => {
        const { kind, answers } = refusalOf(cause);
        if (kind === 'answers') this.faults = this.answers.refuse(forms, answers);
        return this.faults.length > 0;
      },
    );
    if (this.trouble === null && this.faults.length === 0) this.answers.clear();
  }

  async #do(
    what: Order | 'answers' | 'sign_in',
    act: () => Promise<Transaction>,
    told: (cause: unknown) => boolean = () => false,
  ): Promise<void> {
    if (this.doing !== null) return;
    this.doing = what;
    this.trouble = null;
    try {
      this.apply(await this.session.guard(act()));
    } catch (cause) {
      if (!told(cause))
        this.trouble = { title: language.say(TITLES[what]), message: (cause as Error).message };
    } finally {
      this.doing = null;
    }
  }

  async #ask(run: Transaction): Promise<void> {
    try {
      if (run.needs === 'answers') this.forms = await this.session.guard(fetchForms(this.id));
      if (run.needs === 'sign_in') this.repositories = await this.#restricted(run);
    } catch (cause) {
      // It may have gone on meanwhile, which is no trouble.
      if (this.now?.needs !== run.needs) return;
      this.trouble = { title: language.say('run-question-not-loaded'), message: (cause as Error).message };
    }
    if (this.now?.needs !== 'answers') this.forms = null;
  }

  /** A run doesn't repeat its plan; it is made again of its modules. */
  async #restricted(run: Transaction): Promise<PlannedRepository[]> {
    const plan = await this.session.guard(
      makePlan({ modules: run.modules.map(({ slug }) => slug), reconfigure: true }),
    );
    return plan.repositories.filter(({ restricted }) => restricted);
  }

  /** The log has it all; a summary that can't be had is tried again at the next change. */
  async #summarize(): Promise<void> {
    try {
      this.summary = await this.session.guard(fetchSummary(this.id));
    } catch {
      // See above.
    }
  }
}
