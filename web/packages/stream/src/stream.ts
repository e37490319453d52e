/** The stream: performs the effects of link.ts over sockets, feeds their frames to store.ts, and tells what came of it. */
import { encode } from '@msgpack/msgpack';
import { ActionError, ConnectionLost, type Call } from './calls.ts';
import type { Malformed, UnknownFrame } from './decode.ts';
import type { Fields } from './fields.ts';
import {
  connectionOf,
  HEARTBEAT,
  initialLink,
  LONGEST_DELAY,
  nextTick,
  step,
  type Connection,
  type Heartbeat,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
} from './link.ts';
import {
  LARGEST_FRAME,
  type HelloFrame,
  type NoticeFrame,
  type Progress,
  type ResumeFrame,
  type ServerFrame,
  type SetupLinesFrame,
  type StateFrame,
  type SubscribeFrame,
} from './protocol.ts';
import { doubtAll, initialState, reduce, resumeOf, type Module } from './store.ts';
import { Wire, type SocketClass } from './wire.ts';

/** What has changed in `modules` since it was told last. */
export interface Change {
  readonly modules: ReadonlyMap<string, Module>;
  readonly added: readonly string[];
  /** Modules that are another object now. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Whether there was a snapshot: with each connection, and when what the daemon finds in its folders has changed. */
  readonly snapshot: boolean;
}

/** What one of them throws goes to the console, and stops nothing. */
export interface StreamEvents {
  connection?(connection: Connection): void;
  hello?(hello: HelloFrame): void;
  change?(change: Change): void;
  /** Only while setup is watched; the latest of a transaction counts. */
  setup?(transaction: Fields): void;
  setupLines?(lines: SetupLinesFrame): void;
  notice?(notice: NoticeFrame): void;
  /** The server doesn’t know this client any more. The stream has stopped. */
  signedOut?(): void;
}

export type SessionState = 'signed-in' | 'signed-out' | 'unreachable';

/** What is wanted of setup: all transactions, and the lines of one. */
export interface SetupWatch {
  /** Null: no lines. */
  readonly transaction: number | null;
  /** The last line that is here whole; asked again at each connection. */
  after(): number;
}

export interface StreamOptions {
  /** Of `/ws`, with `ws:` or `wss:`. A function is asked at each connection. */
  readonly url: string | (() => string);
  readonly on?: StreamEvents;
  /** Without one, that of the platform. */
  readonly WebSocket?: SocketClass;
  /** Without one, as the protocol wants it. */
  readonly heartbeat?: Heartbeat;
  /** Asked after each failed try: the longest pause until the next, in milliseconds. Without one, 10,000. */
  readonly longestDelay?: () => number;
  /**
   * Asked when a socket didn’t open, for which a browser gives no reason; to reject is to say `unreachable`. Without one,
   * it is tried for ever.
   */
  readonly probe?: () => Promise<SessionState>;
  /** Hears, once for each connection, that the server sent what doesn’t fit. Without one, the console does. */
  readonly warn?: (text: string) => void;
}

export interface ActOptions {
  /** The fields of the form that the action is called from. */
  readonly form?: Fields | undefined;
  /** Once aborted, the daemon is asked to cancel; what it then answers is the outcome. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Close code of a socket that ended without a close frame. */
const ABNORMAL = 1006;
/** Milliseconds: a server that keeps sending what doesn’t fit isn’t asked more often. */
const REPAIR_EVERY = 1_000;

interface Waiting extends Call {
  readonly bytes: Uint8Array;
}

function socketClassOf(options: StreamOptions): SocketClass {
  const found = options.WebSocket ?? (globalThis.WebSocket as unknown as SocketClass | undefined);
  if (found === undefined) throw new Error('There is no WebSocket here: pass one as the option `WebSocket`');
  return found;
}

function isSame(shown: Connection | null, next: Connection): boolean {
  if (shown?.phase === 'lost' && next.phase === 'lost') return shown.retryAt === next.retryAt;
  return shown?.phase === next.phase;
}

/** What is told is the caller’s code: its faults aren’t the stream’s. */
function safely(tell: () => void): void {
  try {
    tell();
  } catch (cause) {
    console.error(cause);
  }
}

export class Stream {
  readonly #options: StreamOptions;
  readonly #SocketClass: SocketClass;
  readonly #on: StreamEvents;
  #link: LinkState = initialLink;
  #shown: Connection | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wire: Wire | null = null;
  /** Sockets that still have to answer actions. */
  readonly #retired = new Set<Wire>();

