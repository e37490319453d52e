/** What the client works with, whatever protocol brought it. No wire names, no parsing. */
import type { Life, NotifyVariant } from './protocol';

export type { Life, NotifyVariant };

/** A component as a module described it. Its props are unread: each component reads its own, defensively. */
export type UiNode = Readonly<Record<string, unknown>>;

export interface ModalNode {
  readonly id: string;
  readonly node: UiNode;
}

export interface ModuleProblem {
  readonly title: string;
  readonly detail: string | null;
  readonly traceback: string | null;
  /** Unix milliseconds by this browser's clock, or null when no restart is planned. */
  readonly retryAt: number | null;
}

export interface ModuleSnapshot {
  readonly name: string;
  readonly displayName: string;
  readonly enabled: boolean;
  readonly life: Life;
  readonly problem: ModuleProblem | null;
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

export interface ModuleInfo {
  readonly name: string;
  readonly displayName: string;
  readonly enabled: boolean;
  readonly valid: boolean;
  readonly life: Life;
  readonly problem: ModuleProblem | null;
  readonly source: string;
  readonly version: string;
  readonly icon: string | null;
  readonly description: string | null;
  readonly author: string | null;
  readonly folder: string | null;
  readonly systemDeps: readonly string[];
  readonly problems: readonly ManifestProblem[];
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
}
