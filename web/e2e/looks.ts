/**
 * Every page as a picture, wide and narrow, light and dark, in each language, with a daemon that is played: to be looked
 * at by whoever changes how they look or what they say. What axe says of them, and whether anything is cut off, is asked as well.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { decode, encode } from '@msgpack/msgpack';
import { expect, test, type Page } from '@playwright/test';
import {
  LOOKS_ACTIVITY,
  LOOKS_CLIENTS,
  LOOKS_MODULES,
  LOOKS_SETTINGS,
  LOOKS_SYSTEM,
  LOOKS_TILES,
} from './looks.samples.ts';
import type { ClientFrame, ServerFrame } from '../packages/stream/src/protocol.ts';
import * as samples from '../src/lib/pages/setup/samples.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const OUT = fileURLToPath(new URL('../test-results/looks/', import.meta.url));
const ORIGIN = 'http://contara.invalid';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** `METHOD /path` → what is answered; a status where it isn't 200. */
type Answers = Record<string, { status?: number; body: unknown }>;

const RUN = '/api/setup/transactions/7';
const ALWAYS: Answers = {
  'GET /api/auth/session': { body: {} },
  'GET /api/dashboard': { body: { version: 0, own: false, tiles: [] } },
  'PUT /api/dashboard': { body: { version: 1, own: true, tiles: [] } },
  'GET /api/modules': { body: LOOKS_MODULES },
  'GET /api/modules/weather/settings': { body: LOOKS_SETTINGS },
  'GET /api/system': { body: LOOKS_SYSTEM },
  'GET /api/clients': { body: LOOKS_CLIENTS },
  'GET /api/activity': { body: LOOKS_ACTIVITY },
  'GET /api/setup': { body: samples.OVERVIEW },
  'POST /api/setup/plans': { body: samples.PLAN },
  [`GET ${RUN}/form`]: { body: { forms: [samples.FORM] } },
  [`GET ${RUN}/summary`]: { body: { modules: [] } },
  [`GET ${RUN}/changes`]: { body: samples.wireChanges() },
  [`POST ${RUN}/answers`]: {
    status: 422,
    body: {
      detail: 'Some answers have to be changed.',
      kind: 'answers',
      errors: {
        mail: {
          domain: 'This field can’t be empty.',
          adminpass: 'Password mismatch.',
          networks: 'Incorrect netmask address.',
        },
      },
    },
  },
  'GET /api/setup/modules/mail': { body: samples.DETAILS },
};

async function play(page: Page, own: Answers): Promise<void> {
  const answers = { ...ALWAYS, ...own };
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/api/')) {
      const answer = answers[`${route.request().method()} ${pathname}`];
      return route.fulfill({ status: answer?.status ?? (answer ? 200 : 404), json: answer?.body ?? {} });
    }
    const file = extname(pathname) === '' ? '/index.html' : pathname;
    return route.fulfill({ body: await readFile(join(DIST, file)), contentType: TYPES[extname(file)] ?? '' });
  });
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const send = (frame: ServerFrame) => socket.send(Buffer.from(encode(frame)));
    socket.onMessage((message) => {
      const frame = decode(Buffer.from(message)) as ClientFrame;
      if (frame.type === 'resume') send({ type: 'snapshot', run: 'looks', modules: LOOKS_TILES });
      if (frame.type === 'subscribe' && frame.setup?.transaction === 7)
        send({ type: 'setup_lines', transaction: 7, lines: samples.LINES, next: 8, more: false });
    });
  });
}

const run = (state: string, more: object = {}): Answers => ({
  [`GET ${RUN}`]: { body: samples.wireRun(state, more) },
});

interface Look {
  readonly name: string;
  readonly path: string;
  readonly answers?: Answers;
  readonly act?: (page: Page) => Promise<void>;
  /** It has no header with a connection. */
  readonly bare?: boolean;
  /** What waits on it is part of the picture. */
  readonly busy?: boolean;
}

