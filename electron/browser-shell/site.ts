/**
 * One origin of the browser shell: an HTTP server on 127.0.0.1 that gives out the built interface, and a door for its
 * WebSocket. The Host header must be this very address: a name that an attacker points at 127.0.0.1 (DNS rebinding)
 * gets nothing.
 */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { assetHeaders, safetyHeaders } from "../shell/assets.ts";
import type { Assets } from "../shell/assets.ts";
import { pageWords } from "#text/shells.ts";

export interface SiteParts {
  readonly assets: Assets;
  /** The page at `/`, and the only one of this origin. */
  readonly page: string;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer, origin: string) => void;
}

export interface Site {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 picks a free one. Rejects when the port is taken. */
export const openSite = async (port: number, parts: SiteParts): Promise<Site> => {
  let origin = "";
  const server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: 10_000, headersTimeout: 5_000 },
    (request, response) => answer(request, response, origin, parts),
  );
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (request.headers.host === origin.slice("http://".length)) parts.upgrade(request, socket, head, origin);
    else refuseUpgrade(socket, 403);
  });
  server.on("clientError", (_, socket) => socket.destroy());
  origin = `http://127.0.0.1:${await listen(server, port)}`;
  return { origin, close: () => close(server) };
};

export const refuseUpgrade = (socket: Duplex, status: 400 | 401 | 403 | 404 | 503): void => {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

const answer = (
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  { assets, page }: SiteParts,
): void => {
  const refuse = (status: number, text: string) =>
    response
      .writeHead(status, {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        ...safetyHeaders(),
      })
      .end(text);
  if (request.headers.host !== origin.slice("http://".length)) return void refuse(421, pageWords.foreign);
  if (request.method !== "GET" && request.method !== "HEAD") return void refuse(405, pageWords.onlyRead);
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  // Browsers ask for it unbidden, and would report its absence as an error of the page.
  if (path === "/favicon.ico") return void response.writeHead(204, safetyHeaders()).end();
  const asset = assets.find(path === "/" ? page : path, [page]);
  if (asset === undefined) return void refuse(404, pageWords.nothing);
  response.writeHead(200, {
    ...assetHeaders(asset, [origin.replace("http:", "ws:")]),
    "content-length": String(asset.bytes.length),
  });
  response.end(request.method === "HEAD" ? undefined : asset.bytes);
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const bound = server.address();
      if (typeof bound === "object" && bound !== null) resolve(bound.port);
      else reject(new Error("not bound"));
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
