/**
 * The transport over stream v2: what the stream package tells, in the words of this client’s model, and actions over the
 * same socket. The only file that calls that package.
 */
import {
  ActionError,
  connect,
  ConnectionLost,
  type Change,
  type Module,
  type SessionState,
  type SocketClass,
  type Stream,
} from '@contara/stream';
import { chosenLanguage } from '../i18n/language';
import { language } from '../i18n/speech.svelte';
import { decodeInfo, decodeResults, decodeShown, type Described } from './decode';
import { ApiError, apiError, call, type Fetch } from './http';
import type { ActionResult, FormData, ModuleSnapshot } from './model';
import { fields } from './read';
import { decodeLogPart, decodeTransaction } from './setup-decode';
import type { SetupWatch, Transport, TransportEvents } from './transport';

export interface Surroundings {
  url: string;
  WebSocket: SocketClass;
  fetch: Fetch;
  /** Where `online`, `visibilitychange` and `pageshow` are heard. */
  page: EventTarget;
  visible: () => boolean;
}

/** A person is looking, so less patience than the protocol asks for: dead 5 s after the last frame. */
const HEARTBEAT = { pingAfter: 2_000, answerWithin: 3_000 };
const PROBE_WITHIN = 5_000;
/** Between two tries: whoever looks is to be back within a second of the server, whoever doesn’t has time. */
const LONGEST_DELAY = { visible: 700, hidden: 10_000 };
/** How often it is looked whether the time went on, and how far it jumps where the machine has slept. */
const LOOK_EVERY = 2_000;
const SLEPT = 10_000;
const WAKES = ['online', 'pageshow', 'visibilitychange'];
/** Status of an action that is too large for a frame. */
const TOO_LARGE = 413;

export function browserSurroundings(): Surroundings {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return {
    url: `${scheme}//${location.host}/ws`,
    // Handlers are only ever assigned there, so that theirs take an argument more doesn’t matter.
    WebSocket: WebSocket as unknown as SocketClass,
    fetch: (path, init) => fetch(path, init),
    page: window,
    visible: () => document.visibilityState === 'visible',
  };
}

export class TransportV2 implements Transport {
  #stream: Stream | null = null;
  #page: string | null = null;
  #setup: SetupWatch | null = null;
  #looking: ReturnType<typeof setInterval> | undefined;
  #lookedAt = Date.now();
  /** A restart is counted from when it was told of, so that what was said is read once. */
  readonly #described = new WeakMap<Module['info'], Described>();
  readonly #snapshots = new WeakMap<Module, ModuleSnapshot>();
  readonly #events: TransportEvents;
  readonly #around: Surroundings;

  constructor(events: TransportEvents, around: Surroundings = browserSurroundings()) {
    this.#events = events;
    this.#around = around;
  }

  connect(): void {
    if (this.#stream) return;
    for (const name of WAKES) this.#around.page.addEventListener(name, this.#wake, true);
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY);
    this.#stream = connect({
      url: () => this.#url(),
      WebSocket: this.#around.WebSocket,
      heartbeat: HEARTBEAT,
      longestDelay: () => LONGEST_DELAY[this.#around.visible() ? 'visible' : 'hidden'],
      probe: () => this.#probe(),
      on: {
        connection: (connection) => this.#events.state(connection),
        change: (change) => this.#changed(change),
        setup: (wire) => {
          const transaction = decodeTransaction(wire);
          if (transaction) this.#events.setup(transaction);
        },
        setupLines: (lines) => this.#events.setupLines(decodeLogPart(lines)),
        notice: ({ kind, text }) => console.info(`${kind}: ${text}`),
        signedOut: () => this.#events.signedOut(),
      },
    });
    this.#stream.watchPage(this.#page);
    this.#stream.watchSetup(this.#setup);
  }

  close(): void {
    clearInterval(this.#looking);
    for (const name of WAKES) this.#around.page.removeEventListener(name, this.#wake, true);
    this.#stream?.close();
    this.#stream = null;
  }

  retry(): void {
    this.#stream?.retry();
  }

  refresh(): void {
    this.#stream?.reconnect();
  }

  watch(page: string | null): void {
    this.#page = page;
    this.#stream?.watchPage(page);
  }

  watchSetup(watch: SetupWatch | null): void {
    this.#setup = watch;
    this.#stream?.watchSetup(watch);
  }

  async act(
    module: string,
    action: string,
    params: Readonly<Record<string, unknown>>,
    form: FormData | null,
  ): Promise<ActionResult[]> {
    try {
      if (!this.#stream) throw new ConnectionLost(false);
      return decodeResults(await this.#stream.act(module, action, params, form === null ? {} : { form }));
    } catch (cause) {
      if (cause instanceof ConnectionLost)
        throw new ApiError(0, language.say(cause.sent ? 'action-lost' : 'unreachable'));
      if (!(cause instanceof ActionError)) throw cause;
      if (cause.status === TOO_LARGE) return this.#post(module, action, params, form);
      throw apiError(cause.status, { detail: cause.detail, errors: cause.errors });
    }
  }

  /** HTTP takes sixteen times as much as a frame. */
  async #post(
    module: string,
    action: string,
    params: object,
    form: FormData | null,
  ): Promise<ActionResult[]> {
    const body = form === null ? params : { ...params, __form__: form };
    const path = `/api/modules/${encodeURIComponent(module)}/action/${encodeURIComponent(action)}`;
    return decodeResults(fields(await call('POST', path, { body }, this.#around.fetch))['results']);
  }

  /** A lid that is opened is no event. */
  #look(): void {
    const before = this.#lookedAt;
    this.#lookedAt = Date.now();
    if (this.#lookedAt - before > SLEPT) this.#wake();
  }

  #wake = (): void => {
    if (this.#around.visible()) this.#stream?.wake();
  };

  #url(): string {
    const chosen = chosenLanguage();
    return this.#around.url + (chosen === null ? '' : `?language=${encodeURIComponent(chosen)}`);
  }

  #changed({ modules, added, changed, removed, snapshot }: Change): void {
    if (snapshot || added.length > 0 || removed.length > 0) {
      this.#events.modules([...modules.values()].map((module) => this.#snapshotOf(module)));
      return;
    }
    for (const name of changed) {
      const module = modules.get(name);
      if (module) this.#events.module(this.#snapshotOf(module));
    }
  }

  #snapshotOf(module: Module): ModuleSnapshot {
    const { name, info, ui } = module;
    const described = this.#described.get(info) ?? decodeInfo(name, fields(info), Date.now());
    this.#described.set(info, described);
    const snapshot = this.#snapshots.get(module) ?? { ...described, ...decodeShown(ui) };
    this.#snapshots.set(module, snapshot);
    return snapshot;
  }

  async #probe(): Promise<SessionState> {
    try {
      await call('GET', '/api/auth/session', { timeoutMs: PROBE_WITHIN }, this.#around.fetch);
      return 'signed-in';
    } catch (cause) {
      return cause instanceof ApiError && cause.status === 401 ? 'signed-out' : 'unreachable';
    }
  }
}
