/** One socket, and the actions that were sent over it. */
import { encode } from '@msgpack/msgpack';
import { ActionError, Calls, type Call } from './calls.ts';
import { decodeFrame, type Malformed, type UnknownFrame } from './decode.ts';
import type { Heartbeat } from './link.ts';
import { SUBPROTOCOL, type ClientFrame, type ServerFrame } from './protocol.ts';

/** The part of a browser’s WebSocket that is used. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
  readonly readyState: number;
  send(data: Uint8Array): void;
  close(): void;
}

export type SocketClass = new (url: string, protocol: string) => Socket;

export interface WireEvents {
  opened(): void;
  /** All but what actions were waiting for. */
  frame(frame: ServerFrame | UnknownFrame | Malformed): void;
  closed(code: number): void;
}

/** `readyState`. */
const OPEN = 1;
/** Close code. */
const NORMAL = 1000;

export class Wire {
  readonly #socket: Socket;
  readonly #calls = new Calls();
  #events: WireEvents;
  /** Of a retired one. */
  #heartbeat: Heartbeat | null = null;
  #beat: ReturnType<typeof setTimeout> | undefined;

  constructor(SocketClass: SocketClass, url: string, events: WireEvents) {
    this.#events = events;
    this.#socket = new SocketClass(url, SUBPROTOCOL);
    this.#socket.binaryType = 'arraybuffer';
    // Its close event says all; but in Node an error that nobody hears is thrown.
    this.#socket.onerror = () => undefined;
    this.#socket.onopen = () => this.#events.opened();
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = ({ code }) => {
      clearTimeout(this.#beat);
      this.#events.closed(code);
      this.#calls.lose();
    };
  }

  /** What can’t be said now is said again over the next socket, or not needed. */
  send(frame: ClientFrame): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(encode(frame));
  }

  act(call: Call, bytes: Uint8Array): void {
    this.#calls.add(call);
    this.#socket.send(bytes);
  }

  /** Of an action that isn’t answered yet, and was sent over this socket. */
  cancel(id: number): void {
    if (this.#calls.has(id)) this.send({ type: 'cancel', id });
  }

  /**
   * Brings nothing any more but the answers that are awaited, and ends with the last of them; or when the peer turns out to be gone,
   * which after a sleep nothing else would tell.
   */
  retire(closed: () => void, heartbeat: Heartbeat): void {
    this.#heartbeat = heartbeat;
    this.#events = { opened: () => undefined, frame: () => undefined, closed };
    if (this.#calls.size === 0) this.#finish();
    else this.#ping(heartbeat);
  }

  /** The handlers go first: a dead peer’s close event may come a minute later. */
  end(): void {
    clearTimeout(this.#beat);
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#calls.lose();
  }

  /** What an action has changed is handed on before its answer. */
  #receive(data: unknown): void {
    const frame = decodeFrame(data);
    this.#events.frame(frame);
    this.#answer(frame);
    if (this.#heartbeat) this.#live(this.#heartbeat);
  }

  /** Retired, and heard of. */
  #live(heartbeat: Heartbeat): void {
    if (this.#calls.size === 0) return this.#finish();
    clearTimeout(this.#beat);
    this.#beat = setTimeout(() => this.#ping(heartbeat), heartbeat.pingAfter);
  }

  #ping({ answerWithin }: Heartbeat): void {
    this.send({ type: 'ping' });
    this.#beat = setTimeout(() => this.#finish(), answerWithin);
  }

  #answer(frame: ServerFrame | UnknownFrame | Malformed): void {
    if (frame.type === 'progress') this.#calls.tell(frame);
    if (frame.type === 'result') this.#calls.settle(frame);
    if (frame.type === 'malformed' && frame.id !== undefined)
      this.#calls.fail(frame.id, new ActionError(502, 'The answer can’t be read'));
  }

  #finish(): void {
    this.end();
    this.#events.closed(NORMAL);
  }
}
