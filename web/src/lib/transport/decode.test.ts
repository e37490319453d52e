import { expect, test } from 'vitest';
import {
  decodeActionRef,
  decodeFrame,
  decodeModuleInfos,
  decodePage,
  decodeResults,
  decodeSettings,
  decodeSnapshots,
  decodeUi,
} from './decode';
import { choice, clamped, isFields, text } from './read';

const NOW = 1_000_000;
const JUNK = [
  null,
  undefined,
  0,
  NaN,
  '',
  'x',
  true,
  [],
  [[]],
  {},
  new Date(NaN),
  new Uint8Array(3),
  () => 1,
];

test.each(JUNK)('junk %s is no frame, no list, no action', (junk) => {
  expect(decodeFrame(junk, NOW)).toEqual({ kind: 'other' });
  expect(decodeFrame({ type: 'full_state', modules: junk }, NOW).kind).toMatch(/other|modules/);
  expect(decodeFrame({ type: 'module_ui', module: junk, ui: junk }, NOW).kind).toMatch(/other|module/);
  expect(decodeSnapshots([junk], NOW)).toEqual([]);
  expect(decodeModuleInfos({ modules: [junk] }, NOW)).toEqual([]);
  expect(decodeResults({ results: [junk] })).toEqual([]);
  expect(decodeActionRef(junk)).toBeNull();
});

test.each(JUNK)('a module whose every field is %s is still a module', (junk) => {
  const more = { running: junk, dashboard: junk, has_page: junk, live: junk };
  const fields = { display_name: junk, enabled: junk, life: junk, problem: junk, ui: junk, ...more };
  expect(decodeSnapshots([{ name: 'm', ...fields }], NOW)).toHaveLength(1);
  const [module] = decodeSnapshots([{ name: 'm', ...fields, ui: { tile: junk, modals: junk } }], NOW);
  expect(module?.displayName).toBeTypeOf('string');
  expect(module?.modals).toEqual([]);
  const facts = {
    icon: junk,
    description: junk,
    problems: junk,
    system_deps: junk,
    valid: junk,
    category: junk,
    tags: junk,
    homepage: junk,
    capabilities: junk,
    python_deps: junk,
    version: junk,
  };
  expect(decodeModuleInfos({ modules: [{ name: 'm', ...fields, ...facts }] }, NOW)).toHaveLength(1);
});

test('two folders that claim one name are both listed', () => {
  const claim = (folder: string) => ({ name: 'm', folder });
  const listed = decodeModuleInfos({ modules: [claim('/a/m'), claim('/b/m'), claim('/b/m')] }, NOW);
  expect(listed.map(({ folder }) => folder)).toEqual(['/a/m', '/b/m']);
});

test('a server that knows no life has on and off', () => {
  const lives = decodeSnapshots(
    [
      { name: 'a', enabled: true },
      { name: 'b', enabled: false },
    ],
    NOW,
  );
  expect(lives.map(({ life }) => life)).toEqual(['running', 'stopped']);
});

test('a restart is counted from when the frame came', () => {
  const problem = { title: 'Ended', detail: null, traceback: 'Traceback', retry_in_ms: 1500 };
  const [module] = decodeSnapshots([{ name: 'a', enabled: true, life: 'backoff', problem }], NOW);
  expect(module).toMatchObject({ life: 'backoff', problem: { title: 'Ended', retryAt: NOW + 1500 } });
});

test('a name that comes twice is one module', () => {
  expect(decodeSnapshots([{ name: 'a' }, { name: 'a' }], NOW)).toHaveLength(1);
});

test('what a server that knows more says of a module', () => {
  const running = [
    { call: 7, action: 'scan', params: { a: 1 }, progress: { done: 1, total: 'x', text: 'Hm' } },
    { call: 7, action: 'twice' },
    { call: 8 },
    { action: 'anonymous' },
  ];
  const [module] = decodeSnapshots(
    [{ name: 'a', running, dashboard: false, has_page: true, live: false }],
    NOW,
  );
  expect(module?.running).toEqual([
    { call: '7', action: 'scan', params: { a: 1 }, progress: { done: 1, total: null, text: 'Hm' } },
  ]);
  expect(module).toMatchObject({ dashboard: false, hasPage: true, live: false });
  const [plain] = decodeSnapshots([{ name: 'a' }], NOW);
  expect(plain).toMatchObject({ running: [], dashboard: true, hasPage: false, live: true });
});

test('a page is there, none, or not said', () => {
  const page = (ui: object) => decodeSnapshots([{ name: 'a', ui }], NOW)[0]?.page;
  expect([page({ page: { type: 'stack' } }), page({ page: null }), page({})]).toEqual([
    { type: 'stack' },
    null,
    undefined,
  ]);
});

test.each(JUNK)('looks and settings that are %s are empty ones', (junk) => {
  for (const body of [junk, { ui: junk, page: junk, schema: junk, values: junk, secrets: junk }]) {
    expect(decodeUi(body)).toEqual({ tile: null, modals: [] });
    expect(decodePage(body)).toEqual(isFields(junk) && body !== junk ? {} : null);
    expect(decodeSettings(body)).toEqual({ schema: {}, values: {}, secrets: {}, problem: null });
  }
});

test('modals without an id can never be opened and are left out', () => {
  const ui = { tile: null, modals: [{ title: 'x' }, { id: 'y' }] };
  expect(decodeSnapshots([{ name: 'a', ui }], NOW)[0]?.modals.map(({ id }) => id)).toEqual(['y']);
});

test('results keep their order; fields fall back to their defaults', () => {
  const results = [
    { type: 'open_modal', modal_id: 'm' },
    { type: 'open_modal' },
    { type: 'notify', message: 'hi', variant: 'purple' },
    { type: 'close_modal', modal_id: null },
    { type: 'refresh' },
  ];
  expect(decodeResults({ results })).toEqual([
    { kind: 'open-modal', id: 'm' },
    { kind: 'notify', message: 'hi', variant: 'info', title: null },
    { kind: 'close-modal', id: null },
    { kind: 'refresh' },
  ]);
});

test('an action without parameters posts an empty map', () => {
  expect(decodeActionRef({ __action__: 'go', __params__: null })).toEqual({
    action: 'go',
    params: {},
    confirm: null,
  });
  expect(decodeActionRef({ __action__: 'go', __params__: [1], __confirm__: 'Sure?' })).toEqual({
    action: 'go',
    params: {},
    confirm: 'Sure?',
  });
  expect(decodeActionRef({ __action__: '' })).toBeNull();
});

test('text shows numbers as people write them and nothing for what is no text', () => {
  expect([0.1 + 0.2, 8080, -1.5, NaN, Infinity, 10n, true].map((value) => text(value))).toEqual([
    '0.3',
    '8080',
    '-1.5',
    '–',
    '–',
    '10',
    'true',
  ]);
  expect([null, undefined, {}, [], new Date(NaN)].map((value) => text(value, '?'))).toEqual([
    '?',
    '?',
    '?',
    '?',
    '?',
  ]);
});

test('choices and ranges hold whatever comes', () => {
  expect(choice('constructor', ['a', 'b'], 'a')).toBe('a');
  expect([-1, 2, 9, NaN, Infinity, '3', null].map((value) => clamped(value, 1, 3))).toEqual([
    1, 2, 3, 1, 1, 1, 1,
  ]);
});
