import { expect, test } from 'vitest';
import {
  decodeActionRef,
  decodeEnvironment,
  decodeInfo,
  decodeModuleInfos,
  decodePage,
  decodeResults,
  decodeSettings,
  decodeShown,
  decodeUi,
} from './decode';
import { choice, clamped, isFields, text } from './read';

const NOW = 1_000_000;

/** As the stream has it: `info`, with `ui` beside it. */
function snapshot({ ui, ...info }: Record<string, unknown>) {
  return { ...decodeInfo('a', info, NOW), ...decodeShown(ui) };
}

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

test.each(JUNK)('junk %s is no list, no action', (junk) => {
  expect(decodeModuleInfos({ modules: [junk] }, NOW)).toEqual([]);
  expect(decodeResults(junk)).toEqual([]);
  expect(decodeResults([junk])).toEqual([]);
  expect(decodeActionRef(junk)).toBeNull();
});

test.each(JUNK)('a module whose every field is %s is still a module', (junk) => {
  const more = { running: junk, dashboard: junk, has_page: junk, live: junk };
  const fields = { display_name: junk, enabled: junk, life: junk, problem: junk, ui: junk, ...more };
  for (const ui of [junk, { tile: junk, modals: junk }]) {
    const module = snapshot({ ...fields, ui });
    expect(module.displayName).toBeTypeOf('string');
    expect(module.modals).toEqual([]);
  }
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
  const lives = [true, false].map((enabled) => snapshot({ enabled }).life);
  expect(lives).toEqual(['running', 'stopped']);
});

test('a restart is counted from when the frame came', () => {
  const problem = { title: 'Ended', detail: null, traceback: 'Traceback', retry_in_ms: 1500 };
  const module = snapshot({ enabled: true, life: 'backoff', problem });
  expect(module).toMatchObject({ life: 'backoff', problem: { title: 'Ended', retryAt: NOW + 1500 } });
});

test('what a server that knows more says of a module', () => {
  const running = [
    { call: 7, action: 'scan', params: { a: 1 }, progress: { done: 1, total: 'x', text: 'Hm' } },
    { call: 7, action: 'twice' },
    { call: 8 },
    { action: 'anonymous' },
  ];
  const module = snapshot({ running, dashboard: false, has_page: true, live: false });
  expect(module.running).toEqual([
    { call: '7', action: 'scan', params: { a: 1 }, progress: { done: 1, total: null, text: 'Hm' } },
  ]);
  expect(module).toMatchObject({ dashboard: false, hasPage: true, live: false });
  expect(snapshot({})).toMatchObject({ running: [], dashboard: true, hasPage: false, live: true });
});

test('a page is there, none, or not said', () => {
  const page = (ui: object) => snapshot({ ui }).page;
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
    expect(decodeSettings(body)).toEqual({
      schema: {},
      values: {},
      secrets: {},
      problem: null,
      version: null,
    });
  }
});

test('packages of a module: each once, and nothing that is none', () => {
  const toy = { name: 'toy', version: '1.0' };
  const body = {
    state: 'ready',
    python: '3.11',
    folder: '/x',
    packages: [toy, toy, 1],
    size: 5,
    shared_with: ['b', 2],
  };
  const found = { state: 'ready', python: '3.11', folder: '/x', packages: [toy], size: 5 };
  expect(decodeEnvironment(body)).toMatchObject(found);
  for (const junk of JUNK) {
    const none = { state: 'missing', python: '', folder: null, packages: [], size: 0, sharedWith: [] };
    expect(
      decodeEnvironment({ state: junk, packages: junk, size: junk === 0 ? 0 : -1.5, shared_with: junk }),
    ).toEqual(none);
  }
});

test('modals without an id can never be opened and are left out', () => {
  const ui = { tile: null, modals: [{ title: 'x' }, { id: 'y' }] };
  expect(snapshot({ ui }).modals.map(({ id }) => id)).toEqual(['y']);
});

test('results keep their order; fields fall back to their defaults', () => {
  const results = [
    { type: 'open_modal', modal_id: 'm' },
    { type: 'open_modal' },
    { type: 'notify', message: 'hi', variant: 'purple' },
    { type: 'close_modal', modal_id: null },
    { type: 'refresh' },
  ];
  expect(decodeResults(results)).toEqual([
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
