/** The page of a module's log: what is in it, what somebody wants of it, and what there is to say where nothing is. */
import type { Component } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { decodeLog } from '../api/logs';
import { App } from '../state/app.svelte';
import { silentTransport } from '../transport/silent';
import AppHarness from './AppHarness.svelte';
import LogPage from './module/LogPage.svelte';
import { fileOf, loggerOf } from './module/log';

afterEach(() => {
  vi.unstubAllGlobals();
});

const wire = (seq: number, more: object = {}) => ({
  seq,
  time: '2026-11-22T12:00:00.123Z',
  level: 'info',
  logger: 'backup',
  message: `line ${String(seq)}`,
  traceback: null,
  ...more,
});

/** The first answer has these lines; the next is what `come` gives it. */
async function show(lines: object[], given: object = {}, status = 200) {
  let come: (lines: object[]) => void = () => undefined;
  const part = (of: object[]) => ({ lines: of, next: of.length });
  vi.stubGlobal('fetch', (path: string) => {
    if (path === '/api/modules') return Promise.resolve(Response.json([]));
    if (!path.includes('after'))
      return Promise.resolve(Response.json({ ...part(lines), detail: 'Not here' }, { status }));
    return new Promise<Response>((resolve) => (come = (of) => resolve(Response.json(part(of)))));
  });
  const app = new App(silentTransport);
  app.session.status = 'signed-in';
  app.dashboard.connection = { phase: 'connected' };
  app.dashboard.replace([]);
  const screen = await render(AppHarness, {
    app,
    part: LogPage as Component<never>,
    given: { name: 'backup', level: 'debug', ...given },
  });
  const log = screen.getByRole('log', { name: 'Lines' });
  return { app, screen, log, come: (of: object[]) => come(of) };
}

test('lines have their time, gravity, logger and traceback, as text; what comes is spoken', async () => {
  const { log, come, screen } = await show([
    wire(3),
    wire(4, { level: 'error', message: '<b>broke</b>', traceback: 'Traceback\n  line 7' }),
  ]);
  await expect.element(log).toHaveTextContent('2 lines aren’t kept any more.');
  await expect.element(log).toHaveTextContent(/November 22, 2026.*\d\d:\d\d:\d\d backup: line 3/);
  await expect.element(log).toHaveTextContent(/Error ?backup: <b>broke<\/b> Traceback line 7/);
  await expect.element(screen.getByText('2 lines', { exact: true })).toBeVisible();
  const spoken = () => log.element().parentElement?.querySelector('[aria-live="polite"]')?.textContent;
  expect(spoken()).toBe('');
  await vi.waitFor(() => {
    come([wire(5, { level: 'error', message: 'again' }), wire(6)]);
    expect(spoken()).toBe('Error: again');
  });
  await expect.element(log).toHaveTextContent('line 6');
});

test('a logger is named where it isn’t the module’s own', () => {
  const name = (logger: string) =>
    decodeLog({ lines: [wire(1, { logger })] }).lines.map((line) => loggerOf(line))[0];
  expect(name('ContaraNAS.modules.community.backup')).toBe('');
  expect(name('ContaraNAS.modules.builtin.backup.disks')).toBe('disks');
  expect(name('contara')).toBe('contara');
  expect(name('urllib3')).toBe('urllib3');
});

test('it is searched by words, and by how grave lines are', async () => {
  const lines = [
    wire(1),
    wire(2, { level: 'warning', message: 'Disk almost full' }),
    wire(3, { level: 'error' }),
  ];
  const { log, screen } = await show(lines, { level: 'warning' });
  await expect.element(screen.getByText('2 of 3 lines match')).toBeVisible();
  expect(log.element().textContent).not.toContain('line 1');
  await screen.getByRole('searchbox', { name: 'Search the log' }).fill(' DISK ');
  await expect.element(screen.getByText('1 of 3 lines match')).toBeVisible();
  await screen.getByRole('searchbox').fill('nothing like it');
  await expect.element(log).toHaveTextContent('No line matches.');
  await expect.element(screen.getByRole('button', { name: 'Download' })).toBeDisabled();
});

test('of many thousand lines few are in the page, and a search through them is quick', async () => {
  const lines = Array.from({ length: 15_000 }, (_, at) => wire(at + 1));
  const { log, screen } = await show(lines);
  await expect.element(log).toHaveTextContent('line 15000');
  const rows = () => log.element().querySelectorAll('.row').length;
  expect(rows()).toBeLessThan(400);
  log.element().scrollTop = 0;
  await expect.element(screen.getByRole('button', { name: 'Follow the end' })).toBeVisible();
  await expect.element(log).toHaveTextContent('line 1 ');
  const start = performance.now();
  await screen.getByRole('searchbox').fill('line 149');
  await expect.element(screen.getByText('111 of 15,000 lines match')).toBeVisible();
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(rows()).toBeLessThan(400);
});

test('nothing logged, no such module, and one that has no log are told apart', async () => {
  const quiet = await show([]);
  await expect.element(quiet.log).toHaveTextContent('Nothing was logged yet.');
  await quiet.screen.unmount();
  const unknown = await show([], {}, 404);
  await expect.element(unknown.screen.getByText('There is no module “backup”.')).toBeVisible();
  await unknown.screen.unmount();
  const invalid = await show([], {}, 409);
  await expect.element(invalid.screen.getByRole('alert')).toHaveTextContent('Not here');
  await expect.element(invalid.screen.getByRole('button', { name: 'Load again' })).toBeVisible();
});

test('as a file it has times of one zone, levels, and nothing of what was told about it', () => {
  const { lines } = decodeLog({
    lines: [wire(1), wire(2, { level: 'error', traceback: 'T\n  1', logger: '' })],
  });
  const entries = lines.map((line) => ({ kind: 'line' as const, line, key: line.seq }));
  expect(fileOf([{ kind: 'gap', missing: 3, key: 9 }, ...entries])).toBe(
    '2026-11-22T12:00:00.123Z INFO backup: line 1\n2026-11-22T12:00:00.123Z ERROR line 2\nT\n  1\n',
  );
});
