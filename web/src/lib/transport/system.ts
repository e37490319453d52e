/** How Contara and its machine are, as the daemon tells it: model and decoding. Whatever arrives, nothing here throws. */
import { choice, date, fields, firstOfEach, maps, numberOrNull, text, textOrNull, type Fields } from './read';

const CONDITIONS = ['well', 'attention', 'failed'] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface SystemPart {
  readonly name: string;
  readonly condition: Condition;
  readonly detail: string;
  /** What to do, where something isn’t well. */
  readonly help: string | null;
}

export interface Versions {
  readonly contara: string | null;
  readonly python: string | null;
  readonly sqlite: string | null;
  readonly system: string | null;
  readonly kernel: string | null;
  readonly architecture: string | null;
}

/** In bytes. */
export interface TakenByModule {
  readonly module: string;
  readonly data: number;
  readonly cache: number;
}

/** In bytes. */
export interface Taken {
  readonly at: Date | null;
  readonly database: number;
  readonly environments: number;
  /** For the environments; kept for the next time. */
  readonly downloads: number;
  readonly files: number;
  readonly modules: readonly TakenByModule[];
}

export const LIMITS = [
  'memory',
  'address_space',
  'processes',
  'open_files',
  'tree_size',
  'frames_per_second',
] as const;
export type Limit = (typeof LIMITS)[number];
/** Null: none. One that isn’t told is left out. */
export type Limits = Readonly<Partial<Record<Limit, number | null>>>;

export interface System {
  readonly condition: Condition;
  readonly parts: readonly SystemPart[];
  readonly versions: Versions;
  readonly node: string;
  readonly url: string;
  /** Unix milliseconds by this browser’s clock. */
  readonly startedAt: number | null;
  readonly memory: number | null;
  readonly folder: string;
  readonly disk: { readonly total: number; readonly free: number } | null;
  /** Null until it was measured. */
  readonly taken: Taken | null;
  readonly limits: Limits;
  /** Of modules that have their own. */
  readonly ownLimits: readonly { readonly module: string; readonly limits: Limits }[];
}

function amount(value: unknown): number {
  return Math.max(0, numberOrNull(value) ?? 0);
}

function limits(value: unknown): Limits {
  const given = fields(value);
  const told = LIMITS.map((limit) => [limit, numberOrNull(given[limit])] as const);
  return Object.fromEntries(told.filter(([limit, most]) => most !== null || given[limit] === null));
}

function part({ name, condition, detail, help }: Fields): SystemPart {
  return {
    name: text(name),
    condition: choice(condition, CONDITIONS, 'attention'),
    detail: text(detail),
    help: textOrNull(help),
  };
}

function disk(value: unknown): System['disk'] {
  const { total, free } = fields(value);
  return amount(total) > 0 ? { total: amount(total), free: Math.min(amount(free), amount(total)) } : null;
}

function taken(value: unknown): Taken | null {
  if (typeof value !== 'object' || value === null) return null;
  const given = fields(value);
  return {
    at: date(given['at']),
    database: amount(given['database']),
    environments: amount(given['environments']),
    downloads: amount(given['downloads']),
    files: amount(given['files']),
    modules: firstOfEach(
      maps(given['modules']).map(({ module, data, cache }) => {
        return { module: text(module), data: amount(data), cache: amount(cache) };
      }),
      ({ module }) => module,
    ),
  };
}

function versions(value: unknown): Versions {
  const given = fields(value);
  const of = (name: string) => textOrNull(given[name]);
  return {
    contara: of('contara'),
    python: of('python'),
    sqlite: of('sqlite'),
    system: of('system'),
    kernel: of('kernel'),
    architecture: of('architecture'),
  };
}

export function decodeSystem(value: unknown, now: number): System {
  const given = fields(value);
  const storage = fields(given['storage']);
  const inForce = fields(given['limits']);
  const uptime = numberOrNull(given['uptime']);
  return {
    condition: choice(given['condition'], CONDITIONS, 'attention'),
    parts: firstOfEach(maps(given['parts']).map(part), ({ name }) => name),
    versions: versions(given['versions']),
    node: text(given['node']),
    url: text(given['url']),
    startedAt: uptime === null ? null : now - uptime * 1_000,
    memory: numberOrNull(given['memory']),
    folder: text(storage['folder']),
    disk: disk(storage['disk']),
    taken: taken(storage['taken']),
    limits: limits(inForce['usual']),
    ownLimits: Object.entries(fields(inForce['modules'])).map(([module, own]) => {
      return { module, limits: limits(own) };
    }),
  };
}
