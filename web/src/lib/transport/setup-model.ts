/** What the client knows of setup: modules to set up, plans, transactions, forms and logs. No wire names, no parsing. */
import type { FileCounts, UndoneBy } from './setup-files';

export const STEP_KINDS = ['download', 'sign_in', 'repositories', 'packages', 'configure', 'end'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export const STEP_STATES = [
  'disabled',
  'todo',
  'running',
  'done',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export type StepState = (typeof STEP_STATES)[number];

export const RUN_STATES = [
  'queued',
  'running',
  'waiting',
  'done',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export interface NamedSlug {
  readonly slug: string;
  readonly name: string;
}

/** Always of the web: others are left out when they are read. */
export interface WebLink {
  readonly name: string;
  readonly href: string;
}

export interface SetupModule extends NamedSlug {
  readonly description: string;
  readonly section: string;
  readonly category: NamedSlug;
  /** Whether it is offered by itself. */
  readonly standalone: boolean;
  readonly url: string | null;
  readonly configured: boolean;
  /** Null: not known yet. */
  readonly installed: boolean | null;
  readonly canConfigure: boolean;
  readonly hasForm: boolean;
  readonly reboot: boolean;
  readonly dependencies: readonly string[];
  readonly conflicts: readonly string[];
  readonly links: readonly WebLink[];
  readonly problems: readonly string[];
  readonly usable: boolean;
  /** The unfinished transaction that it is part of, else its last. */
  readonly transaction: number | null;
}

export interface SetupOverview {
  readonly sections: readonly NamedSlug[];
  /** Those that modules have translations for, beside English. */
  readonly languages: readonly string[];
  readonly modules: readonly SetupModule[];
  readonly packageManager: string;
  /** Why nothing can be changed, if so. */
  readonly readOnly: string | null;
  readonly transactions: readonly Transaction[];
}

/** One run of one module that is over, or under way. */
export interface PastRun {
  readonly transaction: number;
  readonly started: Date | null;
  readonly ended: Date | null;
  readonly by: string;
  readonly state: StepState;
  readonly exit: string | null;
  /** As people read them; secrets as “set”. */
  readonly answers: readonly (readonly [field: string, answer: string])[];
  readonly changed: readonly string[];
  /** What its script did to files; null: that isn’t known. */
  readonly files: FileCounts | null;
  /** Whether that was taken back. */
  readonly undone: UndoneBy | null;
}

export interface SetupModuleDetails {
  readonly module: SetupModule;
  readonly runs: readonly PastRun[];
}

export interface Remark {
  readonly kind: string;
  readonly modules: readonly string[];
  readonly message: string;
  readonly help: string | null;
}

export const FIELD_TYPES = ['text', 'password', 'check', 'options', 'network', 'subtitle'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export interface FieldOption {
  readonly name: string;
  readonly value: string;
  /** Fields of the same module that are there for this option only. */
  readonly toggle: readonly string[];
}

export interface Network {
  readonly ip: string;
  readonly mask: string;
}

export interface FormField {
  readonly type: FieldType;
  /** Null: nothing is answered to it. */
  readonly name: string | null;
  readonly label: string;
  readonly help: string | null;
  /** Of a text, a password (always empty), an option, or `on` and `off` of a check. */
  readonly value: string;
  /** Of a text field with `multi`. */
  readonly values: readonly string[];
  /** Of a network field. */
  readonly networks: readonly Network[];
  /** A password that is there already, and stays unless another is typed. */
  readonly isSet: boolean;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly hidden: boolean;
  readonly multi: boolean;
  /** Whether a password is typed twice. */
  readonly confirm: boolean;
  /** Characters that it is made for. */
  readonly size: number | null;
  readonly options: readonly FieldOption[];
}

export interface ModuleForm extends NamedSlug {
  readonly fields: readonly FormField[];
  readonly problems: readonly string[];
}

export interface PlannedModule extends NamedSlug {
  readonly description: string;
  readonly dependency: boolean;
  readonly neededBy: readonly string[];
  readonly configured: boolean;
  readonly script: string | null;
  readonly form: ModuleForm | null;
  readonly reboot: boolean;
}

export interface PlannedStep {
  readonly kind: StepKind;
  readonly state: StepState;
  readonly text: string;
  /** Only while it runs, and as far as the package manager says. */
  readonly progress: StepProgress | null;
}

export const PHASES = ['downloading', 'unpacking', 'installing', 'configuring', 'removing'] as const;
export type Phase = (typeof PHASES)[number];

/** How far the package manager is. */
export interface StepProgress {
  readonly phase: Phase;
  readonly package: string | null;
  /** The number of that package in this phase, from 1. */
  readonly number: number;
  readonly total: number | null;
  /** 0 to 100. */
  readonly percent: number;
}

export interface PlannedPackages {
  readonly manager: string;
  readonly present: readonly string[];
  readonly install: readonly string[];
  readonly upgrade: readonly string[];
  readonly remove: readonly string[];
  readonly downloadBytes: number | null;
  readonly diskBytes: number | null;
}

export interface PlannedRepository extends NamedSlug {
  readonly module: string;
  readonly url: string;
  /** Whether it needs a login and a password. */
  readonly restricted: boolean;
}

export interface PlannedService {
  readonly module: string;
  readonly name: string;
}

export interface PlannedPort {
  readonly module: string;
  readonly port: number;
  readonly protocol: string;
  readonly usedBy: string | null;
}

/** What is to be set up. */
export interface SetupChoice {
  readonly modules: readonly string[];
  /** Whether those that are configured already are configured again. */
  readonly reconfigure: boolean;
}

export interface Plan {
  readonly modules: readonly PlannedModule[];
  readonly steps: readonly PlannedStep[];
  readonly packages: PlannedPackages;
  readonly repositories: readonly PlannedRepository[];
  readonly services: readonly PlannedService[];
  readonly ports: readonly PlannedPort[];
  readonly reboot: boolean;
  readonly alreadyConfigured: readonly string[];
  readonly warnings: readonly Remark[];
  /** While there are any, it can't be begun. */
  readonly problems: readonly Remark[];
  /** Null: the server gave none, and whatever is planned then is begun. */
  readonly digest: string | null;
}

export interface Step extends PlannedStep {
  readonly started: Date | null;
  readonly ended: Date | null;
}

export interface ModuleRun extends NamedSlug {
  readonly dependency: boolean;
  /** Of its script; disabled: it has none. */
  readonly state: StepState;
  readonly exit: string | null;
  readonly links: readonly WebLink[];
}

export interface Failure {
  readonly step: StepKind | null;
  readonly module: string | null;
  readonly message: string;
  readonly command: string | null;
  readonly exit: string | null;
  readonly lastLines: readonly string[];
}

export type RebootState = 'not_needed' | 'needed' | 'at' | 'ordered';

export interface Transaction {
  readonly id: number;
  /** One more with each change that is shown. */
  readonly revision: number;
  readonly state: RunState;
  readonly needs: 'sign_in' | 'answers' | null;
  /** The one that a queued one waits for. */
  readonly behind: number | null;
  readonly steps: readonly Step[];
  readonly modules: readonly ModuleRun[];
  readonly failure: Failure | null;
  readonly reboot: { readonly state: RebootState; readonly at: Date | null };
  readonly by: string;
  readonly created: Date | null;
  readonly ended: Date | null;
  readonly lines: number;
}

export interface Span {
  readonly text: string;
  readonly bold: boolean;
  /** Of the web, always. */
  readonly href: string | null;
}

export interface LogLine {
  readonly number: number;
  readonly at: Date | null;
  readonly module: string | null;
  readonly kind: 'output' | 'command' | 'note';
  readonly level: number | null;
  readonly text: string;
  /** Null: the text as it is. */
  readonly spans: readonly Span[] | null;
  /** Its end is still to come; it is sent again under its number when it grows. */
  readonly open: boolean;
}

export interface LogPart {
  readonly transaction: number;
  readonly lines: readonly LogLine[];
  /** Others were printed already, and follow. */
  readonly more: boolean;
}

export interface ModuleSummary extends NamedSlug {
  readonly info: readonly LogLine[];
  readonly warnings: readonly LogLine[];
  readonly errors: readonly LogLine[];
}

/** Module → field → what is wrong with its answer. */
export type AnswerErrors = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Answer = string | boolean | readonly string[] | readonly Network[];
/** Module → field → answer. */
export type Answers = Readonly<Record<string, Readonly<Record<string, Answer>>>>;

export interface Credentials {
  readonly module: string;
  readonly repository: string;
  readonly login: string;
  readonly password: string;
}

const UNFINISHED: readonly RunState[] = ['queued', 'running', 'waiting'];

/** Whether something is still to come without anybody asking for it again. */
export function isUnfinished({ state }: Pick<Transaction, 'state'>): boolean {
  return UNFINISHED.includes(state);
}

/** Whether it ended before its end. */
export function canRetry({ state }: Pick<Transaction, 'state'>): boolean {
  return state === 'failed' || state === 'cancelled' || state === 'interrupted';
}
