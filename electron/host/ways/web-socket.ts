/**
 * The one door through which the host opens WebSockets: to the server of a workspace, past a proxy where there is one.
 * What speaks over a socket sees whole frames of bytes and one end; a frame that cannot be read ends the socket instead
 * of the process.
 */
import { WebSocket } from "ws";
import type { Trouble } from "#core/facts/trouble.ts";
import type { OpenWebSocket } from "#client/ports/sockets.ts";
import { socketWay } from "./connectors.ts";
import { troubleOf } from "./trouble.ts";

const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && "code" in error && String(error.code).startsWith("WS_ERR_");

export const openWebSocket: OpenWebSocket = ({ server, path, withinMs, frameMax }, on) => {
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
      // Whoever sends what cannot be read is hung up on, whatever it is.
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
