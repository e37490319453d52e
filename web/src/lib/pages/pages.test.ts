/** Our own screens around what modules draw: tiles in every state, detail pages, settings, questions, long calls. */
import { userEvent } from 'vitest/browser';
import type { Component } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { App } from '../state/app.svelte';
import type { ModuleSnapshot } from '../transport/model';
import { silentTransport } from '../transport/silent';
import RunningCalls from '../shell/RunningCalls.svelte';
import AppHarness from './AppHarness.svelte';
import Dashboard from './dashboard/Dashboard.svelte';
import ModuleTile from './dashboard/ModuleTile.svelte';
import ModulePage from './module/ModulePage.svelte';
import SettingsPage from './module/SettingsPage.svelte';
import Modules from './modules/Modules.svelte';

const MODULE: ModuleSnapshot = {
  name: 'm',
  displayName: 'My module',
  enabled: true,
  life: 'running',
  problem: null,
  preparing: null,
  tile: { type: 'tile', title: 'Tile', content: [{ type: 'input', name: 'n', label: 'Field' }] },
  modals: [],
  page: undefined,
  running: [],
  dashboard: true,
  hasPage: false,
  live: true,
  settings: 0,
};
const PROBLEM = {
  kind: 'task',
  title: 'A task ended',
  detail: 'boom',
  traceback: 'Traceback',
  retryAt: null,
};

/** Path → the bodies of its answers, in order; the last one again and again. */
let answers: Record<string, (object | Response)[]>;
const asked = vi.fn<(method: string, path: string, body: unknown) => void>();

