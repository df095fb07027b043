/**
 * A server that lies: the real server with real rules and keys, and between it and the app somebody who hears every
 * message and may say another in the server's name, with the server's own key. Without a lie it says what the server says.
 */
import * as decoding from "lib0/decoding";
import { onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import * as Y from "yjs";
import { HEAD_TYP } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import { ACK, HEAD, HELLO, readClientFrame, SYNC, WELCOME, writeNumbered, writeText } from "#core/protocol/wire.ts";
import { asStep2, updateFrame } from "../../sync-server/server/fan-out/array-update.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { generateServerKey, readServerKey } from "../../sync-server/server/system/server-key.ts";
import type { ServerKey } from "../../sync-server/server/system/server-key.ts";
import { startServer } from "../../sync-server/server/server.ts";
import { createMemory } from "./memory-store.ts";
import type { SharedMemory } from "./memory-store.ts";

/** A message of the server as it is read here. */
export type Said =
  | { readonly kind: "entries"; readonly from: number; readonly entries: readonly string[]; readonly whole: boolean }
  | { readonly kind: "head"; readonly s: number; readonly h: string; readonly t: number; readonly jws: string }
  | { readonly kind: "welcome"; readonly s: number }
  | { readonly kind: "ack"; readonly id: number; readonly ack: Record<string, unknown> }
  | { readonly kind: "hello" }
  | { readonly kind: "other" };

export interface Connection {
  readonly wid: string;
  readonly doc: string;
  /** Says this frame to the app. */
  say(frame: Uint8Array | string): void;
  end(): void;
  /** Ends it with a close code. */
  close(code: number): void;
}
/** What the app is told instead: these frames, or `true` for what the server said. */
export type Lie = (said: Said, on: Connection) => true | readonly Uint8Array[];

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
export const sha256 = (text: string): string => crypto.sha256(text);
export const strangerKey = (): ServerKey => readServerKey(crypto, generateServerKey());

export const entriesFrame = (from: number, entries: readonly string[], whole = false): Uint8Array =>
  whole ? asStep2(updateFrame(from, entries)) : updateFrame(from, entries);

const readEntries = (decoder: decoding.Decoder): Said => {
  const step = decoding.readVarUint(decoder);
  const [struct] = Y.decodeUpdate(decoding.readVarUint8Array(decoder)).structs;
  const content = struct instanceof Y.Item ? (struct.content as Y.ContentAny).arr : [];
  return { kind: "entries", from: struct?.id.clock ?? 0, entries: content as string[], whole: step === 1 };
};
const read = (bytes: Uint8Array): Said => {
  const decoder = decoding.createDecoder(bytes);
  const type = decoding.readVarUint(decoder);
  if (type === SYNC) return readEntries(decoder);
  if (type === HELLO) return { kind: "hello" };
  if (type === WELCOME) return { kind: "welcome", s: (JSON.parse(decoding.readVarString(decoder)) as { s: number }).s };
  if (type === ACK)
    return {
      kind: "ack",
      id: decoding.readVarUint(decoder),
      ack: JSON.parse(decoding.readVarString(decoder)) as Record<string, unknown>,
    };
  if (type !== HEAD) return { kind: "other" };
  const jws = decoding.readVarString(decoder);
  return {
    kind: "head",
    ...(JSON.parse(crypto.decode(jws.split(".")[1] ?? "") ?? "{}") as { s: number; h: string; t: number }),
    jws,
  };
};

export const welcomeFrame = (s: number): Uint8Array => writeText(WELCOME, JSON.stringify({ s }));
export const ackFrame = (id: number, ack: unknown): Uint8Array => writeNumbered(ACK, id, JSON.stringify(ack));

export const startLiar = async (key: ServerKey): Promise<Liar> => {
  const lies = new Map<string, Lie>();
  const swallowed = new Map<string, (command: { readonly id: number; readonly jws: string }) => Uint8Array>();
  const open = new Set<Connection>();
  let server = "";
  const front = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  front.on("connection", (app, request) => {
    const [wid = "", doc = LOG] = decodeURIComponent((request.url ?? "").slice(1)).split("/");
    const real = new WebSocket(`${server.replace("http", "ws")}${request.url ?? ""}`, {
      headers: { host: request.headers.host ?? "" },
      perMessageDeflate: false,
    });
    const early: Buffer[] = [];
    const connection: Connection = {
      wid,
      doc,
      say: (frame) => app.send(frame),
      end: () => app.terminate(),
      close: (code) => app.close(code, ""),
    };
    open.add(connection);
    real.on("open", () => early.splice(0).forEach((bytes) => real.send(bytes)));
    app.on("message", (bytes: Buffer) => {
      const answer = [...swallowed].find(([docs]) => doc.startsWith(docs))?.[1];
      const frame = answer === undefined ? null : readClientFrame(new Uint8Array(bytes));
      if (answer !== undefined && frame?.type === "cmd") return app.send(answer(frame));
      return void (real.readyState === real.OPEN ? real.send(bytes) : early.push(bytes));
    });
    real.on("message", (bytes: Buffer) => {
      const lie = [...lies].find(([docs]) => doc.startsWith(docs))?.[1];
      const said = lie === undefined ? true : lie(read(new Uint8Array(bytes)), connection);
      if (app.readyState === app.OPEN) for (const frame of said === true ? [bytes] : said) app.send(frame);
    });
    real.on("close", (code, reason) =>
      code === 1006 || code === 1005 ? app.terminate() : app.close(code, reason.toString()),
    );
    app.on("close", () => {
      open.delete(connection);
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
    drop: () => [...open].forEach((connection) => connection.end()),
    say: (docs, frame) => {
      const to = [...open].filter(({ doc }) => doc.startsWith(docs));
      for (const connection of to) connection.say(frame(connection));
      return to.length;
    },
    head: (on, { s, h, t = Date.now(), wid = on.wid, doc = on.doc }, by = key) =>
      writeText(HEAD, by.signJws(HEAD_TYP, { v: 1, w: wid, d: doc, s, h, t })),
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
