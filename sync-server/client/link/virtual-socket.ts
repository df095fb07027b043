/**
 * What is handed to the stock y-websocket provider in place of a WebSocket: one channel of the connection. It dials
 * nothing and waits for nothing by itself. It opens when its channel is there, ends with the code of the channel, or with
 * 1006 where the connection is lost, and keeps its provider's watchdog quiet while the connection lives.
 */
import type { WebsocketProvider } from "y-websocket";
import { AWARENESS } from "#core/protocol/wire.ts";

/** Close code of a socket whose connection is gone without a word. */
export const LOST = 1006;

/** Presence of nobody, which changes nothing. The provider takes any message as a sign of life. */
const SIGN_OF_LIFE = new Uint8Array([AWARENESS, 1, 0]);

export interface VirtualSocketUse {
  /** The provider made a socket, which waits to be opened. */
  made(socket: VirtualSocket): void;
  /** The provider says this. */
  send(frame: Uint8Array): void;
  /** The provider is done with this socket. */
  left(socket: VirtualSocket): void;
}

type Listener<E> = ((event: E) => void) | null;

export class VirtualSocket {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readyState: 0 | 1 | 2 | 3 = 0;
  binaryType = "arraybuffer";
  onopen: Listener<{ readonly type: "open" }> = null;
  onmessage: Listener<{ readonly data: Uint8Array }> = null;
  onerror: Listener<{ readonly type: "error" }> = null;
  onclose: Listener<{ readonly code: number; readonly reason: string; readonly wasClean: boolean }> = null;
  readonly #use: VirtualSocketUse;

  constructor(use: VirtualSocketUse) {
    this.#use = use;
    use.made(this);
  }
  send(frame: Uint8Array): void {
    if (this.readyState === this.OPEN) this.#use.send(frame);
  }
  close(): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.#use.left(this);
  }

  /** The channel is there. */
  opened(): void {
    if (this.readyState !== this.CONNECTING) return;
    this.readyState = this.OPEN;
    this.onopen?.({ type: "open" });
  }
  /** What the server says in the channel. Throws what the provider's handlers throw. */
  hears(frame: Uint8Array): void {
    if (this.readyState === this.OPEN) this.onmessage?.({ data: frame });
  }
  /** The connection lives. */
  feed(): void {
    this.hears(SIGN_OF_LIFE);
  }
  /** The channel is closed, or the connection with all of them. */
  ended(code: number): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.onclose?.({ code, reason: "", wasClean: code !== LOST });
  }
}

type Polyfill = NonNullable<NonNullable<ConstructorParameters<typeof WebsocketProvider>[3]>["WebSocketPolyfill"]>;

/** For the options of a provider. What it makes are sockets of this channel, whatever address it names. */
export const socketsOf = (use: VirtualSocketUse): Polyfill =>
  class extends VirtualSocket {
    constructor() {
      super(use);
    }
  } as unknown as Polyfill;