  #state = initialState;
  /** What was told last. */
  #told = initialState.modules;
  #snapshotCame = false;
  #telling: ReturnType<typeof setTimeout> | undefined;

  /** Whether a snapshot is on its way. */
  #resuming = false;
  #warned = false;
  #repairedAt = 0;
  #repairing: ReturnType<typeof setTimeout> | undefined;

  #nextId = 1;
  /** Actions that are sent as soon as there is a connection. */
  readonly #waiting = new Set<Waiting>();
  #page: string | null = null;
  #setup: SetupWatch | null = null;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#SocketClass = socketClassOf(options);
    this.#on = options.on ?? {};
    this.#dispatch({ kind: 'connect' });
  }

  /** All modules in the order to draw them. Immutable: what didn’t change stays the same object. */
  get modules(): ReadonlyMap<string, Module> {
    return this.#state.modules;
  }

  get connection(): Connection {
    return connectionOf(this.#link);
  }

  /** Ends the connection for good. */
  close(): void {
    this.#dispatch({ kind: 'close' });
    clearTimeout(this.#telling);
  }

  /** Doesn’t wait for the next try. */
  retry(): void {
    this.#dispatch({ kind: 'retry' });
  }

  /** The machine may have slept, or has another network: doesn’t wait for a try or a heartbeat. */
  wake(): void {
    this.#dispatch({ kind: 'wake' });
  }

  /** A new connection, to another `url` perhaps, without a sign of it. Actions under way are answered over the old one. */
  reconnect(): void {
    this.#dispatch({ kind: 'refresh' });
  }

  /** That module’s `ui.page` is wanted, also after a reconnect; null: no page any more. */
  watchPage(module: string | null): void {
    if (module === this.#page) return;
    this.#page = module;
    this.#wire?.send({ type: 'subscribe', page: module });
  }

  /** Setup is wanted, also after a reconnect; null: no more. */
  watchSetup(watch: SetupWatch | null): void {
    this.#setup = watch;
    this.#wire?.send({ type: 'subscribe', setup: this.#setupWanted() });
  }

  /**
   * Runs an action; the results are what the client should do. Rejects with an `ActionError` if it is refused, with
   * `ConnectionLost` if there is no connection, or it ends before the answer.
   */
  async act(
    module: string,
    action: string,
    params: Fields = {},
    { form, signal, onProgress }: ActOptions = {},
  ): Promise<readonly Fields[]> {
    signal?.throwIfAborted();
    const id = this.#nextId++;
    const all = form === undefined ? params : { ...params, __form__: form };
    const bytes = encode({ type: 'action', id, module, action, params: all });
    if (bytes.length > LARGEST_FRAME) throw new ActionError(413, 'The parameters take more than 64 KiB');
    const progress = (progress: Progress) => safely(() => onProgress?.(progress));
    const cancel = () => this.#cancel(id, signal?.reason as Error);
    signal?.addEventListener('abort', cancel);
    try {
      return await new Promise<readonly Fields[]>((resolve, reject) => {
        this.#start({ id, bytes, resolve, reject, progress });
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  #dispatch(event: LinkEvent): void {
    const { longestDelay = () => LONGEST_DELAY } = this.#options;
    const heartbeat = this.#heartbeat;
    const around = { now: Date.now(), random: Math.random(), heartbeat, longestDelay: longestDelay() };
    const { state, effects } = step(this.#link, event, around);
    this.#link = state;
    for (const effect of effects) this.#perform(effect);
    this.#schedule();
    this.#showLink();
    if (!this.#isConnecting) this.#refuseWaiting();
  }

  get #heartbeat(): Heartbeat {
    return this.#options.heartbeat ?? HEARTBEAT;
  }

  /** Whether what waits for a connection may hope for one soon. */
  get #isConnecting(): boolean {
    return this.#link.kind === 'opening' || this.#link.kind === 'open';
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const at = nextTick(this.#link);
    if (at === null) return;
    this.#timer = setTimeout(() => this.#dispatch({ kind: 'tick' }), Math.max(0, at - Date.now()));
  }

  #showLink(): void {
    if (this.#link.kind === 'idle' || this.#link.kind === 'signed-out') return;
    const next = connectionOf(this.#link);
    if (isSame(this.#shown, next)) return;
    this.#shown = next;
    safely(() => this.#on.connection?.(next));
  }

  #perform(effect: LinkEffect): void {
    switch (effect) {
      case 'open':
        return this.#open();
      case 'drop':
        return this.#drop();
      case 'retire':
        return this.#retire();
      case 'ping':
        return this.#wire?.send({ type: 'ping' });
      case 'probe':
        void this.#probe();
        return;
      case 'report-signed-out':
        return safely(() => this.#on.signedOut?.());
    }
  }

  async #probe(): Promise<void> {
    let session: SessionState = 'unreachable';
    try {
      session = (await this.#options.probe?.()) ?? session;
    } catch {
      // It was no answer.
    }
    this.#dispatch({ kind: 'probed', session });
  }

  /** What can’t be opened is a failed try; at the first one, the caller’s mistake. */
  #open(): void {
    try {
      this.#wire = this.#newWire();
    } catch (cause) {
      if (this.#shown === null) throw cause;
      this.#dispatch({ kind: 'closed', code: ABNORMAL });
    }
  }

  #newWire(): Wire {
    const { url } = this.#options;
    return new Wire(this.#SocketClass, typeof url === 'string' ? url : url(), {
      opened: () => this.#opened(),
      frame: (frame) => this.#hear(frame),
      closed: (code) => {
        this.#forgetWire();
        this.#dispatch({ kind: 'closed', code });
      },
    });
  }

  #opened(): void {
    this.#dispatch({ kind: 'opened' });
    this.#warned = false;
    this.#resume(resumeOf(this.#state));
    const page = this.#page === null ? {} : { page: this.#page };
    const setup = this.#setup === null ? {} : { setup: this.#setupWanted() };
    const wanted: SubscribeFrame = { type: 'subscribe', ...page, ...setup };
    if (Object.keys(wanted).length > 1) this.#wire?.send(wanted);
    for (const call of this.#waiting) this.#wire?.act(call, call.bytes);
    this.#waiting.clear();
  }

  #drop(): void {
    for (const retired of this.#retired) retired.end();
    this.#retired.clear();
    const wire = this.#forgetWire();
    wire?.end();
  }

  #retire(): void {
    const wire = this.#forgetWire();
    if (!wire) return;
    this.#retired.add(wire);
    wire.retire(() => this.#retired.delete(wire), this.#heartbeat);
  }

  #forgetWire(): Wire | null {
    const wire = this.#wire;
    this.#wire = null;
    clearTimeout(this.#repairing);
    this.#repairing = undefined;
    return wire;
  }

  #setupWanted(): NonNullable<SubscribeFrame['setup']> | null {
    if (this.#setup === null) return null;
    const { transaction, after } = this.#setup;
    return transaction === null ? {} : { transaction, after: after() };
  }

  #start(call: Waiting): void {
    if (this.#link.kind === 'open' && this.#wire) this.#wire.act(call, call.bytes);
    else if (this.#isConnecting) this.#waiting.add(call);
    else call.reject(new ConnectionLost(false));
  }

  /** What wasn’t sent yet never will be; the outcome of the rest is what the daemon says. */
  #cancel(id: number, reason: Error): void {
    const unsent = [...this.#waiting].find((call) => call.id === id);
    if (unsent) {
      this.#waiting.delete(unsent);
      unsent.reject(reason);
    }
    for (const wire of this.#wire ? [this.#wire, ...this.#retired] : this.#retired) wire.cancel(id);
  }

  #refuseWaiting(): void {
    for (const call of this.#waiting) call.reject(new ConnectionLost(false));
    this.#waiting.clear();
  }

  #hear(frame: ServerFrame | UnknownFrame | Malformed): void {
    this.#dispatch({ kind: 'frame' });
    switch (frame.type) {
      case 'hello':
        return safely(() => this.#on.hello?.(frame));
      case 'snapshot':
      case 'module':
      case 'patch':
        return this.#apply(frame);
      case 'result':
        return this.#tell();
      case 'setup':
        return safely(() => this.#on.setup?.(frame.transaction));
      case 'setup_lines':
        return safely(() => this.#on.setupLines?.(frame));
      case 'notice':
        return safely(() => this.#on.notice?.(frame));
      case 'malformed':
        return this.#distrust(frame.reason);
    }
  }

  #apply(frame: StateFrame): void {
    const isNew = !this.#state.modules.has(frame.type === 'snapshot' ? '' : frame.module);
    const { state, fault } = reduce(this.#state, frame);
    this.#state = state;
    if (fault !== null) this.#warn(fault);
    if (frame.type === 'snapshot') this.#greeted();
    else this.#telling ??= setTimeout(() => this.#tell());
    // A page that was wanted of a module that wasn’t there.
    if (frame.type === 'module' && isNew && frame.module === this.#page)
      this.#wire?.send({ type: 'subscribe', page: this.#page });
    if (state.doubted.size > 0) this.#repair();
  }

  #greeted(): void {
    this.#resuming = false;
    this.#snapshotCame = true;
    this.#tell();
    this.#dispatch({ kind: 'greeted' });
  }

  /** Frames that come together are told of together: a module and its patch are two. */
  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    const told = this.#told;
    const { modules } = this.#state;
    const snapshot = this.#snapshotCame;
    this.#told = modules;
    this.#snapshotCame = false;
    if (told === modules && !snapshot) return;
    const names = [...modules.keys()];
    const change: Change = {
      modules,
      added: names.filter((name) => !told.has(name)),
      changed: names.filter((name) => told.has(name) && modules.get(name) !== told.get(name)),
      removed: [...told.keys()].filter((name) => !modules.has(name)),
      snapshot,
    };
    safely(() => this.#on.change?.(change));
  }

  #resume(frame: ResumeFrame): void {
    this.#resuming = true;
    this.#wire?.send(frame);
  }

  /** What was to come is lost, be it the snapshot. */
  #distrust(reason: string): void {
    this.#warn(reason);
    this.#resuming = false;
    this.#state = doubtAll(this.#state);
    this.#repair();
  }

  #warn(fault: string): void {
    if (this.#warned) return;
    this.#warned = true;
    const warn = this.#options.warn ?? ((text: string) => console.warn(text));
    safely(() => warn(`The stream is asked for anew: ${fault}.`));
  }

  /** Everything comes whole: of a module that is named with its revision, patches that are on their way would come twice. */
  #repair(): void {
    if (this.#resuming || this.#repairing !== undefined) return;
    const wait = Math.max(0, this.#repairedAt + REPAIR_EVERY - Date.now());
    this.#repairing = setTimeout(() => {
      this.#repairing = undefined;
      this.#repairedAt = Date.now();
      this.#resume({ type: 'resume' });
    }, wait);
  }
}

/** Connects at once, and again whenever the connection is lost, until it is closed. */
export function connect(options: StreamOptions): Stream {
  return new Stream(options);
}
