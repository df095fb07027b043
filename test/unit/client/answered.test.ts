/** What answers with HTTP where a socket was asked for: the status, the words, and a real server behind proxies that mislead. */
import { createServer, request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { answeredFact } from "#client/link/answered.ts";
import { knock } from "#client/link/knock.ts";
import { platform } from "../../../electron/host/ways/platform.ts";
import { startServer } from "../../../sync-server/server/server.ts";
import { firstDial } from "../../helpers/first-dial.ts";
import { createMemory } from "../../helpers/memory-store.ts";
import { genesisOf, makePerson, signAuth } from "../../helpers/people.ts";
import { worded } from "../../helpers/worded.ts";

const listening = async (onUpgrade: (asked: IncomingMessage, socket: Duplex) => void): Promise<string> => {
  const front = createServer().on("upgrade", onUpgrade);
  const sockets = new Set<Socket>();
  front.on("connection", (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => void front.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    front.close();
  });
  const address = front.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
};
const relay = (answer: IncomingMessage, socket: Duplex): void => {
  answer.resume();
  socket.end(`HTTP/1.1 ${answer.statusCode ?? 0} x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
};
const serve = async (origins: readonly string[]): Promise<{ url: string; lines: string[] }> => {
  const lines: string[] = [];
  const server = await startServer({
    store: createMemory().connect(),
    host: "127.0.0.1",
    port: 0,
    origins,
    create: "open",
    now: Date.now,
    log: ({ event, code, count }) => void lines.push(`${event} ${code ?? ""} ${count ?? ""}`.trim()),
  });
  onTestFinished(() => server.close());
  return { url: `http://127.0.0.1:${server.port}`, lines };
};
/** A proxy that hands on the question as another name, with or without what asks for a socket. */
const proxyTo = (url: string, host: string, upgrades: boolean): Promise<string> =>
  listening((asked, socket) => {
    const sent = request(`${url}${asked.url ?? ""}`, { headers: upgrades ? { ...asked.headers, host } : { host } });
    sent.on("response", (answer) => relay(answer, socket));
    for (const event of ["upgrade", "error"]) sent.on(event, () => socket.destroy());
    sent.end();
  });

const ada = makePerson("Ada");
const { wid } = genesisOf(ada);
const asFounder = (server: string) =>
  knock(platform, server, wid, async (nonce) => signAuth(ada, "found", { w: wid, d: LOG, nonce, aud: server }));
/** What a socket that stays is told the first time. */
const answered = async (server: string): Promise<number | null> => (await firstDial(server, wid)).answered;

describe("[SV5] [LY11] what answers in place of a socket", () => {
  test.each([
    [421, "server-name", /does not go by the name/],
    [426, "proxy-no-upgrade", /does not pass on WebSocket connections/],
    [429, "server-busy", /no more connections/],
    [502, "server-behind-proxy", /cannot reach the sync server behind it/],
    [503, "server-or-proxy-busy", /not running behind its proxy/],
    [504, "server-silent-behind-proxy", /gets no answer/],
    [301, "server-elsewhere", /leads on to another one/],
    [404, "server-not-bulkhead", /is not a Bulkhead sync server \(it says 404\)/],
    [200, "server-not-bulkhead", /is not a Bulkhead sync server \(it says 200\)/],
  ])("%i: %s", async (status, code, words) => {
    const url = await listening(
      (_asked, socket) =>
        void socket.end(
          `HTTP/1.1 ${status} x\r\nlocation: http://127.0.0.1:9/\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
        ),
    );
    await expect(asFounder(url)).rejects.toEqual(worded(words));
    expect(await answered(url)).toBe(status);
    expect(answeredFact(status, url).code).toBe(code);
  });

  test("a server without --origin behind a proxy says its name, in its own log too, once a minute", async () => {
    const { url, lines } = await serve([]);
    const proxy = await proxyTo(url, "sync.example.org", true);
    await expect(asFounder(proxy)).rejects.toMatchObject({ view: { code: "server-name" } });
    await expect(asFounder(proxy)).rejects.toMatchObject({ view: { code: "server-name" } });
    expect(lines.filter((line) => line.startsWith("origin-unknown"))).toEqual(["origin-unknown 421 1"]);
    // By its own address it answers.
    (await asFounder(url)).close();
  });

  test("a proxy that forgets Upgrade is told as that, and the server's page for people stays as it was", async () => {
    const { url } = await serve(["https://sync.example.org"]);
    await expect(asFounder(await proxyTo(url, "sync.example.org", false))).rejects.toMatchObject({
      view: { code: "proxy-no-upgrade" },
    });
    expect([
      (await fetch(`${url}/${wid}/log`)).status,
      (await fetch(`${url}/join`)).status,
      (await fetch(`${url}/nothing`)).status,
    ]).toEqual([426, 200, 404]);
  });
});
