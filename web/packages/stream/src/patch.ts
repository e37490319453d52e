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

/** A document that is copied where it is written to, each map and list once. */
class Draft {
  /** The copies, which nobody else holds. */
  readonly #own = new Set<unknown>();

  constructor(public root: unknown) {}

  get(path: Path): unknown {
    return path.reduce(childOf, this.root);
  }

  add(path: Path, value: unknown): void {
    const token = path.at(-1);
    if (token === undefined) {
      this.root = value;
      return;
    }
    const holder = this.#holder(path);
    if (Array.isArray(holder)) holder.splice(indexOf(holder, token, holder.length), 0, value);
    else setKey(holder, token, value);
  }

  replace(path: Path, value: unknown): void {
    const token = path.at(-1);
    if (token === undefined) this.root = value;
    else this.#set(this.#holder(path), token, value);
  }

  remove(path: Path): void {
    const token = path.at(-1);
    if (token === undefined) throw new MisfitError('no_root');
    const holder = this.#holder(path);
    childOf(holder, token);
    if (Array.isArray(holder)) holder.splice(Number(token), 1);
    else Reflect.deleteProperty(holder, token);
  }

  copy(from: Path, path: Path): void {
    const value = this.get(from);
    // From now on it is held twice.
    this.#own.clear();
    this.add(path, value);
  }

  move(from: Path, path: Path): void {
    const value = this.get(from);
    const isWithin = from.every((token, at) => token === path[at]);
    if (isWithin && from.length === path.length) return;
    if (isWithin) throw new MisfitError('into_itself');
    this.remove(from);
    this.add(path, value);
  }

  test(path: Path, value: unknown): void {
    if (!isEqual(this.get(path), value)) throw new MisfitError('test_failed');
  }

  /** What holds the end of the path, ours to be changed. */
  #holder(path: Path): Container {
    let holder = this.#mine(this.root);
    this.root = holder;
    for (const token of path.slice(0, -1)) {
      const inner = this.#mine(childOf(holder, token));
      this.#set(holder, token, inner);
      holder = inner;
    }
    return holder;
  }

  #mine(value: unknown): Container {
    if (this.#own.has(value)) return value as Container;
    if (!Array.isArray(value) && !isFields(value)) throw new MisfitError('no_container');
    const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
    this.#own.add(copy);
    return copy;
  }

  #set(holder: Container, token: string, value: unknown): void {
    childOf(holder, token);
    if (Array.isArray(holder)) holder[Number(token)] = value;
    else setKey(holder, token, value);
  }
}

function valueOf(operation: Fields): unknown {
  if (!Object.hasOwn(operation, 'value')) throw new MisfitError('missing_field');
  return operation['value'];
}

function perform(draft: Draft, operation: Fields, at: Path): void {
  if (typeof operation['op'] !== 'string') throw new MisfitError('missing_field');
  const path = [...at, ...pathOf(operation['path'])];
  const from = () => [...at, ...pathOf(operation['from'])];
  switch (operation['op']) {
    case 'add':
      return draft.add(path, valueOf(operation));
    case 'remove':
      return draft.remove(path);
    case 'replace':
      return draft.replace(path, valueOf(operation));
    case 'move':
      return draft.move(from(), path);
    case 'copy':
      return draft.copy(from(), path);
    case 'test':
      return draft.test(path, valueOf(operation));
    default:
      throw new MisfitError('unknown_op');
  }
}

/** The document after these operations, whose paths all begin at `at`. Operations are checked, whatever their type says. */
export function applyPatch(document: unknown, ops: readonly Operation[], at = ''): unknown {
  const draft = new Draft(document);
  for (const [place, operation] of ops.entries()) {
    try {
      perform(draft, operation as unknown as Fields, pathOf(at));
    } catch (cause) {
      throw cause instanceof MisfitError ? new PatchError(place, cause.reason) : cause;
    }
  }
  return draft.root;
}
