/**
 * JSON Patch (RFC 6902) with JSON Pointer (RFC 6901). Pure: what is given is never changed, what comes back shares with
 * it all that the patch doesn’t touch. All or nothing: a patch that doesn’t fit throws a `PatchError`.
 */
import { isFields, type Fields } from './fields.ts';

export interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  /** Of `move` and `copy`. */
  readonly from?: string;
  /** Of `add`, `replace` and `test`. */
  readonly value?: unknown;
}

export type Misfit =
  /** Nothing is there, or no such item in the list. */
  | 'not_found'
  /** A list’s item is named by what is no index. */
  | 'bad_index'
  /** The path leads through what is neither a map nor a list. */
  | 'no_container'
  | 'bad_pointer'
  | 'test_failed'
  | 'into_itself'
  /** The whole can’t be removed. */
  | 'no_root'
  | 'unknown_op'
  | 'missing_field';

export class PatchError extends Error {
  /** `op` is the operation’s place in the patch, from 0. */
  constructor(
    readonly op: number,
    readonly reason: Misfit,
  ) {
    super(`operation ${String(op)} of the patch doesn’t fit: ${reason}`);
    this.name = 'PatchError';
  }
}

type Path = readonly string[];
type Container = unknown[] | Record<string, unknown>;

/** What an operation throws, which doesn’t know its place. */
class MisfitError extends Error {
  constructor(readonly reason: Misfit) {
    super(reason);
  }
}

const INDEX = /^(0|[1-9][0-9]*)$/;

function pathOf(pointer: unknown): Path {
  if (typeof pointer !== 'string') throw new MisfitError('missing_field');
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) throw new MisfitError('bad_pointer');
  const tokens = pointer.slice(1).split('/');
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `-` is the place behind the last item. */
function indexOf(list: readonly unknown[], token: string, last: number): number {
  if (token !== '-' && !INDEX.test(token)) throw new MisfitError('bad_index');
  const index = token === '-' ? list.length : Number(token);
  if (index > last) throw new MisfitError('not_found');
  return index;
}

function childOf(holder: unknown, token: string): unknown {
  if (Array.isArray(holder)) return holder[indexOf(holder, token, holder.length - 1)];
  if (!isFields(holder)) throw new MisfitError('no_container');
  if (!Object.hasOwn(holder, token)) throw new MisfitError('not_found');
  return holder[token];
}

/** Defined rather than assigned: `__proto__` is a key like any other. */
function setKey(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

function isEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, at) => isEqual(item, other[at]))
    );
  }
  if (!isFields(one)) return one === other;
  const keys = Object.keys(one);
  return (
    isFields(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]))
  );
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce(childOf, document);
}

/** The document with a copy of what holds the end of the path, changed, and of all that is above it. */
function changed(
  document: unknown,
  [token = '', ...rest]: Path,
  change: (holder: Container, token: string) => void,
): Container {
  if (!Array.isArray(document) && !isFields(document)) throw new MisfitError('no_container');
  const copy: Container = Array.isArray(document) ? [...(document as unknown[])] : { ...document };
  if (rest.length === 0) change(copy, token);
  else set(copy, token, changed(childOf(document, token), rest, change));
  return copy;
}

/** Puts something in the place of what is there. */
function set(holder: Container, token: string, value: unknown): void {
  if (Array.isArray(holder)) holder[Number(token)] = value;
  else setKey(holder, token, value);
}

function add(document: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  return changed(document, path, (holder, token) => {
    if (Array.isArray(holder)) holder.splice(indexOf(holder, token, holder.length), 0, value);
    else setKey(holder, token, value);
  });
}

function replace(document: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  return changed(document, path, (holder, token) => {
    childOf(holder, token);
    set(holder, token, value);
  });
}

function remove(document: unknown, path: Path): unknown {
  if (path.length === 0) throw new MisfitError('no_root');
  return changed(document, path, (holder, token) => {
    childOf(holder, token);
    if (Array.isArray(holder)) holder.splice(Number(token), 1);
    else Reflect.deleteProperty(holder, token);
  });
}

function move(document: unknown, from: Path, path: Path): unknown {
  const value = valueAt(document, from);
  const isWithin = from.every((token, at) => token === path[at]);
  if (isWithin && from.length === path.length) return document;
  if (isWithin) throw new MisfitError('into_itself');
  return add(remove(document, from), path, value);
}

function test(document: unknown, path: Path, value: unknown): unknown {
  if (!isEqual(valueAt(document, path), value)) throw new MisfitError('test_failed');
  return document;
}

function valueOf(operation: Fields): unknown {
  if (!Object.hasOwn(operation, 'value')) throw new MisfitError('missing_field');
  return operation['value'];
}

function perform(document: unknown, operation: Fields, at: Path): unknown {
  if (typeof operation['op'] !== 'string') throw new MisfitError('missing_field');
  const path = [...at, ...pathOf(operation['path'])];
  const from = () => [...at, ...pathOf(operation['from'])];
  switch (operation['op']) {
    case 'add':
      return add(document, path, valueOf(operation));
    case 'remove':
      return remove(document, path);
    case 'replace':
      return replace(document, path, valueOf(operation));
    case 'move':
      return move(document, from(), path);
    case 'copy':
      return add(document, path, valueAt(document, from()));
    case 'test':
      return test(document, path, valueOf(operation));
    default:
      throw new MisfitError('unknown_op');
  }
}

/** The document after these operations, whose paths all begin at `at`. Operations are checked, whatever their type says. */
export function applyPatch(document: unknown, ops: readonly Operation[], at = ''): unknown {
  return ops.reduce<unknown>((before, operation, place) => {
    try {
      return perform(before, operation as unknown as Fields, pathOf(at));
    } catch (cause) {
      throw cause instanceof MisfitError ? new PatchError(place, cause.reason) : cause;
    }
  }, document);
}
