/** Bytes of the wire → a frame whose every field is what its type says, or why it is none. Nothing here throws. */
import { decode } from '@msgpack/msgpack';
import { isFields } from './fields.ts';
import type { ModuleUi, ServerFrame } from './protocol.ts';

export interface Malformed {
  readonly type: 'malformed';
  /** For the log. */
  readonly reason: string;
  /** The action whose answer it was to be. */
  readonly id?: number;
}

/** A frame that a later server may send. */
export interface UnknownFrame {
  readonly type: 'unknown';
}

/** Null, or where in the value something isn’t what it is to be. */
type Check = (value: unknown) => string | null;

const that =
  (holds: (value: unknown) => boolean): Check =>
  (value) =>
    holds(value) ? null : '';

const text = that((value) => typeof value === 'string');
const flag = that((value) => typeof value === 'boolean');
const number = that((value) => typeof value === 'number');
const whole = that((value) => Number.isSafeInteger(value));
const map = that(isFields);
const anything: Check = () => null;

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value);

const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value);

/** The first that is wrong of these places. */
function firstFault(faults: Iterable<readonly [place: string, fault: string | null]>): string | null {
  for (const [place, fault] of faults) if (fault !== null) return `/${place}${fault}`;
  return null;
}

function* faultsOf(items: Iterable<readonly [number | string, unknown]>, check: Check) {
  for (const [place, item] of items) yield [String(place), check(item)] as const;
}

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) ? firstFault(faultsOf(value.entries(), check)) : '';

const mapOf =
  (check: Check): Check =>
  (value) =>
    isFields(value) ? firstFault(faultsOf(Object.entries(value), check)) : '';

/** A map with these fields at least. */
const shape = (checks: Readonly<Record<string, Check>>): Check => {
  const entries = Object.entries(checks);
  return (value) =>
    isFields(value) ? firstFault(entries.map(([name, check]) => [name, check(value[name])] as const)) : '';
};

const progress = { done: orNull(number), total: orNull(number), text: orNull(text) };

const info = shape({
  display_name: text,
  enabled: flag,
  initialized: flag,
  life: text,
  problem: orNull(
    shape({
      kind: text,
      title: text,
      detail: orNull(text),
      traceback: orNull(text),
      retry_in_ms: orNull(number),
    }),
  ),
  preparing: orNull(shape(progress)),
  running: listOf(
    shape({
      call: that((value) => typeof value === 'number' || typeof value === 'string'),
      action: text,
      params: map,
      progress: orNull(shape(progress)),
    }),
  ),
  dashboard: flag,
  has_page: flag,
  live: flag,
});

const ui = orNull(shape({ tile: anything, modals: listOf(anything) }));
const known = shape({ module: text, revision: whole });
const entry = shape({ module: text, revision: whole, info, ui });
const removed = shape({ module: text });
const changed = shape({ module: text, revision: whole, info, ui: maybe(ui) });
const answered = shape({ id: whole, results: listOf(map) });
const refused = shape({
  id: whole,
  error: shape({ status: whole, detail: text, errors: maybe(mapOf(text)) }),
});

const hasField = (value: unknown, name: string) => isFields(value) && value[name] !== undefined;

const FRAMES: ReadonlyMap<unknown, Check> = new Map<ServerFrame['type'], Check>([
  [
    'hello',
    shape({
      protocol: whole,
      version: text,
      node: text,
      session: whole,
      run: text,
      features: listOf(text),
    }),
  ],
  [
    'snapshot',
    shape({
      run: text,
      modules: listOf((value) => (hasField(value, 'info') ? entry : known)(value)),
    }),
  ],
  ['module', (value) => (isFields(value) && value['removed'] === true ? removed : changed)(value)],
  ['patch', shape({ module: text, revision: whole, ops: listOf(map), at: maybe(text) })],
  ['result', (value) => (hasField(value, 'error') ? refused : answered)(value)],
  ['progress', shape({ id: whole, ...progress })],
  ['setup', shape({ transaction: map })],
  ['setup_lines', shape({ transaction: whole, lines: listOf(map), next: whole, more: flag })],
  ['notice', shape({ kind: text, text, module: maybe(orNull(text)) })],
  ['pong', anything],
]);

/** Whether a patch has left something that can be drawn. */
export function isUi(value: unknown): value is ModuleUi | null {
  return ui(value) === null;
}

/** Of a value that MessagePack held. */
export function frameOf(value: unknown): ServerFrame | UnknownFrame | Malformed {
  if (!isFields(value) || typeof value['type'] !== 'string')
    return { type: 'malformed', reason: 'a message is no map with a type' };
  const check = FRAMES.get(value['type']);
  if (!check) return { type: 'unknown' };
  const fault = check(value);
  if (fault === null) return value as unknown as ServerFrame;
  const { id } = value;
  const reason = `${fault || 'something'} of a ${value['type']} frame isn’t what it is to be`;
  return { type: 'malformed', reason, ...(typeof id === 'number' && { id }) };
}

/** Of a message as a WebSocket brings it, with `binaryType` `arraybuffer`. */
export function decodeFrame(data: unknown): ServerFrame | UnknownFrame | Malformed {
  if (!(data instanceof ArrayBuffer)) return { type: 'malformed', reason: 'a message isn’t binary' };
  try {
    return frameOf(decode(new Uint8Array(data)));
  } catch (cause) {
    return { type: 'malformed', reason: `a message isn’t MessagePack: ${(cause as Error).message}` };
  }
}
