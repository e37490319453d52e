/**
 * A daemon that is played, for tests of how the pages look: each page of the shipped build in any state at once, and the same at
 * every run. What a real daemon does, the other tests see.
 */
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, encode } from '@msgpack/msgpack';
import type { Page, WebSocketRoute } from '@playwright/test';
import type { ActionFrame, ClientFrame, ServerFrame } from '../packages/stream/src/protocol.ts';
import * as samples from '../src/lib/pages/setup/samples.ts';
import {
  ACTIVITY,
  CLIENTS,
  ENVIRONMENT,
  LOG,
  MODULES,
  NOW,
  SETTINGS,
  SYSTEM,
  TILES,
} from './played.samples.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
export const ORIGIN = 'http://contara.invalid';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** `METHOD /path` → what is answered; a status where it isn't 200. */
export type Answers = Record<string, { status?: number; body: unknown }>;

export const RUN = '/api/setup/transactions/7';
const ALWAYS: Answers = {
  'GET /api/auth/session': { body: {} },
  'GET /api/dashboard': { body: { version: 0, own: false, tiles: [] } },
  'PUT /api/dashboard': { body: { version: 1, own: true, tiles: [] } },
  'GET /api/modules': { body: MODULES },
  'GET /api/modules/weather/settings': { body: SETTINGS },
  'GET /api/modules/weather/environment': { body: ENVIRONMENT },
  'GET /api/modules/weather/logs': { body: LOG },
  'GET /api/system': { body: SYSTEM },
  'GET /api/clients': { body: CLIENTS },
  'GET /api/activity': { body: ACTIVITY },
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

/** What its one module that does anything makes of an action. */
function answerTo({ id, action }: ActionFrame): ServerFrame {
  if (action === 'place') return { type: 'result', id, results: [{ type: 'open_modal', modal_id: 'place' }] };
  return { type: 'result', id, error: { status: 500, detail: 'The weather station doesn’t answer.' } };
}

/** The connection of a page to it. */
export class Played {
  readonly #sockets = new Set<WebSocketRoute>();
  #gone = false;

  private constructor(private readonly page: Page) {}

  /** What is answered otherwise than always. */
  static async on(page: Page, own: Answers = {}): Promise<Played> {
    const played = new Played(page);
    // Times run, but no figure that is drawn of them.
    await page.clock.setFixedTime(NOW);
    await played.#serve({ ...ALWAYS, ...own });
    await page.routeWebSocket(/\/ws$/, (socket) => played.#connect(socket));
    return played;
  }

  /** Like a daemon that is killed. */
  async lose(): Promise<void> {
    this.#gone = true;
    for (const socket of this.#sockets) await socket.close();
  }

  async #serve(answers: Answers): Promise<void> {
    await this.page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.startsWith('/api/')) {
        if (this.#gone) return route.abort();
        const answer = answers[`${route.request().method()} ${pathname}`];
        return route.fulfill({ status: answer?.status ?? (answer ? 200 : 404), json: answer?.body ?? {} });
      }
      const file = extname(pathname) === '' ? '/index.html' : pathname;
      return route.fulfill({
        body: await readFile(join(DIST, file)),
        contentType: TYPES[extname(file)] ?? '',
      });
    });
  }

  #connect(socket: WebSocketRoute): void {
    if (this.#gone) return void socket.close();
    this.#sockets.add(socket);
    const send = (frame: ServerFrame) => socket.send(Buffer.from(encode(frame)));
    socket.onMessage((message) => {
      const frame = decode(Buffer.from(message)) as ClientFrame;
      if (frame.type === 'resume') send({ type: 'snapshot', run: 'played', modules: TILES });
      if (frame.type === 'action') send(answerTo(frame));
      if (frame.type === 'subscribe' && frame.setup?.transaction === 7)
        send({ type: 'setup_lines', transaction: 7, lines: samples.LINES, next: 8, more: false });
    });
  }
}
