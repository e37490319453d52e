/**
 * The transport over REST and stream v1: whole trees by socket, actions by POST. Performs the effects of link.ts and
 * turns frames into events. The only file that knows v1's paths and frames for live data.
 */
import { decode, encode } from '@msgpack/msgpack';
import { chosenLanguage } from '../i18n/language';
import { decodeFrame, decodeResults } from './decode';
import { ApiError, call, type Fetch } from './http';
import {
  connectionOf,
  initialLink,
  nextTick,
  step,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
} from './link';
import type { ActionResult, FormData } from './model';
import type { ClientFrame } from './protocol';
import type { Connection, SetupWatch, Transport, TransportEvents } from './transport';

/** The part of a browser's WebSocket that is used. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  readyState: number;
  send(data: Uint8Array): void;
  close(): void;
}

export interface Surroundings {
  url: string;
  WebSocket: new (url: string) => Socket;
  fetch: Fetch;
  random: () => number;
  /** Where `online`, `visibilitychange` and `pageshow` are heard. */
  page: EventTarget;
  visible: () => boolean;
}

const OPEN = 1;
const PROBE_WITHIN = 5_000;

export function browserSurroundings(): Surroundings {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    url: `${scheme}//${location.host}/ws`,
    // Handlers are only ever assigned here, so that theirs take an argument more doesn’t matter.
    WebSocket: WebSocket as unknown as Surroundings['WebSocket'],
    fetch: (path, init) => fetch(path, init),
    random: Math.random,
    page: window,
    visible: () => document.visibilityState === 'visible',
  };
}

export class TransportV1 implements Transport {
  #link: LinkState = initialLink;
  #shown: Connection | null = null;
  #socket: Socket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watched: string | null = null;
  #setup: SetupWatch | null = null;
  readonly #events: TransportEvents;
  readonly #around: Surroundings;

  constructor(events: TransportEvents, around: Surroundings = browserSurroundings()) {
    this.#events = events;
    this.#around = around;
  }

  connect(): void {
    for (const name of ['online', 'pageshow', 'visibilitychange'])
      this.#around.page.addEventListener(name, this.#wake, true);
    this.#dispatch({ kind: 'connect' });
  }

  close(): void {
    for (const name of ['online', 'pageshow', 'visibilitychange'])
      this.#around.page.removeEventListener(name, this.#wake, true);
    this.#dispatch({ kind: 'close' });
  }

  retry(): void {
    this.#dispatch({ kind: 'retry' });
  }

  refresh(): void {
    this.#dispatch({ kind: 'refresh' });
  }

  watch(page: string | null): void {
    if (page === this.#watched) return;
    this.#watched = page;
    this.#send({ type: 'watch', page });
  }

  watchSetup(watch: SetupWatch | null): void {
    this.#setup = watch;
    if (watch) this.#askSetup(watch);
    else this.#send({ type: 'watch_setup', stop: true });
  }

  async act(
    module: string,
    action: string,
    params: Readonly<Record<string, unknown>>,
    form: FormData | null,
  ): Promise<ActionResult[]> {
    const body = form === null ? params : { ...params, __form__: form };
    const path = `/api/modules/${encodeURIComponent(module)}/action/${encodeURIComponent(action)}`;
    return decodeResults(await call('POST', path, { body }, this.#around.fetch));
  }

  #wake = (): void => {
    if (this.#around.visible()) this.#dispatch({ kind: 'wake' });
  };

  #dispatch(event: LinkEvent): void {
    const { state, effects } = step(this.#link, event, { now: Date.now(), random: this.#around.random() });
    this.#link = state;
    for (const effect of effects) this.#perform(effect);
    this.#schedule();
    this.#show();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const at = nextTick(this.#link);
    if (at === null) return;
    this.#timer = setTimeout(() => this.#dispatch({ kind: 'tick' }), Math.max(0, at - Date.now()));
  }

  #show(): void {
    if (this.#link.kind === 'idle' || this.#link.kind === 'signed-out') return;
    const next = connectionOf(this.#link);
    if (this.#shown?.phase === next.phase && next.phase !== 'lost') return;
    this.#shown = next;
    this.#events.state(next);
  }

  #perform(effect: LinkEffect): void {
    switch (effect) {
      case 'open':
        return this.#open();
      case 'drop':
        return this.#drop();
      case 'ping':
        return this.#send({ type: 'ping' });
      case 'probe':
        void this.#probe();
        return;
      case 'report-signed-out':
        return this.#events.signedOut();
    }
  }

  #open(): void {
    this.#drop();
    const language = chosenLanguage();
    const query = language === null ? '' : `?language=${encodeURIComponent(language)}`;
    const socket = new this.#around.WebSocket(this.#around.url + query);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#dispatch({ kind: 'opened' });
      if (this.#watched !== null) this.#send({ type: 'watch', page: this.#watched });
      if (this.#setup) this.#askSetup(this.#setup);
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => {
      this.#socket = null;
      this.#dispatch({ kind: 'closed', code });
    };
    this.#socket = socket;
  }

  #askSetup({ transaction, after }: SetupWatch): void {
    const from = transaction === null ? {} : { after: after() };
    this.#send({ type: 'watch_setup', transaction, ...from });
  }

  /** What can't be said now is said again at the next connection, or not needed. */
  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(encode(frame));
  }

  /** The handlers go first: a dead peer's close event may come a minute later. */
  #drop(): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #receive(data: unknown): void {
    this.#dispatch({ kind: 'frame' });
    if (!(data instanceof ArrayBuffer)) return;
    let value: unknown;
    try {
      value = decode(new Uint8Array(data));
    } catch (cause) {
      console.warn('A frame could not be decoded and was dropped.', cause);
      return;
    }
    const frame = decodeFrame(value, Date.now());
    if (frame.kind === 'modules') {
      this.#events.modules(frame.modules);
      this.#dispatch({ kind: 'greeted' });
    } else if (frame.kind === 'module') {
      this.#events.module(frame.module);
    } else if (frame.kind === 'setup') {
      this.#events.setup(frame.transaction);
    } else if (frame.kind === 'setup-lines') {
      this.#events.setupLines(frame.part);
    }
  }

  async #probe(): Promise<void> {
    this.#dispatch({ kind: 'probed', session: await this.#session() });
  }

  async #session(): Promise<'signed-in' | 'signed-out' | 'unreachable'> {
    try {
      await call('GET', '/api/auth/session', { timeoutMs: PROBE_WITHIN }, this.#around.fetch);
      return 'signed-in';
    } catch (cause) {
      return cause instanceof ApiError && cause.status === 401 ? 'signed-out' : 'unreachable';
    }
  }
}
