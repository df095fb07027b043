/** A server of raw frames for one connection with channels, which does as it likes, and a client that dialled it. */
import * as encoding from "lib0/encoding";
import { writeSyncStep2, writeUpdate } from "y-protocols/sync";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import * as Y from "yjs";
import { readConnectionFrame, writeData, writeHeads, writeOpened } from "#core/protocol/channels.ts";
import type { Asked, ConnectionFrame, Had } from "#core/protocol/channels.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { HELLO, SYNC, WELCOME, writeText } from "#core/protocol/wire.ts";
import { createChannels } from "#client/link/channels.ts";
import type { Channels, ChannelsDeps } from "#client/link/channels.ts";
import type { Timers } from "#client/ports/clock.ts";
import { openWebSocket } from "../../electron/host/ways/web-socket.ts";

export const HASH = "h".repeat(43);
export const helloText = (over: object = {}): string =>
  JSON.stringify({ from: 1, to: 1, nonce: "n".repeat(32), origin: "http://x", key: "k".repeat(43), ...over });
export const sync = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  write(encoder);
  return encoding.toUint8Array(encoder);
};

/** Nothing happens by time unless the test says so. */
export const heldTimers = () => {
  const due = new Set<{ readonly at: number; readonly work: () => void }>();
  let now = 0;
  const timers: Timers = {
    after: (ms, work) => {
      const one = { at: now + ms, work };
      due.add(one);
      return () => void due.delete(one);
    },
    soon: (work) => void setImmediate(work),
  };
  return {
    timers,
    monotonic: () => now,
    pass: (ms: number): void => {
      const end = now + ms;
      for (;;) {
        const [next] = [...due].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = Math.max(now, next.at);
        due.delete(next);
        next.work();
      }
      now = end;
    },
  };
};

export interface ChannelLair {
  readonly channels: Channels;
  readonly heard: string[];
  readonly frames: ConnectionFrame[];
  /** What the client holds of a document: two entries of each, unless the test says otherwise. */
  readonly held: Map<DocName, Had>;
  readonly folded: Map<DocName, number>;
  wanted: DocName[];
  position: number;
  asksAll: boolean;
  /** The server's copy of a document, which it edits as it likes. */
  copy(doc: DocName): Y.Doc;
  say(frame: Uint8Array | string): void;
  /** Says this in the channel of a document. */
  tell(doc: DocName, frame: Uint8Array): void;
  asked(doc: DocName): Asked;
  update(doc: DocName, change: (array: Y.Array<unknown>, copy: Y.Doc) => void, whole?: boolean): Uint8Array;
  head(doc: DocName, jws: string): Uint8Array;
  peer(): WebSocket;
  connections(): number;
  pass(ms: number): void;
}
export interface LairOptions {
  readonly wanted?: readonly DocName[];
  /** Said to who dials, or null for silence. */
  readonly hello?: string | null;
  /** What the server answers to OPEN, for each. */
  readonly opens?: (asked: Asked) => Parameters<typeof writeOpened>[0][number] | null;
  readonly welcomes?: boolean;
  readonly auth?: ChannelsDeps["auth"];
}

export const channelLair = async ({
  wanted = [LOG],
  hello = helloText(),
  opens = ({ channel }) => ({ channel, answer: "unchanged" }),
  welcomes = true,
  auth = async ({ nonce, wire, heard }) => `answer to ${nonce} in ${wire} of ${heard.join("-")}`,
}: LairOptions = {}): Promise<ChannelLair> => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const copies = new Map<DocName, Y.Doc>();
  const frames: ConnectionFrame[] = [];
  const asked = new Map<DocName, Asked>();
  let peer: WebSocket | null = null;
  let connections = 0;
  server.on("connection", (ws) => {
    peer = ws;
    connections += 1;
    if (hello !== null) ws.send(writeText(HELLO, hello));
    ws.on("message", (bytes: Buffer) => {
      const frame = readConnectionFrame(new Uint8Array(bytes));
      if (frame === null) return ws.close(4400, "malformed");
      frames.push(frame);
      if (frame.type === "auth" && welcomes) ws.send(writeText(WELCOME, "{}"));
      if (frame.type !== "open") return;
      for (const each of frame.asked) asked.set(each.doc, each);
      const answers = frame.asked.flatMap((each) => opens(each) ?? []);
      if (welcomes && answers.length > 0) ws.send(writeOpened(answers));
    });
  });
  await new Promise<void>((resolve) => void server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { timers, monotonic, pass } = heldTimers();
  const heard: string[] = [];
  const held = new Map<DocName, Had>();
  const folded = new Map<DocName, number>();
  const lair = { wanted: [...wanted], position: 5, asksAll: false };
  const hadOf = (doc: DocName): Had => held.get(doc) ?? { length: 2, head: HASH as never };
  const note =
    (what: string) =>
    (...rest: unknown[]): void =>
      void heard.push([what, ...rest].join(" "));
  const channels = createChannels({
    wid: "w".repeat(22),
    server: () => `http://127.0.0.1:${port}`,
    auth,
    monotonic,
    random: () => 1,
    platform: { timers, openWebSocket },
    date: () => 1_000,
    begin: hadOf,
    folded: (doc) => folded.get(doc) ?? 2,
    wantsHead: () => lair.asksAll,
    wanted: () => lair.wanted,
    position: () => lair.position,
    on: {
      entries: (doc, added) => void heard.push(...added.map((entry) => `${doc} entry ${entry}`)),
      rewritten: (doc, code) => void heard.push(`${doc} ${code}`),
      welcome: note("welcome"),
      head: (doc, jws) => {
        if (jws === "no head") throw new Error("no head");
        heard.push(`head ${doc} ${jws}`);
      },
      told: () => undefined,
      closed: note("closed"),
      refused: note("refused"),
      down: (garbled, trouble) => void heard.push(garbled ? "down over what was sent" : `down ${trouble?.kind ?? ""}`),
      turnedAway: note("turned away"),
    },
  });
  onTestFinished(() => {
    lair.wanted = [];
    channels.closeAll();
    server.clients.forEach((ws) => ws.terminate());
    server.close();
  });
  const copy = (doc: DocName): Y.Doc => {
    const known = copies.get(doc) ?? new Y.Doc();
    if (!copies.has(doc)) {
      known.clientID = 1;
      known.getArray("e").push(["one", "two"]);
    }
    copies.set(doc, known);
    return known;
  };
  const askedOf = (doc: DocName): Asked => {
    const found = asked.get(doc);
    if (found === undefined) throw new Error(`${doc} was not asked for`);
    return found;
  };
  channels.reconcile();
  return Object.assign(lair, {
    channels,
    heard,
    frames,
    held,
    folded,
    copy,
    say: (frame: Uint8Array | string) => peer?.send(frame),
    tell: (doc: DocName, frame: Uint8Array) => peer?.send(writeData(askedOf(doc).channel, frame)),
    asked: askedOf,
    update: (doc: DocName, change: (array: Y.Array<unknown>, of: Y.Doc) => void, whole = false) => {
      const of = copy(doc);
      const before = Y.encodeStateVector(of);
      change(of.getArray("e"), of);
      const update = Y.encodeStateAsUpdate(of, before);
      return sync((encoder) => (whole ? writeSyncStep2(encoder, of, before) : writeUpdate(encoder, update)));
    },
    head: (doc: DocName, jws: string) => writeHeads([{ channel: askedOf(doc).channel, head: jws }]),
    peer: () => peer as unknown as WebSocket,
    connections: () => connections,
    pass,
  });
};
