/** What the played daemon has: modules, one in each state, and what its other pages tell. */
import type { ModuleInfo, ModuleUi, Problem } from '../packages/stream/src/index.ts';

const GRAPH = {
  type: 'line_chart',
  data: [12.5, 14, 11.2, 18.75, 16.5],
  unit: '°C',
  times: [1_790_000_000, 1_790_000_900, 1_790_001_800, 1_790_002_700, 1_790_003_600],
};

const PAGE = {
  type: 'stack',
  children: [
    GRAPH,
    {
      type: 'table',
      columns: [
        { key: 'day', label: 'Day' },
        { key: 'high', label: 'High' },
      ],
      data: Array.from({ length: 5 }, (_, day) => ({ day: `Day ${String(day + 1)}`, high: 20 + day })),
      page_size: 2,
    },
    { type: 'table', columns: [], data: [] },
    { type: 'hologram' },
    { type: 'progress', value: 40 },
  ],
};

const TILE = {
  type: 'tile',
  title: 'Weather',
  icon: 'sun',
  stats: [{ label: 'Now', value: '16.5 °C' }],
  content: [GRAPH],
  actions: [
    { type: 'button', label: 'Look again', on_click: { __action__: 'look_again' } },
    { type: 'button', label: 'Place', variant: 'secondary', on_click: { __action__: 'place' } },
    {
      type: 'button',
      label: 'Forget',
      variant: 'ghost',
      on_click: { __action__: 'forget', __confirm__: 'Forget what was measured?' },
    },
  ],
};

const MODAL = {
  type: 'modal',
  id: 'place',
  title: 'Place',
  children: [
    { type: 'input', name: 'place', label: 'Place', value: 'Oslo', help: 'As the map calls it.' },
    { type: 'toggle', name: 'sea', label: 'At the sea', checked: true },
  ],
  footer: [{ type: 'button', label: 'Keep', on_click: { __action__: 'look_again' } }],
};

const FAULT: Problem = {
  kind: 'import',
  title: 'Loading failed',
  detail: 'No module named “gpiozero”.',
  traceback: 'Traceback',
  retry_in_ms: null,
};

function tile(module: string, more: Partial<ModuleInfo>, ui: ModuleUi = { tile: null, modals: [] }) {
  const info: ModuleInfo = {
    display_name: module,
    enabled: true,
    initialized: true,
    life: 'running',
    problem: null,
    preparing: null,
    running: [],
    dashboard: true,
    has_page: false,
    live: true,
    ...more,
  };
  return { module, revision: 1, info, ui };
}

const CALL = {
  call: 'c1',
  action: 'scan_library',
  params: {},
  progress: { done: 1200, total: 4000, text: 'Films' },
};

export const TILES = [
  tile(
    'weather',
    { display_name: 'Weather', has_page: true, live: false, running: [CALL] },
    { tile: TILE, modals: [MODAL], page: PAGE },
  ),
  tile('Starting up', { life: 'starting' }),
  tile('Going down', { life: 'stopping' }),
  tile('Quiet', {}),
  tile('Empty', {}, { tile: { type: 'tile' }, modals: [] }),
  tile('Packages', { life: 'preparing', preparing: { done: 3, total: 12, text: 'numpy' } }),
  tile('Falls over', { life: 'backoff', problem: { ...FAULT, retry_in_ms: 40_000 } }),
  tile('Broken', { life: 'failed', problem: FAULT }),
  tile('Blocked', { life: 'blocked', problem: { ...FAULT, kind: 'packages', retry_in_ms: 3_600_000 } }),
];

function info(name: string, more: object): object {
  return {
    name,
    display_name: name,
    enabled: true,
    valid: true,
    life: 'running',
    source: 'community',
    version: '1.2.0',
    author: 'Ada',
    description: 'What it is for.',
    capabilities: { detail_page: true, settings: true },
    problems: [],
    tags: [],
    ...more,
  };
}

export const MODULES = {
  modules: [
    info('weather', {
      display_name: 'Weather',
      source: 'builtin',
      category: 'home',
      tags: ['weather', 'sensors'],
      homepage: 'https://weather.example',
      repository: 'https://weather.example/git',
      requires_network: true,
      system_deps: ['curl', 'ntpd'],
      python_deps: ['httpx'],
    }),
    info('Off', { enabled: false, life: 'stopped' }),
    info('Broken', { life: 'failed', problem: FAULT }),
    info('Packages', { life: 'preparing', preparing: { done: 3, total: 12, text: 'numpy' } }),
    info('Invalid', {
      enabled: false,
      valid: false,
      life: 'stopped',
      problems: [
        { severity: 'error', message: 'The version is missing.', file: 'module.json', line: 3, column: 1 },
        { severity: 'warning', message: 'The icon is not known.', file: 'module.json', line: 4, column: 1 },
      ],
    }),
  ],
};

export const SETTINGS = {
  schema: {
    properties: {
      place: { type: 'string', title: 'Place' },
      level: { enum: [null, 'low', 'high'], title: 'Level' },
      names: { type: 'array', items: { type: 'string' }, title: 'Names' },
      more: { title: 'More' },
      key: { type: 'string', format: 'password', title: 'Key' },
    },
  },
  values: { place: 'Oslo', level: null, names: ['a', 'b'], more: { a: 1 } },
  secrets: { key: true },
};

