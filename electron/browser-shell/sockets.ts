/**
 * The WebSocket behind a page of the browser shell, at `/port`. A connection needs the page's own Origin, the account that
 * runs the shell, and a token, which travels as a subprotocol because browsers allow no other header.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { json } from "#core/protocol/parse.ts";
import { FRAME_MAX_BYTES } from "#bridge/frames.ts";
import type { ToWindow } from "#bridge/frames.ts";
import type { Relay, RelayedKind } from "../shell/relay.ts";
import { isForeign } from "./peer.ts";
import { refuseUpgrade } from "./site.ts";
import type { Tokens } from "./tokens.ts";

export const SUBPROTOCOL = "bulkhead";
/** A window that reads this far behind, in bytes, is cut off: it connects again and asks for what is true then. */
export const BEHIND_MAX_BYTES = 8 * 1024 * 1024;
const WINDOWS_MAX = 64;
const FRAME_MALFORMED = 1_008;

export interface Sockets {
  upgrade(kind: RelayedKind["kind"], request: IncomingMessage, socket: Duplex, head: Buffer, origin: string): void;
  close(): void;
}

export const createSockets = (relay: Relay, tokens: Tokens): Sockets => {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_MAX_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
    handleProtocols: () => SUBPROTOCOL,
  });

  const upgrade: Sockets["upgrade"] = (kind, request, socket, head, origin) => {
    if (request.url !== "/port") return refuseUpgrade(socket, 404);
    if (request.headers.origin !== origin) return refuseUpgrade(socket, 403);
    const { remotePort, localPort } = request.socket;
    if (remotePort === undefined || localPort === undefined || isForeign(remotePort, localPort))
      return refuseUpgrade(socket, 403);
    if (server.clients.size >= WINDOWS_MAX) return refuseUpgrade(socket, 503);
    const token = tokenAmong(request.headers["sec-websocket-protocol"]);
    const granted = token === undefined ? undefined : tokens.redeem(token, kind);
    if (granted === undefined) return refuseUpgrade(socket, 401);
    server.handleUpgrade(request, socket, head, (opened) => attach(opened, granted.of, granted.again));
  };

  const attach = (socket: WebSocket, of: RelayedKind, again: string) => {
    const send = (frame: ToWindow) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > BEHIND_MAX_BYTES) return socket.terminate();
      socket.send(JSON.stringify(frame));
    };
    send({ f: "session", token: again });
    const window = relay.open(of, send);
    socket.on("message", (bytes, isBinary) => {
      if (isBinary || !window.frame(json((bytes as Buffer).toString("utf8"))))
        socket.close(FRAME_MALFORMED, "malformed");
    });
    socket.on("close", () => window.close());
    // A protocol error also closes the socket; nothing more is to be done about it.
    socket.on("error", () => socket.terminate());
  };

  return {
    upgrade,
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
};

const tokenAmong = (header: string | undefined): string | undefined => {
  const offered = (header ?? "").split(",").map((one) => one.trim());
  const tokens = offered.filter((one) => one.startsWith("token."));
  return offered.includes(SUBPROTOCOL) && tokens.length === 1 ? tokens[0]?.slice("token.".length) : undefined;
};
