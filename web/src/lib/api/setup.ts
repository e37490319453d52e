/** What is asked about setup and told to it beside the stream: modules, plans, transactions, their forms and logs. */
import { language } from '../i18n/speech.svelte';
import { ApiError, call } from '../transport/http';
import { isFields, textOrNull, texts, wholeOrNull } from '../transport/read';
import {
  decodeAnswerErrors,
  decodeForms,
  decodeOverview,
  decodeSetupModule,
  decodeSummary,
  decodeTransaction,
} from '../transport/setup-decode';
import { decodePlan } from '../transport/setup-plan';
import type {
  AnswerErrors,
  Answers,
  Credentials,
  ModuleForm,
  ModuleSummary,
  Plan,
  SetupChoice,
  SetupModuleDetails,
  SetupOverview,
  Transaction,
} from '../transport/setup-model';

const ROOT = '/api/setup';
/** Hooks of modules are asked, each within ten seconds of its own; the server answers with what it has by then. */
const WITHIN = 120_000;

/** What a person can make an unfinished or failed transaction do. */
export type Order = 'retry' | 'cancel' | 'reboot';

function pathOf(id: number, rest = ''): string {
  return `${ROOT}/transactions/${String(id)}${rest}`;
}

function readable<T>(value: T | null): T {
  if (value === null) throw new ApiError(200, language.say('server-unreadable'));
  return value;
}

export async function fetchOverview(): Promise<SetupOverview> {
  return decodeOverview(await call('GET', ROOT, { timeoutMs: WITHIN }));
}

export async function fetchSetupModule(slug: string): Promise<SetupModuleDetails> {
  const path = `${ROOT}/modules/${encodeURIComponent(slug)}`;
  return readable(decodeSetupModule(await call('GET', path, { timeoutMs: WITHIN })));
}

export async function makePlan(choice: SetupChoice): Promise<Plan> {
  const body = { modules: choice.modules, reconfigure: choice.reconfigure };
  return decodePlan(await call('POST', `${ROOT}/plans`, { body, timeoutMs: WITHIN }));
}

export async function beginTransaction(choice: SetupChoice, digest: string | null): Promise<Transaction> {
  const body = { modules: choice.modules, reconfigure: choice.reconfigure, digest };
  return readable(decodeTransaction(await call('POST', `${ROOT}/transactions`, { body })));
}

export async function fetchTransaction(id: number): Promise<Transaction> {
  return readable(decodeTransaction(await call('GET', pathOf(id), { timeoutMs: WITHIN })));
}

export async function fetchForms(id: number): Promise<ModuleForm[]> {
  return decodeForms(await call('GET', pathOf(id, '/form'), { timeoutMs: WITHIN }));
}

/** No time limit: each answer may be checked by its module's code. */
export async function sendAnswers(id: number, answers: Answers): Promise<Transaction> {
  return readable(decodeTransaction(await call('POST', pathOf(id, '/answers'), { body: { answers } })));
}

export async function signInTo(id: number, repositories: readonly Credentials[]): Promise<Transaction> {
  return readable(decodeTransaction(await call('POST', pathOf(id, '/sign-in'), { body: { repositories } })));
}

export async function order(id: number, what: Order): Promise<Transaction> {
  return readable(decodeTransaction(await call('POST', pathOf(id, `/${what}`), { timeoutMs: WITHIN })));
}

export async function fetchSummary(id: number): Promise<ModuleSummary[]> {
  return decodeSummary(await call('GET', pathOf(id, '/summary'), { timeoutMs: WITHIN }));
}

/** The whole log as text, to be downloaded. */
export function logTextOf(id: number): string {
  return pathOf(id, '/log.txt');
}

/** What more a refusal of setup holds. */
export interface Refusal {
  readonly kind: string | null;
  readonly modules: readonly string[];
  /** The transaction that is in the way. */
  readonly transaction: number | null;
  /** The plan as it is now, where it has changed. */
  readonly plan: Plan | null;
  readonly answers: AnswerErrors;
}

export function refusalOf(cause: unknown): Refusal {
  const problem = cause instanceof ApiError ? cause.problem : {};
  return {
    kind: textOrNull(problem['kind']),
    modules: texts(problem['modules']),
    transaction: wholeOrNull(problem['transaction']),
    plan: isFields(problem['plan']) ? decodePlan(problem['plan']) : null,
    answers: problem['kind'] === 'answers' ? decodeAnswerErrors(problem) : {},
  };
}