export const SYSTEM = {
  condition: 'failed',
  parts: [
    { name: 'daemon', condition: 'well', detail: 'It answers.', help: null },
    {
      name: 'store',
      condition: 'failed',
      detail: 'The database is damaged: Tree 5 page 12: btreeInitPage() returns error code 11',
      help: 'Stop Contara, and put contara.db back from a copy.',
    },
    {
      name: 'disk',
      condition: 'attention',
      detail: 'The disk of the data folder is nearly full.',
      help: 'Make room: on a full disk nothing can be stored or set up.',
    },
    { name: 'a_part_that_is_new', condition: 'well', detail: 'It is well.', help: null },
  ],
  versions: { contara: '0.1.0', python: '3.13', sqlite: '3.50.4', system: 'Debian GNU/Linux 13 (trixie)' },
  node: 'nas',
  url: 'http://nas:8000',
  uptime: 400_000,
  memory: 24_000_000,
  storage: {
    folder: '/var/lib/contara',
    disk: { total: 64_000_000_000, free: 120_000_000 },
    taken: {
      at: '2026-01-31T12:00:00Z',
      database: 18_000_000,
      environments: 430_000_000,
      downloads: 510_000_000,
      files: 2_000_000,
      modules: [{ module: 'weather', data: 81_000_000, cache: 3_000 }],
    },
  },
  limits: {
    usual: { memory: 1_073_741_824, address_space: 2_147_483_648, processes: 64, open_files: 1_024 },
    modules: { steam: { memory: null, address_space: 2_147_483_648, processes: 64, open_files: 4_096 } },
  },
};

const HOUR = 3_600_000;
/** When it is, for the page too. */
export const NOW = Date.parse('2026-02-01T10:00:00Z');

function before(hours: number): string {
  return new Date(NOW - hours * HOUR).toISOString();
}

export const CLIENTS = {
  clients: [
    { id: 1, name: 'Firefox on Linux', created_at: before(900), last_seen: before(0), this: true },
    { id: 2, name: 'Kitchen tablet', created_at: before(700), last_seen: before(0), connected: true },
    { id: 3, name: 'Safari on iPhone', created_at: before(400), last_seen: before(30) },
    {
      id: 4,
      name: 'The one that has the longest name of them all, in the room',
      created_at: before(99),
      last_seen: before(0.1),
    },
  ],
};

let number = 99;

function happened(hours: number, what: object): object {
  const at = before(hours);
  return {
    id: number--,
    at,
    last: at,
    times: 1,
    outcome: 'done',
    by: { client: 1, name: 'Firefox on Linux' },
    ...what,
  };
}

const transaction = { id: 7, state: 'running', modules: ['Mail server', 'Name server'] };

export const ACTIVITY = {
  entries: [
    happened(0.1, {
      kind: 'action',
      event: 'ran',
      module: 'weather',
      action: 'look_again',
      longest_ms: 340,
      times: 12,
    }),
    happened(0.2, {
      kind: 'action',
      event: 'ran',
      module: 'gone',
      action: 'scan_library',
      longest_ms: 73_000,
      outcome: 'failed',
    }),
    happened(0.3, { kind: 'setup', event: 'begun', transaction, by: { client: null, name: 'root' } }),
    happened(1, { kind: 'settings', event: 'changed', module: 'weather' }),
    happened(26, {
      kind: 'module',
      event: 'enabled',
      module: 'weather',
      by: { client: 2, name: 'Kitchen tablet' },
    }),
    happened(27, { kind: 'sign_in', event: 'locked_out', outcome: 'refused', by: null, times: 35 }),
    happened(27.1, {
      kind: 'sign_in',
      event: 'wrong_code',
      outcome: 'refused',
      by: null,
      about: '2001:db8:85a3::7334',
    }),
    happened(27.2, { kind: 'sign_in', event: 'revoked', about: 'Chromium on Windows' }),
    happened(27.3, { kind: 'sign_in', event: 'paired', about: '192.168.1.7' }),
  ],
  next: 90,
};

export const ENVIRONMENT = {
  module: 'weather',
  state: 'ready',
  requirements: ['httpx'],
  python: '3.13.5',
  folder: '/var/lib/contara/cache/environments/3f7a09c2b4d1',
  packages: [
    { name: 'anyio', version: '4.9.0' },
    { name: 'httpx', version: '0.28.1' },
  ],
  size: 7_340_112,
  shared_with: ['broken'],
};

function line(seq: number, level: string, message: string, traceback: string | null = null) {
  const time = new Date(NOW - 60_000 + seq * 1_000).toISOString();
  return { seq, time, level, logger: 'weather', message, traceback };
}

export const LOG = {
  lines: [
    line(1, 'info', 'The station at 192.168.1.9 answers'),
    line(2, 'debug', '16.5 °C, 48 %'),
    line(3, 'warning', 'The clock of the station is 40 s behind'),
    line(
      4,
      'error',
      'No answer',
      'Traceback (most recent call last):\n  File "weather.py", line 12, in look\nTimeoutError',
    ),
  ],
  next: 4,
};
