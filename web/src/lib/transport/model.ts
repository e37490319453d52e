/** What the client works with, whatever protocol brought it. No wire names, no parsing. */

export type Life =
  'stopped' | 'starting' | 'running' | 'stopping' | 'backoff' | 'failed' | 'preparing' | 'blocked';
export type NotifyVariant = 'info' | 'success' | 'warning' | 'error';

/** A component as a module described it. Its props are unread: each component reads its own, defensively. */
export type UiNode = Readonly<Record<string, unknown>>;

export interface ModalNode {
  readonly id: string;
  readonly node: UiNode;
}

export interface ModuleProblem {
  /** What went wrong, in the host's word; `task` and `thread` are faults beside a module that runs on. */
  readonly kind: string | null;
  readonly title: string;
  readonly detail: string | null;
  readonly traceback: string | null;
  /** Unix milliseconds by this browser's clock, or null when no restart is planned. */
  readonly retryAt: number | null;
}

export interface Progress {
  readonly done: number | null;
  readonly total: number | null;
  readonly text: string | null;
}

/** An action that is under way, whoever started it. */
export interface RunningCall {
  readonly call: string;
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly progress: Progress | null;
}

export interface ModuleSnapshot {
  readonly name: string;
  readonly displayName: string;
  readonly enabled: boolean;
  readonly life: Life;
  readonly problem: ModuleProblem | null;
  /** How far the installation of its packages is, while it is `preparing`. */
  readonly preparing: Progress | null;
  readonly tile: UiNode | null;
  readonly modals: readonly ModalNode[];
  /** The detail page's tree, null if there is none; undefined: not said, since this browser doesn't watch it (yet). */
  readonly page: UiNode | null | undefined;
  readonly running: readonly RunningCall[];
  /** Whether it has a place on the dashboard. */
  readonly dashboard: boolean;
  readonly hasPage: boolean;
  /** False: the module pushes nothing; what it shows is as old as the last look. */
  readonly live: boolean;
  /** Another number once its settings may be others. */
  readonly settings: number;
}

/** What a module shows, asked for by hand. */
export interface ModuleUi {
  readonly tile: UiNode | null;
  readonly modals: readonly ModalNode[];
}

export interface ManifestProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly help: string | null;
}

export interface Capabilities {
  readonly websocket: boolean;
  readonly dashboard: boolean;
  readonly detailPage: boolean;
  readonly settings: boolean;
}

export interface ModuleInfo {
  readonly name: string;
  readonly displayName: string;
  readonly enabled: boolean;
  readonly valid: boolean;
  readonly life: Life;
  readonly problem: ModuleProblem | null;
  readonly preparing: Progress | null;
  readonly source: string;
  readonly version: string;
  readonly icon: string | null;
  readonly description: string | null;
  readonly author: string | null;
  readonly folder: string | null;
  readonly systemDeps: readonly string[];
  readonly pythonDeps: readonly string[];
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly homepage: string | null;
  readonly repository: string | null;
  readonly requiresNetwork: boolean;
  readonly platforms: readonly string[];
  readonly capabilities: Capabilities;
  readonly problems: readonly ManifestProblem[];
}

/** Something that a module can be asked to do. */
export interface ModuleAction {
  readonly name: string;
  readonly description: string | null;
  /** A person has to agree to this first; null: nothing to ask. */
  readonly confirm: string | null;
  /** It can't be asked without being told more. */
  readonly needsParams: boolean;
}

/** What a module can be told, and what it was told. Secrets are named, never shown. */
export interface ModuleSettings {
  /** JSON Schema of an object. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
  /** Secret → whether one is stored. */
  readonly secrets: Readonly<Record<string, boolean>>;
  readonly problem: string | null;
  /** Which of them these are; null from a daemon that doesn't tell. */
  readonly version: number | null;
}

export type EnvironmentState = 'ready' | 'preparing' | 'failed' | 'missing';

/** A module's Python packages and how they are. */
export interface ModuleEnvironment {
  readonly state: EnvironmentState;
  readonly python: string;
  readonly folder: string | null;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  /** On the disk, in bytes. */
  readonly size: number;
  /** Modules that use the same. */
  readonly sharedWith: readonly string[];
}

export type ActionResult =
  | { readonly kind: 'open-modal'; readonly id: string }
  | { readonly kind: 'close-modal'; readonly id: string | null }
  | {
      readonly kind: 'notify';
      readonly message: string;
      readonly variant: NotifyVariant;
      readonly title: string | null;
    }
  | { readonly kind: 'refresh' };

/** What an `on_click` asks for. */
export interface ActionRef {
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** A person has to agree to this first; null: nothing to ask. */
  readonly confirm: string | null;
  /** What its button is called, if that says that it is dangerous: then it is asked for, whatever it says itself. */
  readonly danger?: string;
}

/** What a field of a form holds. */
export type FieldValue = string | boolean | readonly string[] | null;
export type FormData = Readonly<Record<string, FieldValue>>;
