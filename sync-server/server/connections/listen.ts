/** The HTTP side: `/healthz`, `/join`, and the door to the sockets. Everything else does not exist. */
import { createServer, STATUS_CODES } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { isIP } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Server as SocketServer } from "ws";
import { asDocName, asWorkspaceId } from "#core/protocol/ids.ts";
import { FRAME_BYTES_MAX } from "#core/protocol/wire.ts";
import { JOIN_PAGE, JOIN_PAGE_POLICY } from "./join-page.ts";
import type { Belt, Limits } from "../admission/limits.ts";
import { networkOf } from "../admission/network.ts";
import type { Origins } from "../admission/origins.ts";
import type { Dial } from "./greeting.ts";
import { UNTOLD } from "../admission/strangers.ts";
import { PeerSocket } from "./peer.ts";

export interface Door {
  readonly limits: Limits;
  readonly trustProxy: boolean;
  readonly origins: () => Origins;
  /** Somebody dialled a name that this server does not go by. */
  readonly originUnknown: (code: number) => void;
  readonly healthy: () => Promise<boolean>;
  readonly onSocket: (ws: PeerSocket, dial: Dial) => void;
}

/** A connection is for one answer: who asks on and reads nothing would make the server keep all of them. */
const HEADERS = {
  connection: "close",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
} as const;

const answer = (
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    "content-type": `${type}; charset=utf-8`,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
};

/** For who opens a founding link in a browser, which keeps what follows the #. */
const FOUND =
  "This is a founding link. Copy all of it, with what follows the #, and paste it in Bulkhead as the server's address when you create a workspace. It works once.\n";

const pathOf = (request: IncomingMessage): string => (request.url ?? "/").split("?")[0] ?? "/";

const serve = async (door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const path = pathOf(request);
  if (request.method !== "GET" && request.method !== "HEAD")
    return answer(response, 405, "text/plain", "Only GET is answered here.\n", { allow: "GET, HEAD" });
  if (path === "/join")
    return answer(response, 200, "text/html", JOIN_PAGE, { "content-security-policy": JOIN_PAGE_POLICY });
  if (path === "/found") return answer(response, 200, "text/plain", FOUND);
  if (path === "/healthz") {
    const healthy = await door.healthy();
    return answer(response, healthy ? 200 : 503, "application/json", `${JSON.stringify({ ok: healthy })}\n`);
  }
  // Where a proxy forgets the header, the app can say so.
  if (readRoom(path) !== undefined)
    return answer(
      response,
      426,
      "text/plain",
      "This is for WebSocket connections. A proxy in front must pass on Upgrade and Connection.\n",
      { upgrade: "websocket" },
    );
  return answer(response, 404, "text/plain", "There is nothing here.\n");
};

/** `/<wid>/<doc>`, as the stock provider writes it; `/<wid>` is a connection, which has many. */
export const readRoom = (path: string): Pick<Dial, "wid" | "doc"> | undefined => {
  const [empty, first, second, ...rest] = path.split("/");
  const wid = asWorkspaceId(first);
  if (empty !== "" || rest.length > 0 || wid === undefined) return undefined;
  if (second === undefined) return { wid, doc: undefined };
  const doc = asDocName(second.replaceAll(/%3a/gi, ":"));
  return doc === undefined ? undefined : { wid, doc };
};

/** Destroys what it answered: who never hangs up would keep a place that no limit counts. */
const refuse = (socket: Duplex, status: number, sentence: string): void => {
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(sentence)}\r\n\r\n${sentence}`,
  );
};

/** Who is counted: the peer itself, or who the proxy before us says dialled it, which is what it added last. */
export const addressOf = (
  {
    headers,
    socket,
  }: Pick<IncomingMessage, "headers"> & { readonly socket: { readonly remoteAddress?: string | undefined } },
  trustProxy: boolean,
): string => {
  const forwarded = trustProxy
    ? [headers["x-forwarded-for"] ?? ""].flat().join(",").split(",").at(-1)?.trim()
    : undefined;
  return forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : (socket.remoteAddress ?? "unknown");
};

type Places = WeakMap<Duplex, { readonly belt: Belt; readonly gone: () => void }>;

const upgrade = (
  door: Door,
  places: Places,
  sockets: SocketServer<typeof PeerSocket>,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void => {
  const destroy = (): void => void socket.destroy();
  socket.on("error", destroy);
  const room = readRoom(pathOf(request));
  if (room === undefined) return refuse(socket, 404, "There is no such document.\n");
  const origins = door.origins();
  const origin = origins.dialled(request.headers.host);
  if (origin === undefined) {
    door.originUnknown(421);
    return refuse(
      socket,
      421,
      "This server does not go by that name. Start it with --origin and the address that people dial.\n",
    );
  }
  // Apps send no Origin header; a page of some other site would.
  if (request.headers.origin !== undefined && !origins.accepts(request.headers.origin))
    return refuse(socket, 403, "Pages of other sites may not connect.\n");
  const place = places.get(socket);
  if (place === undefined || !place.belt.here) return refuse(socket, 503, "Too many connections.\n");
  const { belt } = place;
  door.limits.told(belt, networkOf(addressOf(request, door.trustProxy)));
  sockets.handleUpgrade(request, socket, head, (ws) => {
    // From here on ws listens itself.
    socket.off("close", place.gone).off("error", destroy);
    places.delete(socket);
    door.onSocket(ws, { ...room, origin, belt });
  });
};

/** A connection counts from its first moment on: who sends no request, or sends it byte by byte, is a stranger like any other. */
const greet = (door: Door, places: Places, socket: Socket): void => {
  const belt = door.limits.admit(door.trustProxy ? UNTOLD : networkOf(socket.remoteAddress ?? "unknown"), () =>
    socket.destroy(),
  );
  if (belt === undefined) return;
  const gone = (): void => door.limits.gone(belt);
  places.set(socket, { belt, gone });
  socket.once("close", gone);
};

/** Apps send a frame whole. Kept in single bytes, as an attacker may send it, a frame takes a hundred times its size. */
const FRAGMENTS_MAX = 64;
/** Pieces in which the network brings the largest frame, with room for the smallest packets there are. */
const CHUNKS_MAX = 1_024;

export const createDoor = (door: Door): Server => {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    maxFragments: FRAGMENTS_MAX,
    maxBufferedChunks: CHUNKS_MAX,
    perMessageDeflate: false,
    clientTracking: false,
    WebSocket: PeerSocket,
  });
  const places: Places = new WeakMap();
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 8_192 },
    (request, response) => {
      // Only a store that fails comes here, and it says so in the log by itself.
      serve(door, request, response).catch(() => answer(response, 500, "text/plain", "The server failed.\n"));
    },
  );
  server.on("connection", (socket) => greet(door, places, socket));
  server.on("upgrade", (request, socket, head) => upgrade(door, places, sockets, request, socket, head));
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
};

/** Resolves with the port. Rejects with Node's own error, whose `code` names the reason. */
export const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
