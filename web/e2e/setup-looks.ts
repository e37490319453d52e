/**
 * Every step of the set-up wizard as a picture, wide and narrow, light and dark, with a daemon that is played: to be
 * looked at by whoever changes how they look. What axe says of them, and whether anything is cut off, is asked as well.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { encode } from '@msgpack/msgpack';
import { expect, test, type Page } from '@playwright/test';
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
  'GET /api/setup': { body: samples.OVERVIEW },
  'POST /api/setup/plans': { body: samples.PLAN },
  [`GET ${RUN}/form`]: { body: { forms: [samples.FORM] } },
  [`GET ${RUN}/summary`]: { body: { modules: [] } },
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
    const file = pathname.startsWith('/assets/') ? pathname : '/index.html';
    return route.fulfill({ body: await readFile(join(DIST, file)), contentType: TYPES[extname(file)] ?? '' });
  });
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const send = (frame: object) => socket.send(Buffer.from(encode(frame)));
    socket.onMessage((message) => {
      if (!Buffer.from(message).includes('watch_setup')) return;
      send({ type: 'setup_lines', transaction: 7, lines: samples.LINES, next: 8, more: false });
    });
    send({ type: 'full_state', modules: [], active_modal: null, timestamp: '' });
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
}

const LOOKS: readonly Look[] = [
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
      await page.getByRole('button', { name: 'Change Directory password' }).click();
      await page.getByLabel('Through a relay').check();
      await page.getByRole('button', { name: 'Configure' }).click();
      await expect(page.getByRole('group', { name: 'What has to be changed' })).toBeFocused();
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
    act: async (page) => page.getByText('Answers, 1 changed').click(),
  },
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1280]) {
    test.describe(`${colorScheme}, ${String(width)} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });
      for (const look of LOOKS) {
        test(look.name, async ({ page }) => {
          await play(page, look.answers ?? {});
          await page.goto(ORIGIN + look.path);
          await expect(page.getByRole('banner').getByRole('status')).toHaveText('Connected');
          await expect(page.locator('main [aria-busy=true]')).toHaveCount(0);
          await look.act?.(page);
          await page.screenshot({
            path: join(OUT, `${look.name}-${String(width)}-${colorScheme}.png`),
            animations: 'disabled',
            fullPage: true,
          });
          const spare = () => document.documentElement.clientWidth - document.documentElement.scrollWidth;
          expect(await page.evaluate(spare)).toBeGreaterThanOrEqual(0);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual(
            [],
          );
        });
      }
    });
  }
}
