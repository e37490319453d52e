/** A server that is played: sockets that a test opens, speaks over and closes. */
import { decode, encode } from '@msgpack/msgpack';
import type { ClientFrame, ModuleInfo, ModuleUi, ServerFrame } from './protocol.ts';
import type { Socket } from './wire.ts';

export class PlayedSocket implements Socket {
  static all: PlayedSocket[] = [];
  static get last(): PlayedSocket {
    const socket = PlayedSocket.all.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  binaryType = 'blob';
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  readyState = 0;
  closed = false;
  readonly #sent: ClientFrame[] = [];

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    PlayedSocket.all.push(this);
  }

  send(data: Uint8Array): void {
    this.#sent.push(decode(data) as ClientFrame);
  }

  close(): void {
    this.#failUnopened();
    this.closed = true;
    this.readyState = 3;
  }

  /** What was sent since it was asked for last. */
  heard(): ClientFrame[] {
    return this.#sent.splice(0);
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(...frames: ServerFrame[]): void {
    for (const frame of frames) this.bring(encode(frame).slice().buffer);
  }

  bring(data: unknown): void {
    this.onmessage?.({ data });
  }

  end(code: number): void {
    this.#failUnopened();
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** As in Node, where an error that nobody hears is thrown. */
  #failUnopened(): void {
    if (this.readyState !== 0) return;
    if (!this.onerror) throw new Error('nobody hears the error of a socket that didn’t open');
    this.onerror();
  }
}

export function info(more: Partial<ModuleInfo> = {}): ModuleInfo {
  return {
    display_name: 'A',
    enabled: true,
    initialized: true,
    life: 'running',
    problem: null,
    preparing: null,
    running: [],
    dashboard: true,
    has_page: false,
    live: true,
    ...more,
  };
}

export function ui(count: number, more: object = {}): ModuleUi {
  return { tile: { count, chart: { data: [1, 2] } }, modals: [], ...more };
}

/** A whole module, as a snapshot has it. */
export function entry(module: string, revision = 1, shown: ModuleUi | null = ui(0)) {
  return { module, revision, info: info(), ui: shown };
}

export function snapshot(...names: string[]): ServerFrame {
  return { type: 'snapshot', run: 'run-1', modules: names.map((name) => entry(name)) };
}
