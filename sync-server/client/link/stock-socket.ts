/**
 * What is handed to the stock y-websocket provider in place of a WebSocket: one that is opened by the door that the client
 * is handed, to the document it is made for, whatever address the provider names.
 */
import type { WebsocketProvider } from "y-websocket";
import type { Platform } from "../ports/platform.ts";
import type { OpenSocket, SocketEnd, SocketPlace } from "../ports/sockets.ts";

type Listener<E> = ((event: E) => void) | null;
type Polyfill = NonNullable<NonNullable<ConstructorParameters<typeof WebsocketProvider>[3]>["WebSocketPolyfill"]>;

export class StockSocket {
  readonly OPEN = 1;
  readyState: 0 | 1 | 3 = 0;
  binaryType = "arraybuffer";
  onopen: Listener<{ readonly type: "open" }> = null;
  onmessage: Listener<{ readonly data: Uint8Array }> = null;
  onerror: Listener<{ readonly type: "error" }> = null;
  onclose: Listener<{ readonly code: number }> = null;
  /** How it ended, once it did. */
  end: SocketEnd | null = null;
  readonly #platform: Pick<Platform, "openWebSocket" | "timers">;
  readonly #socket: OpenSocket;

  constructor(platform: Pick<Platform, "openWebSocket" | "timers">, place: SocketPlace) {
    this.#platform = platform;
    this.#socket = platform.openWebSocket(place, {
      opened: () => {
        this.readyState = 1;
        this.onopen?.({ type: "open" });
      },
      frame: (bytes) => this.onmessage?.({ data: bytes }),
      ended: (end) => this.#over(end),
    });
  }
  send(frame: Uint8Array): void {
    if (this.readyState === this.OPEN) this.#socket.send(frame);
  }
  close(): void {
    if (this.readyState === 3) return;
    this.#socket.close();
    // As a WebSocket does it: later, and to whoever listens then.
    this.#platform.timers.soon(() => this.#over({ code: 1005, garbled: false, trouble: null, answered: null }));
  }
  #over(end: SocketEnd): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.end = end;
    this.onclose?.({ code: end.code });
  }
}

/** For the options of a provider. */
export const stockSockets = (platform: Pick<Platform, "openWebSocket" | "timers">, place: SocketPlace): Polyfill =>
  class extends StockSocket {
    constructor() {
      super(platform, place);
    }
  } as unknown as Polyfill;