const LOOKS: readonly Look[] = [
  {
    name: '0-sign-in',
    path: '/',
    answers: { 'GET /api/auth/session': { status: 401, body: {} } },
    bare: true,
  },
  { name: '0-dashboard', path: '/', busy: true },
  {
    name: '0-arrange',
    path: '/',
    busy: true,
    act: async (page) => {
      await page.locator('main section button').click();
      await page.locator('.handles .hide button').last().click();
      await page.locator('[data-bar]').nth(1).click();
    },
  },
  { name: '0-modules', path: '/modules' },
  { name: '0-module', path: '/m/weather' },
  { name: '0-settings', path: '/m/weather/settings' },
  { name: '0-system', path: '/system' },
  {
    name: '0-palette',
    path: '/',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog').getByRole('option')).not.toHaveCount(0);
    },
    busy: true,
  },
  { name: '0-not-found', path: '/nowhere' },
  { name: '0-account', path: '/account' },
  {
    name: '0-account-alone',
    path: '/account',
    answers: { 'GET /api/clients': { body: { clients: LOOKS_CLIENTS.clients.slice(0, 1) } } },
    act: async (page) => page.locator('.device button').click(),
  },
  { name: '0-activity', path: '/activity' },
  {
    name: '0-activity-not-loaded',
    path: '/activity?kind=setup',
    answers: { 'GET /api/activity': { status: 500, body: { detail: 'The disk is full.' } } },
  },
  {
    name: '1-choose',
    path: '/setup',
    act: async (page) => {
      await page.getByRole('checkbox', { name: 'Mail server' }).check();
      await page.getByRole('checkbox', { name: 'Name server' }).check();
    },
  },
  {
    name: '1-read-only',
    path: '/setup',
    answers: {
      'GET /api/setup': {
        body: { ...samples.OVERVIEW, read_only: 'Contara doesn’t run as root: start the daemon as root.' },
      },
    },
  },
  { name: '2-review', path: '/setup/plan?modules=mail' },
  {
    name: '2-refused',
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
  { name: '3-queued', path: '/setup/runs/7', answers: run('queued') },
  { name: '3-sign-in', path: '/setup/runs/7', answers: run('waiting', { needs: 'sign_in' }) },
  { name: '4-form', path: '/setup/runs/7', answers: run('waiting') },
  {
    name: '4-form-errors',
    path: '/setup/runs/7',
    answers: run('waiting'),
    act: async (page) => {
      await page.locator('.kept button').click();
      await page.getByLabel('Through a relay').check();
      await page.locator('form button[type=submit]').click();
      await expect(page.locator('form > [role=group]').first()).toBeFocused();
    },
  },
  { name: '5-running', path: '/setup/runs/7', answers: run('running') },
  {
    name: '5-failed',
    path: '/setup/runs/7',
    answers: { ...run('failed'), [`GET ${RUN}/summary`]: { body: samples.SUMMARY } },
  },
  {
    name: '6-done',
    path: '/setup/runs/7',
    answers: {
      ...run('done', { reboot: { state: 'needed', at: null } }),
      [`GET ${RUN}/summary`]: { body: samples.SUMMARY },
    },
  },
  {
    name: '6-restart',
    path: '/setup/runs/7',
    answers: run('done', { reboot: { state: 'at', at: new Date(Date.now() + 3_600_000).toISOString() } }),
  },
  {
    name: '7-module',
    path: '/setup/modules/mail',
    act: async (page) => page.locator('details > summary').first().click(),
  },
];

const VIEWS = ['en-GB', 'de-DE', 'fr-FR'].flatMap((locale) =>
  (['light', 'dark'] as const).flatMap((colorScheme) =>
    [390, 1280].map((width) => ({ locale, colorScheme, width })),
  ),
);

for (const { locale, colorScheme, width } of VIEWS) {
  test.describe(`${locale}, ${colorScheme}, ${String(width)} px`, () => {
    test.use({ locale, colorScheme, viewport: { width, height: 800 } });
    for (const look of LOOKS) {
      test(look.name, async ({ page }) => {
        await play(page, look.answers ?? {});
        await page.goto(ORIGIN + look.path);
        if (!look.bare) await expect(page.locator('header .connected')).toBeVisible();
        if (!look.busy) await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
        await look.act?.(page);
        await page.screenshot({
          path: join(OUT, `${look.name}-${locale.slice(0, 2)}-${String(width)}-${colorScheme}.png`),
          animations: 'disabled',
          fullPage: true,
        });
        const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
        expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
      });
    }
  });
}
