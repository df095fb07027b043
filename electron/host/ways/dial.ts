/** Connections to other computers: past a proxy where there is one, and with TLS that says why it failed. */
import * as http from "node:http";
import * as https from "node:https";
import { connect, isIP } from "node:net";
import type { Socket } from "node:net";
import * as tls from "node:tls";
import { DIRECT, shownProxy } from "./proxies.ts";
import type { FindRoute, Proxy } from "./proxies.ts";
import { trustSystemStore } from "./trust.ts";

/** Each step of a connection may take this long. */
const STEP_MS = 10_000;

/** A failure whose code Node has not. `proxy` is `host:port`. */
export class WayError extends Error {
  readonly code: WayCode;
  readonly proxy: string | null;
  constructor(code: WayCode, proxy: string | null, cause?: unknown) {
    super(code, { cause });
    this.name = "WayError";
    this.code = code;
    this.proxy = proxy;
  }
}
export type WayCode =
  | "WAY_TIMEOUT"
  | "WAY_TLS_CUT"
  | "WAY_PROXY_AUTH"
  | "WAY_PROXY_REFUSED"
  | "WAY_PROXY_AWAY"
  | "WAY_PROXY_KIND";

/** A certificate that was refused, with what it says of itself. */
export class CertificateError extends Error {
  readonly code: string;
  readonly from: string;
  readonly until: string;
  readonly names: string;
  constructor(code: string, seen: tls.PeerCertificate | null, cause: unknown) {
    super(code, { cause });
    this.name = "CertificateError";
    this.code = code;
    this.from = seen?.valid_from ?? "";
    this.until = seen?.valid_to ?? "";
    this.names = seen?.subjectaltname ?? "";
  }
}

export interface Target {
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
}

let find: FindRoute = () => Promise.resolve(DIRECT);
/** From now on connections ask here which way to take. Without it all go directly. */
export const useRoutes = (route: FindRoute): void => {
  find = route;
};

/** Resolves with a socket that is ready to write to; of several ways the first that leads anywhere. */
export const dial = async (target: Target, stepMs = STEP_MS): Promise<Socket> => {
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const url = new URL(`${target.secure ? "https" : "http"}://${isIP(host) === 6 ? `[${host}]` : host}:${target.port}`);
  let failed: unknown;
  for (const proxy of await find(url)) {
    try {
      const socket = await (proxy === null
        ? settled(connect({ host, port: target.port, autoSelectFamily: true }), "connect", stepMs)
        : tunnel(proxy, host, target.port, stepMs));
      socket.setNoDelay(true).setKeepAlive(true, 60_000);
      return target.secure ? await secured(socket, host, stepMs) : socket;
    } catch (error) {
      failed = error;
      // Only a proxy that is away is a reason to go another way: what it refuses is refused.
      if (!(error instanceof WayError) || (error.code !== "WAY_PROXY_AWAY" && error.code !== "WAY_PROXY_KIND"))
        throw error;
    }
  }
  throw failed;
};

/** Resolves when the socket says `ready`, rejects with its error, or with WAY_TIMEOUT. */
const settled = <S extends Socket>(socket: S, ready: "connect" | "secureConnect", stepMs: number): Promise<S> =>
  new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(late);
      socket.off("error", fail).off("close", cut).off(ready, done);
      settle();
    };
    const fail = (error: Error): void => {
      // Whatever it says after that is of no matter.
      socket.on("error", () => undefined).destroy();
      end(() => reject(error));
    };
    const done = (): void => end(() => resolve(socket));
    const cut = (): void => fail(new WayError("WAY_TLS_CUT", null));
    const late = setTimeout(() => fail(new WayError("WAY_TIMEOUT", null)), stepMs);
    socket.on("error", fail).on("close", cut).on(ready, done);
  });

const isRefusal = (code: string): boolean =>
  /^(?:CERT_|ERR_TLS_CERT_)|SELF_SIGNED|^UNABLE_TO_|HOSTNAME_MISMATCH/.test(code);

const secured = async (raw: Socket, host: string, stepMs: number): Promise<Socket> => {
  trustSystemStore();
  const socket = tls.connect({
    socket: raw,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ALPNProtocols: ["http/1.1"],
  });
  let seen: tls.PeerCertificate | null = null;
  // Before Node judges it: a refused connection is gone when its error comes.
  socket.prependOnceListener("secure", () => (seen = socket.getPeerCertificate()));
  try {
    return await settled(socket, "secureConnect", stepMs);
  } catch (error) {
    raw.destroy();
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (isRefusal(code)) throw new CertificateError(code, seen, error);
    // Node gives the end of a handshake the code of any lost connection.
    if (code === "ECONNRESET" || code === "EPIPE") throw new WayError("WAY_TLS_CUT", null, error);
    throw error;
  }
};

/** Asks the proxy to pass everything on, both ways, unread. */
const tunnel = (proxy: Proxy, host: string, port: number, stepMs: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const at = shownProxy(proxy);
    if (proxy.kind === "unknown") return reject(new WayError("WAY_PROXY_KIND", at));
    if (proxy.kind === "https") trustSystemStore();
    const path = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    const headers = { host: path, ...(proxy.credentials === null ? {} : { "proxy-authorization": proxy.credentials }) };
    const request = (proxy.kind === "https" ? https : http).request({
      host: proxy.host,
      port: proxy.port,
      method: "CONNECT",
      path,
      headers,
      agent: false,
    });
    const late = setTimeout(() => request.destroy(new WayError("WAY_PROXY_AWAY", at)), stepMs);
    const refuse = (code: WayCode): void => {
      clearTimeout(late);
      reject(new WayError(code, at));
    };
    request.once("connect", ({ statusCode }, socket: Socket, head: Buffer) => {
      if (statusCode === 200) {
        clearTimeout(late);
        if (head.length > 0) socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      refuse(statusCode === 407 ? "WAY_PROXY_AUTH" : "WAY_PROXY_REFUSED");
    });
    request.once("response", (response) => {
      response.destroy();
      refuse("WAY_PROXY_REFUSED");
    });
    request.once("error", (error) => {
      clearTimeout(late);
      reject(error instanceof WayError ? error : new WayError("WAY_PROXY_AWAY", at, error));
    });
    request.end();
  });
