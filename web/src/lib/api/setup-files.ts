/** What a run of setup did to files: fetched, and taken back. */
import { ApiError, call } from '../transport/http';
import { texts } from '../transport/read';
import {
  decodeFileChanges,
  decodeFileDiff,
  decodeUndone,
  type FileChanges,
  type FileDiff,
  type Undone,
} from '../transport/setup-files';

const WITHIN = 60_000;

function pathOf(id: number, rest: string): string {
  return `/api/setup/transactions/${String(id)}/${rest}`;
}

export async function fetchFileChanges(id: number): Promise<FileChanges> {
  return decodeFileChanges(await call('GET', pathOf(id, 'changes'), { timeoutMs: WITHIN }));
}

export async function fetchFileDiff(id: number, number: number): Promise<FileDiff> {
  return decodeFileDiff(await call('GET', pathOf(id, `changes/${String(number)}`), { timeoutMs: WITHIN }));
}

/** No time limit: it may be many files, and goes on to its end anyway. */
export async function undoFiles(id: number, overwrite: boolean): Promise<Undone> {
  return decodeUndone(await call('POST', pathOf(id, 'undo'), { body: { overwrite } }));
}

/** The files that were changed since, if that is why an undo was refused. */
export function changedSince(cause: unknown): readonly string[] | null {
  const problem = cause instanceof ApiError ? cause.problem : {};
  return problem['kind'] === 'changed_since' ? texts(problem['paths']) : null;
}
