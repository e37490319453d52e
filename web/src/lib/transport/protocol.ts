/**
 * REST and stream v1 as docs/protocol/http.md and the protocol facts describe them: what a well-behaved server sends
 * and what we send. Received data is read by decode.ts, which assumes none of this; these types serve requests,
 * samples and readers. To be replaced by generated types once the daemon's OpenAPI document exists.
 */

export type Life =
  'stopped' | 'starting' | 'running' | 'stopping' | 'backoff' | 'failed' | 'preparing' | 'blocked';
export type NotifyVariant = 'info' | 'success' | 'warning' | 'error';

export interface WireProblem {
  /** Which of its troubles it is: `task` and `thread` are faults beside a module that runs on. */
  kind?: string;
  title: string;
  detail: string | null;
  traceback: string | null;
  /** Milliseconds until it is tried again by itself; null unless `life` is `backoff` or `blocked`. */
  retry_in_ms: number | null;
}

export interface WireUi {
  tile: object | null;
  modals: object[];
  /** Only for a session that watches it. */
  page?: object | null;
}

export interface WireProgress {
  done: number | null;
  total: number | null;
  text: string | null;
}

/** How far the installation of a module's packages is. */
export interface WirePreparing {
  text: string;
  done: number | null;
  total: number | null;
}

/** A call that has lasted longer than 200 ms. */
export interface WireRunning {
  call: string | number;
  action: string;
  params: Record<string, unknown>;
  progress: WireProgress | null;
}

export interface WireSnapshot {
  name: string;
  display_name: string;
  enabled: boolean;
  initialized: boolean;
  ui: WireUi | null;
  life?: Life;
  problem?: WireProblem | null;
  preparing?: WirePreparing | null;
  running?: WireRunning[];
  dashboard?: boolean;
  has_page?: boolean;
  live?: boolean;
}

export interface FullStateFrame {
  type: 'full_state';
  modules: WireSnapshot[];
  active_modal: string | null;
  timestamp: string;
}

export interface ModuleUiFrame extends Omit<WireSnapshot, 'name'> {
  type: 'module_ui';
  module: string;
  timestamp: string;
}

export interface PongFrame {
  type: 'pong';
  timestamp: string;
}

/** Only for sessions that watch setup; `transaction` as `GET /api/setup/transactions/{id}` has it. */
export interface SetupFrame {
  type: 'setup';
  transaction: object;
}

/** Lines of the transaction that this session watches. */
export interface SetupLinesFrame {
  type: 'setup_lines';
  transaction: number;
  lines: object[];
  next: number;
  more: boolean;
}

export type ServerFrame = FullStateFrame | ModuleUiFrame | PongFrame | SetupFrame | SetupLinesFrame;

export interface PingFrame {
  type: 'ping';
}

/** This session wants that module's page in its frames; null: none. */
export interface WatchFrame {
  type: 'watch';
  page: string | null;
}

/** This session wants to hear of setup: of all transactions, and, unless null, the lines of that one after `after`. */
export interface WatchSetupFrame {
  type: 'watch_setup';
  transaction: number | null;
  after?: number;
}

export interface StopSetupFrame {
  type: 'watch_setup';
  stop: true;
}

export type ClientFrame = PingFrame | WatchFrame | WatchSetupFrame | StopSetupFrame;

export interface WireModuleInfo {
  name: string;
  display_name: string;
  enabled: boolean;
  initialized: boolean;
  source: 'builtin' | 'community';
  removable: boolean;
  version: string;
  system_deps: string[];
  valid: boolean;
  life: Life;
  problem: WireProblem | null;
  preparing: WirePreparing | null;
  icon: string | null;
  description: string | null;
  author: string | null;
  folder: string;
  problems: WireManifestProblem[];
  category: string | null;
  tags: string[];
  homepage: string | null;
  repository: string | null;
  requires_network: boolean;
  capabilities: { websocket: boolean; dashboard: boolean; detail_page: boolean; settings: boolean };
  platforms: string[];
  python_deps: string[];
}

export interface WireManifestProblem {
  severity: 'error' | 'warning';
  message: string;
  file: string | null;
  line: number | null;
  column: number | null;
  help: string | null;
}

export interface SessionRequest {
  pairing_code: string;
}

export type WireResult =
  | { type: 'open_modal'; modal_id: string }
  | { type: 'close_modal'; modal_id?: string | null }
  | { type: 'notify'; message: string; variant?: NotifyVariant; title?: string | null }
  | { type: 'refresh' };
