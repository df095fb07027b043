/** Computers on loopback that one can fail to reach, in each of the ways there are. */
import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, createServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { makeAuthority, makeCertificate, type Certificate } from "./certificates.ts";

export const portOf = async (server: NetServer): Promise<number> => {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket.on("error", () => undefined));
    socket.once("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

export const root = makeAuthority();
const stranger = makeAuthority("Somebody Else");

const answer = (server: Server): Server =>
  server.on("request", (_request, response) => response.writeHead(404).end("nothing here\n"));
const withTls = async (made: Certificate, more: object = {}): Promise<string> =>
  `https://127.0.0.1:${await portOf(answer(createHttps({ cert: made.cert, key: made.key, ...more })))}`;
const leaf = (more: Partial<Parameters<typeof makeCertificate>[0]> = {}): Certificate =>
  makeCertificate({ name: "127.0.0.1", by: root, ...more });

/** Each answers an origin that fails in its own way, where `root` is trusted. */
export const TROUBLES: Readonly<Record<string, readonly [() => Promise<string>, RegExp]>> = {
  "an authority that this computer does not know": [
    () => withTls(leaf({ by: stranger })),
    /The certificate of \S+ is not trusted by this computer\. If your company/,
  ],
  "a certificate that vouches for itself": [
    () => withTls(makeCertificate({ name: "127.0.0.1" })),
    /is vouched for by nobody but itself/,
  ],
  "an expired certificate": [
    () => withTls(leaf({ from: Date.UTC(2020, 0, 1), until: Date.UTC(2021, 4, 6) })),
    /has expired on 2021-05-06\./,
  ],
  "a certificate of the future": [
    () => withTls(leaf({ from: Date.UTC(2090, 1, 3), until: Date.UTC(2091, 1, 3) })),
    /is not valid yet, only from 2090-02-03\. Perhaps this computer's clock/,
  ],
  "a certificate for another name": [
    () => withTls(leaf({ names: ["sync.example.org"] })),
    /is for another name \(sync\.example\.org\)/,
  ],
  "http where https was asked": [
    async () => (await plainHttp()).replace("http:", "https:"),
    /does not speak https(?:\.| there)/,
  ],
  "https where http was asked": [
    async () => (await withTls(leaf())).replace("https:", "http:"),
    /does not speak HTTP|something that is not HTTP|closed the connection without an answer|was closed without an answer|closed the connection before the first word/,
  ],
  "a handshake that is cut": [
    async () =>
      `https://127.0.0.1:${await portOf(createServer((socket) => socket.once("data", () => socket.destroy())))}`,
    /ended (?:the connection )?before it was secured/,
  ],
  "a server that asks for a certificate": [
    () => withTls(leaf(), { requestCert: true, rejectUnauthorized: true, ca: root.cert, maxVersion: "TLSv1.2" }),
    /asks this computer for a certificate of its own/,
  ],
  "TLS of another time": [
    () => withTls(leaf(), { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" }),
    /do not agree on how to secure/,
  ],
  "a name that is nobody's": [() => Promise.resolve("https://nobody.invalid"), /could not be found/],
  "nobody at that port": [async () => `http://127.0.0.1:${await freed()}`, /[Nn]obody answers (?:at|there)/],
};

export const tlsHttp = (): Promise<string> => withTls(leaf());
export const plainHttp = async (): Promise<string> => `http://127.0.0.1:${await portOf(answer(createHttp()))}`;
const freed = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

export interface LoggingProxy {
  readonly port: number;
  /** What it was asked to connect to. */
  readonly asked: string[];
}
/** A company's proxy. `password`: it wants `Basic <password>`. `to`: where every name of example.org leads. */
export const startProxy = async (
  how: { readonly auth?: string; readonly refuses?: boolean; readonly to?: () => number } = {},
): Promise<LoggingProxy> => {
  const asked: string[] = [];
  const server = createHttp((_request, response) => response.writeHead(403).end());
  server.on("connect", (request, client: Socket, head) => {
    client.on("error", () => undefined);
    asked.push(request.url ?? "");
    if (how.auth !== undefined && request.headers["proxy-authorization"] !== how.auth)
      return void client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="it"\r\n\r\n',
      );
    if (how.refuses === true) return void client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const named = new URL(`http://${request.url ?? ""}`);
    const port = named.hostname.endsWith("example.org") ? (how.to?.() ?? 0) : Number(named.port);
    const far = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      far.write(head);
      far.pipe(client).pipe(far);
    });
    far.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => far.destroy());
  });
  return { port: await portOf(server), asked };
};