beforeEach(() => {
  answers = {};
  asked.mockReset();
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked(init.method ?? 'GET', path, typeof init.body === 'string' ? JSON.parse(init.body) : undefined);
    const left = answers[`${init.method ?? 'GET'} ${path}`] ?? [];
    const body = left.length > 1 ? left.shift() : left[0];
    if (body instanceof Response) return body.clone();
    return body ? Response.json(body) : Response.json({ detail: 'not stubbed' }, { status: 500 });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function setUp(...modules: ModuleSnapshot[]) {
  const transport = silentTransport();
  const app = new App(() => transport);
  app.session.status = 'signed-in';
  app.dashboard.connection = { phase: 'connected' };
  app.dashboard.replace(modules);
  const show = (part: unknown, props: object = {}) =>
    render(AppHarness, { app, part: part as Component<never>, given: { ...props } });
  return { app, transport, show };
}

test('a fault is told below a tile that goes on, and can be tried again', async () => {
  answers['POST /api/modules/m/enable'] = [{ success: true }];
  const { show } = setUp(MODULE);
  const screen = await show(ModuleTile, { module: { ...MODULE, problem: PROBLEM } });
  await expect.element(screen.getByLabelText('Field')).toBeVisible();
  await expect.element(screen.getByText('boom')).toBeVisible();
  await expect.element(screen.getByText('Traceback').first()).toBeVisible();
  await screen.getByRole('button', { name: 'Try again' }).click();
  expect(asked).toHaveBeenCalledWith('POST', '/api/modules/m/enable', undefined);
});

const UNPREPARED = {
  kind: 'packages',
  title: 'Its Python packages can’t be installed',
  detail: 'They don’t fit together.',
  traceback: 'Because nothing was not found',
  retryAt: null,
};

test('a module whose packages are installed says how far that is, in lines that stay', async () => {
  const { app, show } = setUp(MODULE);
  const preparing = { text: 'Looking', done: null, total: null };
  const module: ModuleSnapshot = { ...MODULE, life: 'preparing', preparing };
  const screen = await show(ModuleTile, { module });
  const bar = screen.getByRole('progressbar', { name: 'Installing packages…' });
  await expect.element(bar).not.toHaveAttribute('aria-valuenow');
  const height = () => screen.getByRole('article').element().getBoundingClientRect().height;
  const before = height();
  const rerender = (preparing: ModuleSnapshot['preparing']) =>
    screen.rerender({
      app,
      part: ModuleTile as unknown as Component<never>,
      given: { module: { ...module, preparing } },
    });
  await rerender({ text: 'Downloading a package of a long name '.repeat(9), done: 3, total: 7 });
  const counted = screen.getByRole('progressbar', { name: 'Installing packages… 3 of 7' });
  await expect.element(counted).toHaveAttribute('aria-valuenow', '43');
  expect(height()).toBe(before);
  await rerender(null);
  expect(height()).toBe(before);
  expect(screen.getByRole('status').elements()).toHaveLength(0);
});

test('a module that is blocked says why, with the installer’s words, and can be tried again', async () => {
  answers['POST /api/modules/m/enable'] = [{ success: true, life: 'preparing' }];
  const { show } = setUp(MODULE);
  const retryAt = Date.now() + 299_000;
  const problem = { ...UNPREPARED, retryAt };
  const screen = await show(ModuleTile, { module: { ...MODULE, life: 'blocked', problem } });
  await expect.element(screen.getByText('They don’t fit together.')).toBeVisible();
  await expect.element(screen.getByText('Trying again in 5 min')).toBeVisible();
  await screen.getByText('Show details').click();
  await expect.element(screen.getByText('Because nothing was not found')).toBeVisible();
  expect(screen.getByLabelText('Field').elements()).toHaveLength(0);
  await screen.getByRole('button', { name: 'Try again' }).click();
  expect(asked).toHaveBeenCalledWith('POST', '/api/modules/m/enable', undefined);
});

test.each([
  ['failed', 'Failed'],
  ['blocked', 'Blocked'],
  ['backoff', 'Restarting'],
  ['stopping', 'Stopping…'],
  ['preparing', 'Installing…'],
] as const)('a tile of a module that is %s says so in its head', async (life, word) => {
  const { show } = setUp(MODULE);
  const screen = await show(ModuleTile, { module: { ...MODULE, tile: null, life, problem: null } });
  await expect.element(screen.getByRole('article').getByText(word, { exact: true }).first()).toBeVisible();
});

test('while the connection is lost each tile says how old it is, and none is larger for it', async () => {
  const { app, show } = setUp(MODULE);
  const screen = await show(ModuleTile, { module: MODULE });
  const tile = screen.getByRole('article');
  const height = () => tile.element().getBoundingClientRect().height;
  const before = height();
  const lastContactAt = Date.now() - 120_000;
  app.dashboard.connection = { phase: 'lost', lastContactAt, retryAt: Date.now() + 5_000 };
  await expect.element(tile.getByText('As of 2 minutes ago')).toBeVisible();
  expect(height()).toBe(before);
  app.dashboard.connection = { phase: 'connected' };
  await expect.element(tile.getByText('As of')).not.toBeInTheDocument();
});

test('what was typed outlives a restart of the module', async () => {
  const { app, show } = setUp(MODULE);
  const props = { module: MODULE };
  const screen = await show(ModuleTile, props);
  await screen.getByLabelText('Field').fill('half writ');
  const rerender = (module: ModuleSnapshot) =>
    screen.rerender({ app, part: ModuleTile as unknown as Component<never>, given: { module } });
  await rerender({ ...MODULE, life: 'backoff', problem: { ...PROBLEM, retryAt: 0 } });
  expect(screen.getByLabelText('Field').elements()).toHaveLength(0);
  await rerender(MODULE);
  await expect.element(screen.getByLabelText('Field')).toHaveValue('half writ');
});

test('a module that pushes nothing can be asked, one with a page can be opened', async () => {
  answers['GET /api/modules/m/ui'] = [{ ui: { tile: { title: 'Fresh' }, modals: [] } }];
  const module = { ...MODULE, live: false, hasPage: true };
  const { app, show } = setUp(module);
  const screen = await show(ModuleTile, { module });
  await expect.element(screen.getByRole('link', { name: 'Open Tile' })).toHaveAttribute('href', '/m/m');
  await screen.getByRole('button', { name: 'Refresh Tile' }).click();
  await vi.waitFor(() => expect(app.dashboard.find('m')?.tile).toEqual({ title: 'Fresh' }));
});

test('a live module without a page has neither', async () => {
  const { show } = setUp(MODULE);
  const screen = await show(ModuleTile, { module: MODULE });
  await expect.element(screen.getByRole('heading', { name: 'Tile' })).toBeVisible();
  expect(screen.getByRole('link').elements()).toHaveLength(0);
  expect(screen.getByRole('button').elements()).toHaveLength(0);
});

test('a question takes the focus, Escape refuses it and gives the focus back', async () => {
  const tile = {
    type: 'tile',
    actions: [{ type: 'button', label: 'Wipe', on_click: { __action__: 'wipe', __confirm__: 'All of it?' } }],
  };
  const { transport, show } = setUp(MODULE);
  const screen = await show(ModuleTile, { module: { ...MODULE, tile } });
  const wipe = screen.getByRole('button', { name: 'Wipe' });
  await wipe.click();
  const dialog = screen.getByRole('alertdialog', { name: 'Are you sure?' });
  await expect.element(dialog).toHaveAccessibleDescription('All of it?');
  expect(dialog.element().contains(document.activeElement)).toBe(true);
  await userEvent.keyboard('{Escape}');
  await expect.element(wipe).toHaveFocus();
  expect(transport.act).not.toHaveBeenCalled();
  await wipe.click();
  await screen.getByRole('button', { name: 'Continue' }).click();
  expect(transport.act).toHaveBeenCalledExactlyOnceWith('m', 'wipe', {}, null);
});

test('a dangerous action without a question is asked for by name; Enter alone refuses it', async () => {
  const button = { type: 'button', label: 'Drop', variant: 'danger', on_click: { __action__: 'drop' } };
  const tile = {
    type: 'tile',
    content: [
      {
        type: 'table',
        columns: [{ key: 'name', label: 'Name' }],
        data: [{ name: 'sda' }],
        row_key: 'name',
        row_actions: [button],
      },
    ],
  };
  const { transport, show } = setUp(MODULE);
  const screen = await show(ModuleTile, { module: { ...MODULE, tile } });
  const drop = screen.getByRole('button', { name: 'Drop sda' });
  await drop.click();
  const dialog = screen.getByRole('alertdialog', { name: 'Drop sda?' });
  await expect.element(dialog).toHaveAccessibleDescription('What this does may be impossible to undo.');
  await expect.element(dialog.getByRole('button', { name: 'Cancel' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(drop).toHaveFocus();
  expect(transport.act).not.toHaveBeenCalled();
  await drop.click();
  await dialog.getByRole('button', { name: 'Drop sda' }).click();
  expect(transport.act).toHaveBeenCalledExactlyOnceWith('m', 'drop', { name: 'sda' }, null);
});

test('a tile that cannot be drawn gives way to its problem, which is told once', async () => {
  const { show } = setUp(MODULE);
  const tile = { type: 'tile', title: 'Tile', content: [{ type: 'alert', message: 'too large' }] };
  const problem = { ...PROBLEM, kind: 'tile', detail: 'too large' };
  const screen = await show(ModuleTile, { module: { ...MODULE, tile, problem } });
  await expect.element(screen.getByText('too large')).toBeVisible();
  expect(screen.getByText('too large').elements()).toHaveLength(1);
});

test('a long call says how far it is and can be cancelled; a short one is not listed', async () => {
  answers['POST /api/modules/m/calls/7/cancel'] = [{ success: true }];
  const call = { action: 'copy_files', params: {} };
  const running = [
    { ...call, call: '7', progress: { done: 2, total: 8, text: 'Copying' } },
    { ...call, call: '8', action: 'short', progress: null },
  ];
  const { show } = setUp(MODULE);
  const screen = await show(RunningCalls, { module: { ...MODULE, running } });
  await expect.element(screen.getByText('Copy files: Copying · 2 of 8')).toBeVisible();
  await expect.element(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
  expect(screen.getByRole('listitem').elements()).toHaveLength(1);
  await screen.getByRole('button', { name: 'Cancel Copy files' }).click();
  expect(asked).toHaveBeenCalledWith('POST', '/api/modules/m/calls/7/cancel', undefined);
  await expect.element(screen.getByText('Short')).toBeVisible();
});

test('a page is watched, drawn, and let go', async () => {
  answers['GET /api/modules/m/page'] = [{ page: { type: 'card', title: 'Card', children: [] } }];
  const { transport, show } = setUp({ ...MODULE, hasPage: true });
  const screen = await show(ModulePage, { name: 'm' });
  await expect.element(screen.getByRole('heading', { level: 1, name: 'Tile' })).toBeVisible();
  await expect.element(screen.getByRole('heading', { level: 2, name: 'Card' })).toBeVisible();
  expect(transport.watch).toHaveBeenLastCalledWith('m');
  await screen.unmount();
  expect(transport.watch).toHaveBeenLastCalledWith(null);
});

test.each([
  [[], 'There is no module “m”'],
  [[{ ...MODULE, enabled: false }], 'is not enabled'],
  [[MODULE], 'no page to show'],
  [[{ ...MODULE, hasPage: true }], 'get_page() raised'],
  [[{ ...MODULE, hasPage: true, life: 'failed', problem: PROBLEM }], 'boom'],
  [[{ ...MODULE, hasPage: true, life: 'starting' }], 'Starting'],
  [[{ ...MODULE, hasPage: true, life: 'preparing' }], 'Installing packages…'],
  [[{ ...MODULE, hasPage: true, life: 'blocked', problem: PROBLEM }], 'boom'],
] satisfies [ModuleSnapshot[], string][])('a page that is not there says why (%#)', async (modules, text) => {
  answers['GET /api/modules/m/page'] = [Response.json({ detail: 'get_page() raised' }, { status: 500 })];
  const { show } = setUp(...modules);
  const screen = await show(ModulePage, { name: 'm' });
  await expect.element(screen.getByText(text).first()).toBeVisible();
});

const SETTINGS = {
  schema: {
    properties: {
      interval: { type: 'integer', title: 'Interval' },
      token: { type: 'string', format: 'password', writeOnly: true, title: 'Token' },
      extra: { type: 'object', title: 'Extra' },
    },
  },
  values: { interval: 5, extra: { a: 1 } },
  secrets: { token: true },
  problem: 'interval: too small',
};

test('settings: what is sent for what was typed, kept and cleared', async () => {
  answers['GET /api/modules/m/settings'] = [SETTINGS];
  answers['PUT /api/modules/m/settings'] = [
    Response.json({ title: 'Wrong', errors: { interval: 'Too large', other: 'Odd' } }, { status: 422 }),
    { ...SETTINGS, values: { interval: 7 }, secrets: { token: false }, problem: null },
  ];
  const { show } = setUp(MODULE);
  const screen = await show(SettingsPage, { name: 'm' });
  await expect.element(screen.getByText('interval: too small')).toBeVisible();
  const token = screen.getByLabelText('Token', { exact: true });
  await expect.element(token).toHaveAttribute('placeholder', 'Stored');
  await screen.getByLabelText('Interval').fill('99');
  await screen.getByLabelText('Extra').fill('{');
  await screen.getByRole('button', { name: 'Save' }).click();
  await expect.element(screen.getByText('not valid JSON')).toBeVisible();
  await screen.getByLabelText('Extra').fill('');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await expect.element(screen.getByText('Too large')).toBeVisible();
  await expect.element(screen.getByText('other: Odd')).toBeVisible();
  await expect.element(screen.getByLabelText('Interval')).toHaveFocus();
  expect(asked).toHaveBeenLastCalledWith('PUT', '/api/modules/m/settings', { interval: 99 });
  await screen.getByRole('button', { name: 'Clear Token' }).click();
  await screen.getByLabelText('Interval').fill('7');
  await userEvent.keyboard('{Enter}');
  await expect.element(screen.getByText('Saved', { exact: true })).toBeVisible();
  expect(asked).toHaveBeenLastCalledWith('PUT', '/api/modules/m/settings', { interval: 7, token: null });
  await expect.element(token).not.toHaveAttribute('placeholder', 'Stored');
});

test('disabled modules are folded away below the tiles; one that can’t be enabled says why', async () => {
  answers['GET /api/dashboard'] = [{ version: 0, own: false, tiles: [] }];
  answers['POST /api/modules/off/enable'] = [Response.json({ detail: 'No room' }, { status: 500 })];
  const off: ModuleSnapshot = { ...MODULE, name: 'off', displayName: 'Off', enabled: false, life: 'stopped' };
  const quiet = { ...off, name: 'quiet', dashboard: false };
  const { app, show } = setUp(MODULE, off, quiet);
  await app.arrangement.refetch();
  const screen = await show(Dashboard);
  await screen.getByText('Disabled: 1').click();
  await expect.element(screen.getByRole('listitem')).toHaveTextContent('Off');
  await screen.getByRole('button', { name: 'Enable Off' }).click();
  await expect.element(screen.getByRole('alert')).toHaveTextContent('No room');
  app.dashboard.update({ ...off, enabled: true, life: 'starting' });
  await expect.element(screen.getByText(/^Disabled:/)).not.toBeInTheDocument();
  expect(screen.getByRole('article').elements()).toHaveLength(2);
});

test('settings that were changed elsewhere: heard of, offered, and never overwritten unseen', async () => {
  const stored = (interval: number, version: number) => ({
    ...SETTINGS,
    values: { interval, extra: { a: version } },
    problem: null,
    version,
  });
  answers['GET /api/modules/m/settings'] = [stored(5, 1), stored(6, 2), stored(7, 3)];
  answers['PUT /api/modules/m/settings?version=2'] = [
    Response.json({ detail: 'no', kind: 'settings_changed' }, { status: 409 }),
  ];
  answers['PUT /api/modules/m/settings?version=3'] = [stored(9, 4)];
  const { app, show } = setUp(MODULE);
  const screen = await show(SettingsPage, { name: 'm' });
  await screen.getByLabelText('Interval').fill('9');
  app.dashboard.update({ ...MODULE, settings: 1 });
  await expect.element(screen.getByText('Changed elsewhere to 6')).toBeVisible();
  await expect.element(screen.getByLabelText('Extra')).toHaveValue('{\n  "a": 2\n}');
  // Frames that say nothing of settings ask for none.
  const fetches = asked.mock.calls.length;
  app.dashboard.update({ ...MODULE, settings: 1, displayName: 'Mine' });
  await expect.element(screen.getByRole('heading', { level: 1, name: 'Mine settings' })).toBeVisible();
  expect(asked.mock.calls).toHaveLength(fetches);

  const save = screen.getByRole('button', { name: 'Save' });
  await save.click();
  await expect.element(screen.getByRole('alert')).toHaveTextContent('Changed elsewhere meanwhile');
  await expect.element(screen.getByText('Changed elsewhere to 7')).toBeVisible();
  await expect.element(screen.getByLabelText('Interval')).toHaveValue(9);
  await save.click();
  await expect.element(screen.getByText('Saved', { exact: true })).toBeVisible();
  await expect.element(screen.getByRole('alert')).not.toBeInTheDocument();
});

test('settings are reset to what is stored', async () => {
  answers['GET /api/modules/m/settings'] = [SETTINGS];
  const { show } = setUp(MODULE);
  const screen = await show(SettingsPage, { name: 'm' });
  await screen.getByLabelText('Interval').fill('99');
  await screen.getByRole('button', { name: 'Reset' }).click();
  await expect.element(screen.getByLabelText('Interval')).toHaveValue(5);
});

test.each([
  [404, 'This module has no settings'],
  [500, 'could not be loaded'],
])('settings that answer %d say why', async (status, text) => {
  answers['GET /api/modules/m/settings'] = [Response.json({ detail: 'no' }, { status })];
  const { show } = setUp(MODULE);
  const screen = await show(SettingsPage, { name: 'm' });
  await expect.element(screen.getByText(text)).toBeVisible();
});

test('the modules page tells what is installed, what is blocked, and what can be tried again', async () => {
  const problem = (kind: string, detail: string) => ({ kind, title: 'Blocked', detail, traceback: null });
  const all = [
    { name: 'a', enabled: true, life: 'preparing', preparing: { text: 'Unpacking', done: 1, total: 2 } },
    { name: 'b', enabled: true, life: 'blocked', problem: problem('packages', 'No such package') },
    {
      name: 'c',
      valid: false,
      life: 'blocked',
      problem: problem('platform', 'Runs elsewhere'),
      problems: [{ severity: 'error', message: 'Runs elsewhere' }],
    },
  ];
  answers['GET /api/modules'] = [{ modules: all }];
  const { show } = setUp();
  const screen = await show(Modules);
  const entry = (name: string) => screen.getByRole('article', { name });
  await expect.element(entry('a')).toHaveTextContent('Installing…');
  await expect.element(entry('a').getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50');
  await expect.element(entry('b')).toHaveTextContent('No such package');
  await expect.element(entry('b').getByRole('button', { name: 'Try again' })).toBeEnabled();
  expect(entry('c').element().textContent.split('Runs elsewhere')).toHaveLength(2);
  await expect.element(entry('c').getByRole('button', { name: 'Enable' })).toBeDisabled();
  expect(entry('c').getByRole('button', { name: 'Try again' }).elements()).toHaveLength(0);
});

test('an entry of the modules page links to its own pages, and only to harmless addresses', async () => {
  const capabilities = { websocket: true, dashboard: true, detail_page: true, settings: true };
  const module = { name: 'm', display_name: 'M', enabled: true, life: 'running', capabilities };
  const more = {
    homepage: 'javascript:alert(1)',
    repository: 'https://example.org',
    tags: ['a', 'a'],
    python_deps: ['x'],
  };
  answers['GET /api/modules'] = [{ modules: [{ ...module, ...more }] }];
  const { show } = setUp(MODULE);
  const screen = await show(Modules);
  await expect.element(screen.getByText('Python packages x')).toBeVisible();
  const links = screen.getByRole('link').elements() as HTMLAnchorElement[];
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    'https://example.org',
    '/m/m',
    '/m/m/settings',
    '/m/m/logs',
  ]);
});
