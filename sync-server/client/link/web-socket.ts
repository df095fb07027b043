/**
 * The one door through which this client opens WebSockets: to the server of a workspace, past a proxy where there is
 * one. What speaks over a socket sees whole frames of bytes and one end; a frame that cannot be read ends the socket
 * instead of the process.
 */
import { WebSocket } from "ws";
import { socketWay } from "../../../electron/host/ways/connectors.ts";
import { troubleOf } from "../../../electron/host/ways/trouble.ts";
import type { Trouble } from "../../../electron/host/ways/trouble.ts";

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

const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("WS_ERR_");

export const openWebSocket = ({ server, path, withinMs, frameMax }: SocketPlace, on: SocketHears): OpenSocket => {
  const origin = server.replace(/^http/, "ws");
  const ws = new WebSocket(`${origin}${path}`, {
    maxPayload: frameMax,
    handshakeTimeout: withinMs,
    perMessageDeflate: false,
    followRedirects: false,
    ...socketWay(origin),
  });
  ws.binaryType = "arraybuffer";
  let over = false;
  let garbled = false;
  let trouble: Trouble | null = null;
  let answered: number | null = null;

  // At once: ws would wait for the server's goodbye, and what was heard last would count meanwhile.
  const unreadable = (): void => {
    garbled = true;
    ws.terminate();
  };
  ws.on("message", (bytes, binary) => {
    // What came in the same breath is not read either.
    if (over || garbled) return;
    try {
      if (!binary) throw new Error("a frame of text");
      on.frame(new Uint8Array(bytes as ArrayBuffer));
    } catch {
      unreadable();
    }
  });
  ws.on("error", (error) => {
    trouble ??= troubleOf(error);
    if (isUnreadable(error)) unreadable();
  });
  ws.on("unexpected-response", (_request, response) => {
    answered = response.statusCode ?? null;
    ws.terminate();
  });
  ws.on("close", (code) => {
    if (over) return;
    over = true;
    on.ended({ code, garbled, trouble, answered });
  });
  return {
    open: () => ws.readyState === ws.OPEN,
    send: (frame) => ws.send(frame),
    close: () => {
      over = true;
      ws.close();
    },
    cut: () => {
      over = true;
      ws.terminate();
    },
  };
};
