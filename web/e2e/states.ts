/** Every page in each state that it can be in, for tests that look at all of them. */
import type { Page } from '@playwright/test';
import { expect, expectConnected } from './contara.ts';
import { CLIENTS, NOW } from './played.samples.ts';
import { ORIGIN, Played, RUN, type Answers } from './played.ts';
import * as samples from '../src/lib/pages/setup/samples.ts';

const run = (state: string, more: object = {}): Answers => ({
  [`GET ${RUN}`]: { body: samples.wireRun(state, more) },
});

export interface State {
  readonly name: string;
  readonly path: string;
  readonly answers?: Answers;
  /** What somebody does there, or what happens to the daemon; in any language. */
  readonly act?: (page: Page, played: Played) => Promise<void>;
  /** It has no header with a connection. */
  readonly bare?: boolean;
  /** What waits on it is part of the picture. */
  readonly busy?: boolean;
  /** What comes last. */
  readonly shows?: string;
  /** There are pictures of it. */
  readonly pictured?: boolean;
}

const press = (name: string) => async (page: Page) => {
  await page.getByRole('article', { name: 'Weather' }).getByRole('button', { name }).click();
};

export const STATES: readonly State[] = [
  {
    name: 'sign-in',
    path: '/',
    answers: { 'GET /api/auth/session': { status: 401, body: {} } },
    bare: true,
    pictured: true,
  },
  {
    name: 'sign-in-refused',
    path: '/',
    answers: {
      'GET /api/auth/session': { status: 401, body: {} },
      'POST /api/auth/session': { status: 401, body: { detail: 'This code is not valid.' } },
    },
    act: async (page) => {
      await page.locator('form input').fill('0000-0000-0000');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert')).not.toBeEmpty();
    },
    bare: true,
  },
  { name: 'dashboard', path: '/', pictured: true, busy: true },
  {
    name: 'arrange',
    path: '/',
    busy: true,
    act: async (page) => {
      await page.locator('main section button').click();
      await page.locator('.handles .hide button').last().click();
      await page.locator('[data-bar]').nth(1).click();
    },
  },
  {
    name: 'modal',
    path: '/',
    busy: true,
    act: async (page) => {
      await press('Place')(page);
      await expect(page.getByRole('dialog')).toBeVisible();
    },
    pictured: true,
  },
  {
    name: 'question',
    path: '/',
    busy: true,
    act: async (page) => {
      await press('Forget')(page);
      await expect(page.locator('dialog[open]')).toBeVisible();
    },
  },
  {
    name: 'toast',
    path: '/',
    busy: true,
    act: async (page) => {
      await press('Look again')(page);
      await expect(page.getByRole('alert').filter({ hasText: 'weather station' })).toBeVisible();
    },
  },
  {
    name: 'lost',
    path: '/',
    busy: true,
    act: async (page, played) => {
      await played.lose();
      await expect(page.locator('section.banner')).toBeVisible();
    },
  },
  {
    name: 'notices',
    path: '/',
    busy: true,
    act: async (page) => {
      await press('Look again')(page);
      await expect(page.getByRole('alert').filter({ hasText: 'weather station' })).toBeVisible();
      await page.getByRole('banner').locator('[popovertarget]').click();
      await expect(page.getByRole('dialog')).toContainText('weather station');
    },
    pictured: true,
  },
  { name: 'modules', path: '/modules', pictured: true },
  {
    name: 'packages',
    path: '/modules',
    act: async (page) => {
      const weather = page.getByRole('article', { name: 'Weather' });
      await weather.locator('details > summary').first().click();
      await expect(weather.getByText('anyio')).toBeVisible();
    },
  },
  { name: 'log', path: '/m/weather/logs', shows: 'answers', pictured: true },
  { name: 'module', path: '/m/weather', pictured: true },
  { name: 'settings', path: '/m/weather/settings', pictured: true },
  { name: 'system', path: '/system', pictured: true },
  {
    name: 'palette',
    path: '/',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog').getByRole('option')).not.toHaveCount(0);
    },
    busy: true,
  },
  { name: 'not-found', path: '/nowhere' },
  { name: 'account', path: '/account', pictured: true },
  {
    name: 'account-alone',
    path: '/account',
    answers: { 'GET /api/clients': { body: { clients: CLIENTS.clients.slice(0, 1) } } },
    act: async (page) => page.locator('.device button').click(),
  },
  { name: 'activity', path: '/activity', pictured: true },
  {
    name: 'activity-not-loaded',
    path: '/activity?kind=setup',
    answers: { 'GET /api/activity': { status: 500, body: { detail: 'The disk is full.' } } },
  },
  {
    name: 'set-up',
    path: '/setup',
    pictured: true,
    act: async (page) => {
      await page.getByRole('checkbox', { name: 'Mail server' }).check();
      await page.getByRole('checkbox', { name: 'Name server' }).check();
    },
  },
  {
    name: 'set-up-read-only',
    path: '/setup',
    answers: {
      'GET /api/setup': {
        body: { ...samples.OVERVIEW, read_only: 'Contara doesn’t run as root: start the daemon as root.' },
      },
    },
  },
  { name: 'plan', path: '/setup/plan?modules=mail' },
  {
    name: 'plan-refused',
    path: '/setup/plan?modules=bind,dnsmasq',
    answers: {
      'POST /api/setup/plans': {
        status: 422,
        body: {
          detail: 'Name server and Dnsmasq conflict.',
          kind: 'conflict',
          modules: ['bind', 'dnsmasq'],
        },
      },
    },
  },
  { name: 'run-queued', path: '/setup/runs/7', answers: run('queued') },
  { name: 'run-sign-in', path: '/setup/runs/7', answers: run('waiting', { needs: 'sign_in' }) },
  { name: 'run-form', path: '/setup/runs/7', answers: run('waiting') },
  {
    name: 'run-form-errors',
    path: '/setup/runs/7',
    answers: run('waiting'),
    act: async (page) => {
      await page.locator('.kept button').click();
      await page.getByLabel('Through a relay').check();
      await page.locator('form button[type=submit]').click();
      await expect(page.locator('form > [role=group]').first()).toBeFocused();
    },
  },
  { name: 'run-running', path: '/setup/runs/7', answers: run('running') },
  {
    name: 'run-failed',
    path: '/setup/runs/7',
    answers: { ...run('failed'), [`GET ${RUN}/summary`]: { body: samples.SUMMARY } },
    shows: 'Can’t restart postfix',
  },
  {
    name: 'run-done',
    path: '/setup/runs/7',
    answers: {
      ...run('done', { reboot: { state: 'needed', at: null } }),
      [`GET ${RUN}/summary`]: { body: samples.SUMMARY },
    },
    shows: 'Can’t restart postfix',
  },
  {
    name: 'run-restart',
    path: '/setup/runs/7',
    answers: run('done', { reboot: { state: 'at', at: new Date(NOW + 3_600_000).toISOString() } }),
  },
  {
    name: 'set-up-module',
    path: '/setup/modules/mail',
    act: async (page) => page.locator('details > summary').first().click(),
  },
  { name: 'components', path: '/dev/components', busy: true },
];

/** Opens the page, in a browser that has seen nothing yet, and brings it into the state. */
export async function open(page: Page, { path, answers, act, bare, busy, shows }: State): Promise<void> {
  const played = await Played.on(page, answers);
  await page.goto(ORIGIN + path);
  if (!bare) await expectConnected(page);
  await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
  if (!busy) await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
  if (shows !== undefined) await expect(page.getByText(shows).first()).toBeVisible();
  await act?.(page, played);
}
