/** The pages Account and Activity, from data that may be wrong. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { App } from '../state/app.svelte';
import { routeOf } from '../state/router.svelte';
import { duration } from '../text/time';
import { silentTransport } from '../transport/silent';
import AccountPage from './account/AccountPage.svelte';
import ActivityPage from './activity/ActivityPage.svelte';
import { byDay } from './activity/words';
import AppHarness from './AppHarness.svelte';

let answer: object;

beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json(answer));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function show(part: typeof AccountPage | typeof ActivityPage, given: Record<string, unknown> = {}) {
  const app = new App(silentTransport);
  app.session.status = 'signed-in';
  app.dashboard.connection = { phase: 'connected' };
  return Object.assign(await render(AppHarness, { app, part, given }), { app });
}

test('devices come by who is there now, then by who was there last; junk is left out', async () => {
  answer = {
    clients: [
      { id: 1, name: 'Own', this: true, last_seen: '2026-01-01T00:00:00Z' },
      { id: 2, name: 'Long ago', last_seen: '2024-01-01T00:00:00Z' },
      { id: 3, name: 'Lately', last_seen: '2026-01-01T00:00:00Z' },
      { id: 4, name: 'There', connected: true },
      { id: 'x', name: 'Junk' },
      null,
    ],
  };
  const page = await show(AccountPage);
  const others = page.getByRole('region', { name: 'Other devices' });
  await vi.waitFor(() => expect(others.getByRole('listitem').elements()).toHaveLength(3));
  const names = others.getByRole('listitem').elements();
  expect(names.map((item) => item.textContent.trim().split(/\s{2,}|Paired/)[0])).toEqual([
    expect.stringContaining('There'),
    expect.stringContaining('Lately'),
    expect.stringContaining('Long ago'),
  ]);
  await expect.element(page.getByRole('button', { name: 'Rename Own' })).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Sign out Own' })).not.toBeInTheDocument();
});

test('what a newer server tells of is named, and markup is text', async () => {
  answer = {
    entries: [
      { id: 3, at: 'never', kind: 'fleet', event: 'node_joined', by: { name: '<b>x</b>' }, outcome: 'odd' },
      { id: 2, kind: 'action', event: 'ran', module: '<i>m</i>', action: 'scan_all', outcome: 'failed' },
      { kind: 'action' },
      7,
    ],
    next: null,
  };
  const page = await show(ActivityPage, { kind: null });
  await expect.element(page.getByText('Node joined')).toBeVisible();
  await expect.element(page.getByText('<b>x</b>')).toBeVisible();
  await expect.element(page.getByText('<i>m</i>: Scan all')).toBeVisible();
  await expect.element(page.getByText('Failed')).toBeVisible();
  expect(page.getByRole('listitem').elements()).toHaveLength(2);
  await expect.element(page.getByRole('button', { name: 'Show more' })).not.toBeInTheDocument();
});

test('after a connection that was made unseen the latest comes on top, and what was read stays with its focus', async () => {
  const ran = (id: number) => ({
    id,
    at: '2026-01-02T12:00:00Z',
    kind: 'action',
    event: 'ran',
    action: `act_${String(id)}`,
  });
  answer = { entries: [ran(4), ran(3)], next: 3 };
  const page = await show(ActivityPage, { kind: null });
  await expect.element(page.getByText('Act 4')).toBeVisible();
  answer = { entries: [ran(2), ran(1)], next: 1 };
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.element(page.getByText('Act 1')).toBeVisible();
  const read = page.getByRole('listitem').last();
  read.element().focus();

  answer = { entries: [ran(5), ran(4)], next: 4 };
  page.app.dashboard.replace([]);
  await expect.element(page.getByText('Act 5')).toBeVisible();
  expect(page.getByRole('listitem').elements()).toHaveLength(5);
  await expect.element(read).toHaveFocus();
  await expect.element(page.getByRole('button', { name: 'Show more' })).toBeVisible();

  // More has happened than came: what lies between is unknown, so the list begins anew.
  answer = { entries: [ran(90), ran(89)], next: 89 };
  page.app.dashboard.replace([]);
  await vi.waitFor(() => expect(page.getByRole('listitem').elements()).toHaveLength(2));
});

test('devices are asked for anew after a connection that was made unseen', async () => {
  answer = { clients: [{ id: 1, name: 'Own', this: true }] };
  const page = await show(AccountPage);
  await expect.element(page.getByRole('button', { name: 'Rename Own' })).toBeVisible();
  answer = { clients: [{ id: 1, name: 'Sofa', this: true }] };
  page.app.dashboard.replace([]);
  await expect.element(page.getByRole('button', { name: 'Rename Sofa' })).toBeVisible();
});

test('entries of one day stand together, in the order in which they came', () => {
  const entry = (id: number, at: Date | null) => ({
    id,
    at,
    last: at,
    times: 1,
    kind: 'action',
    event: 'ran',
    outcome: 'done' as const,
    by: null,
    module: null,
    action: null,
    about: null,
    longest: null,
    run: null,
  });
  const on = (day: number) => new Date(2026, 0, day, 12);
  const days = byDay([entry(4, on(2)), entry(3, on(2)), entry(2, on(1)), entry(1, on(2))], 'en');
  expect(days.map((day) => day.entries.map(({ id }) => id))).toEqual([[4, 3], [2], [1]]);
  expect(days[0]?.name).toBe('Friday, January 2, 2026');
  expect(new Set(days.map(({ key }) => key)).size).toBe(3);
});

test.each([
  [12, 'en', '12 ms'],
  [3_400, 'de', '3,4 Sek.'],
  [420_000, 'en', '7 min'],
])('%d ms in %s is %s', (ms, locale, said) => {
  expect(duration(ms, locale)).toBe(said);
});

test.each([
  ['', null],
  ['?kind=setup', 'setup'],
  ['?kind=constructor', null],
])('/activity%s is the kind %s', (search, kind) => {
  expect(routeOf('/activity/', search)).toEqual({ page: 'activity', kind });
});
