/**
 * A server that lies: the real server with real rules and keys, and between it and the app somebody who hears every
 * message and may say another in the server's name, with the server's own key. Without a lie it says what the server says.
 */
import { onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { HEAD_TYP } from "#core/protocol/command.ts";
import { HEAD, writeText } from "#core/protocol/wire.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { generateServerKey, readServerKey } from "../../sync-server/server/system/server-key.ts";
import type { ServerKey } from "../../sync-server/server/system/server-key.ts";
import { startServer } from "../../sync-server/server/server.ts";
import type { Ask, Connection, Lie } from "./liar-said.ts";
import { onChannels, onDocument } from "./liar-ways.ts";
import type { Swallow, Ways } from "./liar-ways.ts";
import { createMemory } from "./memory-store.ts";
import type { SharedMemory } from "./memory-store.ts";

export interface Liar {
  readonly url: string;
  readonly key: ServerKey;
  /** Says this about these documents (by the start of their name) until something else is said. */
  tell(docs: string, lie: Lie): void;
  /** Keeps commands to these documents from the server and answers them itself. */
  swallow(docs: string, answer: (command: { readonly id: number; readonly jws: string }) => Uint8Array): void;
  truth(): void;
  /** Sends new connections to this server. */
  reach(url: string): void;
  /** Ends all connections: the app dials again. */
  drop(): void;
  /** Says a frame on every open connection to such documents; answers how many there are. */
  say(docs: string, frame: (on: Connection) => Uint8Array | string): number;
  head(
    on: Pick<Connection, "wid" | "doc">,
    parts: { s: number; h: string; t?: number; wid?: string; doc?: string },
    key?: ServerKey,
  ): Uint8Array;
}

const crypto = nodeCrypto;
export const startLiar = async (key: ServerKey): Promise<Liar> => {
  const lies = new Map<string, Lie>();
  const swallowed = new Map<string, Swallow>();
  const open = new Set<Connection>();
  const lines = new Set<() => void>();
  let server = "";
  const front = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  const ask: Ask = (doc, said, on) => [...lies].find(([docs]) => doc.startsWith(docs))?.[1](said, on) ?? true;
  const answerOf = (doc: string): Swallow | undefined => [...swallowed].find(([docs]) => doc.startsWith(docs))?.[1];
  const head: Liar["head"] = (on, { s, h, t = Date.now(), wid = on.wid, doc = on.doc }, by = key) =>
    writeText(HEAD, by.signJws(HEAD_TYP, { v: 1, w: wid, d: doc, s, h, t }));
  front.on("connection", (app, request) => {
    const [wid = "", doc] = decodeURIComponent((request.url ?? "").slice(1)).split("/");
    const real = new WebSocket(`${server.replace("http", "ws")}${request.url ?? ""}`, {
      headers: { host: request.headers.host ?? "" },
      perMessageDeflate: false,
    });
    const early: Uint8Array[] = [];
    const ways: Ways = {
      wid,
      open,
      ask,
      answerOf,
      head,
      toApp: (frame) => void (app.readyState === app.OPEN && app.send(frame)),
      toServer: (bytes) => void (real.readyState === real.OPEN ? real.send(bytes) : early.push(bytes)),
      end: () => app.terminate(),
      close: (code) => app.close(code, ""),
    };
    lines.add(ways.end);
    const between = doc === undefined ? onChannels(ways) : onDocument(ways, doc);
    real.on("open", () => early.splice(0).forEach((bytes) => real.send(bytes)));
    app.on("message", (bytes: Buffer) => between.fromApp(new Uint8Array(bytes)));
    real.on("message", (bytes: Buffer) => between.fromServer(new Uint8Array(bytes)));
    real.on("close", (code, reason) =>
      code === 1006 || code === 1005 ? app.terminate() : app.close(code, reason.toString()),
    );
    app.on("close", () => {
      lines.delete(ways.end);
      between.over();
      real.terminate();
    });
    for (const socket of [app, real]) socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => void front.once("listening", resolve));
  const address = front.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  onTestFinished(() => {
    front.clients.forEach((app) => app.terminate());
    front.close();
  });
  return {
    url,
    key,
    tell: (docs, lie) => void lies.set(docs, lie),
    swallow: (docs, answer) => void swallowed.set(docs, answer),
    truth: () => {
      lies.clear();
      swallowed.clear();
    },
    reach: (to) => {
      server = to;
    },
    drop: () => [...lines].forEach((end) => end()),
    say: (docs, frame) => {
      const to = [...open].filter(({ doc }) => doc.startsWith(docs));
      for (const connection of to) connection.say(frame(connection));
      return to.length;
    },
    head,
  };
};

export interface Lair {
  /** What each person dials, in place of the server. */
  readonly liars: readonly Liar[];
  readonly memory: SharedMemory;
  /** Another server over a copy of what is stored now: the same key, and from here on its own history. */
  fork(memory?: SharedMemory): Promise<string>;
}

/** The real server behind `people` liars. Ends with the test. */
export const startLair = async (people: number): Promise<Lair> => {
  const memory = createMemory();
  const key = readServerKey(crypto, await memory.connect().secret("server-key", generateServerKey));
  const liars = await Promise.all(Array.from({ length: people }, () => startLiar(key)));
  const serve = async (over: SharedMemory): Promise<string> => {
    const running = await startServer({
      store: over.connect(),
      host: "127.0.0.1",
      port: 0,
      origins: liars.map(({ url }) => url),
      create: "open",
      now: Date.now,
      log: () => undefined,
      headEveryMs: 200,
      limits: { strangersPerAddress: 4_096, authWithinMs: 600_000 },
    });
    onTestFinished(() => running.close());
    // Not its `url`: that is the name by which people dial it.
    return `http://127.0.0.1:${running.port}`;
  };
  const first = await serve(memory);
  for (const liar of liars) liar.reach(first);
  return { liars, memory, fork: (over = memory.copy()) => serve(over) };
};
