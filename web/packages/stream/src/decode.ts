/** Bytes of the wire → a frame whose every field is what its type says, or why it is none. Nothing here throws. */
import { decode } from '@msgpack/msgpack';
import { isFields, type Fields } from './fields.ts';
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

type Check = (value: unknown) => boolean;
type Checks = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const number: Check = (value) => typeof value === 'number';
const whole: Check = (value) => Number.isSafeInteger(value);
const name: Check = (value) => text(value) || whole(value);
const anything: Check = () => true;

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const mapOf =
  (check: Check): Check =>
  (value) =>
    isFields(value) && Object.values(value).every(check);

/** The first of these fields that isn’t what it is to be. */
function wrongField(value: Fields, checks: Checks): string | undefined {
  return Object.keys(checks).find((field) => !checks[field]?.(value[field]));
}

/** A map with these fields at least. */
const shape =
  (checks: Checks): Check =>
  (value) =>
    isFields(value) && wrongField(value, checks) === undefined;

const maps = listOf(isFields);
const texts = listOf(text);
const progress: Checks = { done: orNull(number), total: orNull(number), text: orNull(text) };

const problem = shape({
  kind: text,
  title: text,
  detail: orNull(text),
  traceback: orNull(text),
  retry_in_ms: orNull(number),
});

const running = shape({ call: name, action: text, params: isFields, progress: orNull(shape(progress)) });

const info = shape({
  display_name: text,
  enabled: flag,
  initialized: flag,
  life: text,
  problem: orNull(problem),
  preparing: orNull(shape(progress)),
  running: listOf(running),
  dashboard: flag,
  has_page: flag,
  live: flag,
  settings: maybe(whole),
});

const ui = orNull(shape({ tile: anything, modals: listOf(anything) }));
const known: Checks = { module: text, revision: whole };

/** A module of a snapshot. */
const entry: Check = (value) =>
  isFields(value) && shape(value['info'] === undefined ? known : { ...known, info, ui })(value);

/** The fields that a frame is to have, by its type. */
const FRAMES: Readonly<Record<ServerFrame['type'], (frame: Fields) => Checks>> = {
  hello: () => ({ protocol: whole, version: text, node: text, session: whole, run: text, features: texts }),
  snapshot: () => ({ run: text, modules: listOf(entry) }),
  module: ({ removed }) => (removed === true ? { module: text } : { ...known, info, ui: maybe(ui) }),
  patch: () => ({ ...known, ops: maps, at: maybe(text) }),
  result: ({ error }) =>
    error === undefined
      ? { id: whole, results: maps }
      : { id: whole, error: shape({ status: whole, detail: text, errors: maybe(mapOf(text)) }) },
  progress: () => ({ id: whole, ...progress }),
  setup: () => ({ transaction: isFields }),
  setup_lines: () => ({ transaction: whole, lines: maps, next: whole, more: flag }),
  notice: () => ({ kind: text, text, module: maybe(orNull(text)) }),
  pong: () => ({}),
};

function isKnown(type: string): type is ServerFrame['type'] {
  return Object.hasOwn(FRAMES, type);
}

/** Whether a patch has left something that can be drawn. */
export function isUi(value: unknown): value is ModuleUi | null {
  return ui(value);
}

/** Of a value that MessagePack held. */
export function frameOf(value: unknown): ServerFrame | UnknownFrame | Malformed {
  if (!isFields(value) || typeof value['type'] !== 'string')
    return { type: 'malformed', reason: 'a message is no map with a type' };
  const { type, id } = value;
  if (!isKnown(type)) return { type: 'unknown' };
  const wrong = wrongField(value, FRAMES[type](value));
  if (wrong === undefined) return value as unknown as ServerFrame;
  const reason = `${wrong} of a ${type} frame isn’t what it is to be`;
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
