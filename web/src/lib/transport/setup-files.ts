/** What setup did to files, as the pages have it; read from the wire like the rest of setup. */
import { choice, date, fields, flag, maps, text, textOrNull, texts, wholeOrNull, type Fields } from './read';

export const FILE_CHANGES = ['created', 'changed', 'deleted'] as const;
export const FILE_KINDS = ['file', 'link', 'folder'] as const;

export interface FileFacts {
  readonly kind: (typeof FILE_KINDS)[number];
  /** In octal; of a link there is none. */
  readonly mode: string | null;
  readonly owner: number;
  readonly group: number;
}

/** One file, link or folder that a run created, changed or deleted. */
export interface FileChange {
  readonly number: number;
  readonly path: string;
  readonly modules: readonly string[];
  readonly change: (typeof FILE_CHANGES)[number];
  readonly before: FileFacts | null;
  readonly after: FileFacts | null;
  /** Whether there may be a difference to be shown. */
  readonly diff: boolean;
  /** Why it can't be put back, or null. */
  readonly lost: string | null;
}

export interface Leaves {
  readonly packages: readonly string[];
  readonly services: readonly string[];
}

/** When something was undone, and by whom. */
export interface UndoneBy {
  readonly at: Date | null;
  readonly by: string;
}

export interface FileChanges {
  readonly files: readonly FileChange[];
  /** Modules of which it isn't known what their scripts did. */
  readonly unknown: readonly string[];
  readonly undo: {
    readonly possible: boolean;
    readonly reason: string | null;
    /** It was begun, and broken off unless it is undone. */
    readonly began: boolean;
    readonly undone: UndoneBy | null;
    readonly leaves: Leaves;
  };
}

export interface FileDiff {
  /** Null where it isn't shown. */
  readonly diff: string | null;
  readonly cut: boolean;
  readonly reason: string | null;
}

/** What became of an undo. */
export interface Undone {
  readonly left: readonly { readonly path: string; readonly reason: string }[];
  readonly complete: boolean;
}

/** How many files a run created, changed and deleted. */
export interface FileCounts {
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
}

function facts(value: unknown): FileFacts | null {
  const data = fields(value);
  if (data['kind'] === undefined) return null;
  return {
    kind: choice(data['kind'], FILE_KINDS, 'file'),
    mode: textOrNull(data['mode']),
    owner: wholeOrNull(data['owner']) ?? 0,
    group: wholeOrNull(data['group']) ?? 0,
  };
}

function file(data: Fields): FileChange | null {
  const number = wholeOrNull(data['number']);
  if (number === null) return null;
  return {
    number,
    path: text(data['path']),
    modules: texts(data['modules']),
    change: choice(data['change'], FILE_CHANGES, 'changed'),
    before: facts(data['before']),
    after: facts(data['after']),
    diff: flag(data['diff']),
    lost: textOrNull(data['lost']),
  };
}

/** Who took something back; null: nobody. */
export function decodeUndoneBy(value: unknown): UndoneBy | null {
  const data = fields(value);
  return data['at'] === undefined ? null : { at: date(data['at']), by: text(data['by']) };
}

/** How many files; null: that isn't known. */
export function decodeFileCounts(value: unknown): FileCounts | null {
  const data = fields(value);
  const count = (name: string) => wholeOrNull(data[name]) ?? 0;
  if (data['created'] === undefined) return null;
  return { created: count('created'), changed: count('changed'), deleted: count('deleted') };
}

/** The answer to `GET …/changes`. */
export function decodeFileChanges(body: unknown): FileChanges {
  const data = fields(body);
  const undo = fields(data['undo']);
  const leaves = fields(undo['leaves']);
  return {
    files: maps(data['files'])
      .map(file)
      .filter((change) => change !== null),
    unknown: texts(data['unknown']),
    undo: {
      possible: flag(undo['possible']),
      reason: textOrNull(undo['reason']),
      began: undo['began'] !== null && undo['began'] !== undefined,
      undone: decodeUndoneBy(undo['undone']),
      leaves: { packages: texts(leaves['packages']), services: texts(leaves['services']) },
    },
  };
}

/** The answer to `GET …/changes/{number}`. */
export function decodeFileDiff(body: unknown): FileDiff {
  const data = fields(body);
  const diff = data['diff'];
  return {
    diff: typeof diff === 'string' ? diff : null,
    cut: flag(data['cut']),
    reason: textOrNull(data['reason']),
  };
}

/** The answer to `POST …/undo`. */
export function decodeUndone(body: unknown): Undone {
  const data = fields(body);
  return {
    left: maps(data['left']).map((left) => ({ path: text(left['path']), reason: text(left['reason']) })),
    complete: flag(data['complete'], true),
  };
}
