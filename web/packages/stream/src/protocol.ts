/** Stream v2 as docs/protocol/stream-v2.md describes it: names and shapes of the frames, both ways. */
import type { Fields } from './fields.ts';
import type { Operation } from './patch.ts';

export const SUBPROTOCOL = 'contara.v2';
/** Close code: the server doesn’t know this client any more. */
export const SIGNED_OUT = 4401;
/** Bytes of the largest frame that the server takes. */
export const LARGEST_FRAME = 64 * 1024;

export interface Problem {
  readonly kind: string;
  readonly title: string;
  readonly detail: string | null;
  readonly traceback: string | null;
  /** Milliseconds, counted from when it was sent; null if it isn’t tried again by itself. */
  readonly retry_in_ms: number | null;
}

export interface Progress {
  readonly done: number | null;
  readonly total: number | null;
  readonly text: string | null;
}

export interface RunningCall {
  readonly call: number | string;
  readonly action: string;
  readonly params: Fields;
  readonly progress: Progress | null;
}

export interface ModuleInfo {
  readonly display_name: string;
  readonly enabled: boolean;
  readonly initialized: boolean;
  /** `stopped`, `starting`, `running`, `stopping`, `backoff`, `failed`, `preparing` or `blocked`; later ones may come. */
  readonly life: string;
  readonly problem: Problem | null;
  readonly preparing: Progress | null;
  readonly running: readonly RunningCall[];
  readonly dashboard: boolean;
  readonly has_page: boolean;
  readonly live: boolean;
  /** Another number once its settings may be others. */
  readonly settings?: number;
}

/** `page` is there while this client looks at the module’s page. */
export interface ModuleUi extends Fields {
  readonly tile: unknown;
  readonly modals: readonly unknown[];
  readonly page?: unknown;
}

export interface HelloFrame {
  readonly type: 'hello';
  readonly protocol: number;
  /** Contara’s. */
  readonly version: string;
  /** The machine’s name. */
  readonly node: string;
  /** Names this connection in the daemon’s log. */
  readonly session: number;
  readonly run: string;
  readonly features: readonly string[];
}

/** Only the revision if the client has the rest already. */
export type SnapshotEntry =
  | { readonly module: string; readonly revision: number; readonly info?: never }
  | {
      readonly module: string;
      readonly revision: number;
      readonly info: ModuleInfo;
      readonly ui: ModuleUi | null;
    };

export interface SnapshotFrame {
  readonly type: 'snapshot';
  readonly run: string;
  readonly modules: readonly SnapshotEntry[];
}

export type ModuleFrame =
  | { readonly type: 'module'; readonly module: string; readonly removed: true }
  | {
      readonly type: 'module';
      readonly module: string;
      readonly removed?: false;
      readonly revision: number;
      readonly info: ModuleInfo;
      /** Left out if it stays as it is. */
      readonly ui?: ModuleUi | null;
    };

export interface PatchFrame {
  readonly type: 'patch';
  readonly module: string;
  readonly revision: number;
  readonly ops: readonly Operation[];
  readonly at?: string;
}

export interface Refusal {
  readonly status: number;
  readonly detail: string;
  /** Field of a form → what is wrong with it. */
  readonly errors?: Readonly<Record<string, string>>;
}

export interface ResultFrame {
  readonly type: 'result';
  readonly id: number;
  readonly results?: readonly Fields[];
  readonly error?: Refusal;
}

export interface ProgressFrame extends Progress {
  readonly type: 'progress';
  readonly id: number;
}

export interface SetupFrame {
  readonly type: 'setup';
  /** As `GET /api/setup/transactions/{id}` has it. */
  readonly transaction: Fields;
}

export interface SetupLinesFrame {
  readonly type: 'setup_lines';
  readonly transaction: number;
  readonly lines: readonly Fields[];
  readonly next: number;
  readonly more: boolean;
}

export interface NoticeFrame {
  readonly type: 'notice';
  readonly kind: string;
  readonly text: string;
  readonly module?: string | null;
}

export interface PongFrame {
  readonly type: 'pong';
}

/** Those that change what is known of modules. */
export type StateFrame = SnapshotFrame | ModuleFrame | PatchFrame;

export type ServerFrame =
  | HelloFrame
  | StateFrame
  | ResultFrame
  | ProgressFrame
  | SetupFrame
  | SetupLinesFrame
  | NoticeFrame
  | PongFrame;

export interface ResumeFrame {
  readonly type: 'resume';
  readonly run?: string;
  /** Module → revision. */
  readonly modules?: Readonly<Record<string, number>>;
}

export interface ActionFrame {
  readonly type: 'action';
  readonly id: number;
  readonly module: string;
  readonly action: string;
  readonly params: Fields | null;
}

export interface CancelFrame {
  readonly type: 'cancel';
  readonly id: number;
}

export interface SubscribeFrame {
  readonly type: 'subscribe';
  readonly page?: string | null;
  readonly setup?: { readonly transaction?: number; readonly after?: number } | null;
}

export interface PingFrame {
  readonly type: 'ping';
}

export type ClientFrame = ResumeFrame | ActionFrame | CancelFrame | SubscribeFrame | PingFrame;
