/** How the client reaches a server: sockets that it is handed, with whole frames of bytes and one end. */

import type { Trouble } from "#core/facts/trouble.ts";

export interface SocketPlace {
  /** Origin of the server, as dialled. */
  readonly server: string;
  /** From the first slash on. */
  readonly path: string;
  /** The handshake may take so long, ms. */
  readonly withinMs: number;
  /** Largest frame that is read, bytes. */
  readonly frameMax: number;
}
export interface SocketEnd {
  /** Close code: the server's, or 1006 where it said none. */
  readonly code: number;
  /** It was ended here, over what was sent. */
  readonly garbled: boolean;
  /** Why there is no connection, where that is known. */
  readonly trouble: Trouble | null;
  /** Status of HTTP that came in place of a socket, or null. */
  readonly answered: number | null;
}
export interface SocketHears {
  /** May throw where it cannot be read: that ends the socket. */
  frame(bytes: Uint8Array): void;
  /** Once, and last. Not where `close` or `cut` ended it. */
  ended(how: SocketEnd): void;
}
export interface OpenSocket {
  open(): boolean;
  send(frame: Uint8Array): void;
  /** Ends it with a goodbye; nothing more is heard. */
  close(): void;
  /** Ends it at once; nothing more is heard. */
  cut(): void;
}

/** Dials. A frame that cannot be read ends the socket instead of the process. */
export type OpenWebSocket = (place: SocketPlace, on: SocketHears) => OpenSocket;
