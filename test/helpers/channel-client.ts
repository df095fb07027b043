/** A client of one connection with channels: it says exactly what a test tells it to, and keeps everything it hears. */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { readServerFrame, writeCredit, writeData, writeOpen } from "#core/protocol/channels.ts";
import type { Had, Opened } from "#core/protocol/channels.ts";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import {
  ACK,
  AUTH,
  PAIR_NEWS,
  PAIR_SAY,
  readStatePage,
  STATE,
  SYNC,
  writeNumbered,
  writeText,
} from "#core/protocol/wire.ts";
import type { Ack, StatePage } from "#core/protocol/wire.ts";
import { crypto } from "./node-crypto.ts";
import { signAuth2 } from "./people.ts";
import type { Person } from "./people.ts";
import { seenBy } from "./sync-world.ts";
import { stateVector } from "./wire-client.ts";
import type { Closed } from "./wire-client.ts";

/** What came in one channel. */
export interface Heard {
  readonly number: number;
  readonly doc: string;
  entries(): string[];
  /** SyncStep2 frames, bytes of all SYNC frames, and the longest of them. */
  steps: number;
  bytes: number;
  longest: number;
  readonly acks: Map<number, Ack>;
  readonly news: string[];
  readonly said: string[];
  readonly pages: StatePage[];
  readonly heads: string[];
  /** How it was answered, and how it ended. */
  opened: Opened | undefined;
  shut: { readonly code: number; readonly reason: string } | undefined;
  /** Message numbers in DATA after its end. */
  late: number;
}

export interface Line {
  readonly ws: WebSocket;
  readonly hello: Promise<{ from: number; to: number; nonce: string; origin: string; key: string }>;
  readonly welcome: Promise<Record<string, unknown>>;
  readonly closed: Promise<Closed>;
  /** Types of frames in the order in which they came; of DATA with its channel. */
  readonly order: string[];
  /** Channels that were answered, whoever asked. */
  answered: number;
  /** Numbers of channels in each HEADS. */
  readonly headed: number[][];
  channel(number: number): Heard;
  /** A question for documents, under the next numbers; answered channels in that order. */
  open(docs: readonly (DocName | string)[], had?: (doc: string) => Had | null): Promise<Heard[]>;
  /** The same, without waiting. */
  ask(docs: readonly (DocName | string)[], had?: (doc: string) => Had | null): Heard[];
  data(channel: number, frame: Uint8Array): void;
  cmd(channel: number, jws: string): Promise<Ack>;
  raw(bytes: Uint8Array): void;
  /** Gives back what it takes, at once. */
  generous: boolean;
  until(holds: () => boolean): Promise<void>;
  close(): void;
}

const NOTHING: Had = { length: 0, head: "" };
/** What a copy of these entries says that it has. */
export const hadOf = (entries: readonly string[]): Had => {
  const [length, head] = seenBy(entries);
  return { length, head: head as Had["head"] };
};

export const dialConnection = (url: string, wid: string): Line => {
  const ws = new WebSocket(`${url.replace(/^http/, "ws")}/${wid}`, { perMessageDeflate: false });
  const hello = Promise.withResolvers<Awaited<Line["hello"]>>();
  const welcome = Promise.withResolvers<Record<string, unknown>>();
  const closed = Promise.withResolvers<Closed>();
  for (const { promise } of [hello, welcome]) promise.catch(() => undefined);
  const refusals: ((error: Error) => void)[] = [];
  const waiting = new Set<() => void>();
  const channels = new Map<number, Heard & { readonly copy: Y.Doc }>();
  const order: string[] = [];
  const headed: number[][] = [];
  let last = 0;
  let ids = 0;

  const add = (number: number, doc: string): Heard => {
    const copy = new Y.Doc();
    const heard = {
      number,
      doc,
      copy,
      entries: () => copy.getArray<string>("e").toArray(),
      steps: 0,
      bytes: 0,
      longest: 0,
      acks: new Map<number, Ack>(),
      news: [],
      said: [],
      pages: [],
      heads: [],
      opened: undefined,
      shut: undefined,
      late: 0,
    };
    channels.set(number, heard);
    return heard;
  };
  const at = (number: number) => {
    const found = channels.get(number);
    if (found === undefined) throw new Error(`the server spoke of channel ${number}`);
    return found;
  };
  const onDocument = (number: number, frame: Uint8Array): void => {
    const heard = at(number);
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (heard.shut !== undefined) heard.late += 1;
    order.push(`${number}:${type}`);
    if (type === SYNC) {
      const step = decoding.readVarUint(decoder);
      if (step === 1) heard.steps += 1;
      Y.applyUpdate(heard.copy, decoding.readVarUint8Array(decoder));
      heard.bytes += frame.byteLength;
      heard.longest = Math.max(heard.longest, frame.byteLength);
      if (line.generous) ws.send(writeCredit([{ channel: number, bytes: frame.byteLength }]));
    } else if (type === ACK)
      heard.acks.set(decoding.readVarUint(decoder), JSON.parse(decoding.readVarString(decoder)) as Ack);
    else if (type === PAIR_NEWS) heard.news.push(decoding.readVarString(decoder));
    else if (type === PAIR_SAY) heard.said.push(decoding.readVarString(decoder));
    else if (type === STATE) heard.pages.push(readStatePage(decoder));
    else throw new Error(`the server said ${type} in a channel`);
  };
  const onFrame = (bytes: Uint8Array): void => {
    const frame = readServerFrame(bytes);
    if (frame === null) throw new Error("the server sent a frame that cannot be read");
    if (frame.type === "data") return onDocument(frame.channel, frame.frame);
    order.push(frame.type);
    if (frame.type === "hello") hello.resolve(JSON.parse(frame.text) as Awaited<Line["hello"]>);
    if (frame.type === "welcome") welcome.resolve(JSON.parse(frame.text) as Record<string, unknown>);
    if (frame.type === "opened")
      for (const each of frame.opened) {
        line.answered += 1;
        const asked = channels.get(each.channel);
        if (asked !== undefined) asked.opened = each;
      }
    if (frame.type === "shut") at(frame.channel).shut = { code: frame.code, reason: frame.reason };
    if (frame.type !== "heads") return;
    headed.push(frame.heads.map(({ channel }) => channel));
    for (const { channel, head } of frame.heads) at(channel).heads.push(head);
  };
  const end = (failure: Closed): void => {
    const error = new Error(`closed with ${failure.code} ${failure.reason}`);
    for (const refuse of [hello.reject, welcome.reject, ...refusals]) refuse(error);
    closed.resolve(failure);
  };
  ws.on("message", (bytes: Buffer) => {
    onFrame(new Uint8Array(bytes));
    for (const ask of waiting) ask();
  });
  ws.on("close", (code, reason) => end({ code, reason: reason.toString() }));
  ws.on("unexpected-response", (request, response) => {
    end({ code: response.statusCode ?? 0, reason: "http" });
    request.destroy();
  });
  ws.on("error", () => undefined);

  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const ask = (): void => {
        if (!holds()) return;
        waiting.delete(ask);
        resolve();
      };
      waiting.add(ask);
      refusals.push(reject);
      ask();
    });
  const ask: Line["ask"] = (docs, had = () => NOTHING) => {
    const heard = docs.map((doc) => add((last += 1), doc));
    ws.send(writeOpen(heard.map(({ number, doc }) => ({ channel: number, doc: doc as DocName, had: had(doc) }))));
    return heard;
  };
  const line: Line = {
    ws,
    hello: hello.promise,
    welcome: welcome.promise,
    closed: closed.promise,
    order,
    headed,
    generous: true,
    answered: 0,
    channel: at,
    ask,
    open: async (docs, had) => {
      const heard = ask(docs, had);
      await until(() => heard.every(({ opened }) => opened !== undefined));
      return heard;
    },
    data: (channel, frame) => ws.send(writeData(channel, frame)),
    cmd: async (channel, jws) => {
      ids += 1;
      const id = ids;
      ws.send(writeData(channel, writeNumbered(103, id, jws)));
      await until(() => at(channel).acks.has(id));
      return at(channel).acks.get(id) as Ack;
    },
    raw: (bytes) => ws.send(bytes),
    until,
    close: () => ws.terminate(),
  };
  return line;
};

/** Dials and proves to be that device. */
export const connectAs = async (
  url: string,
  wid: WorkspaceId,
  who: Person,
  over: Record<string, unknown> = {},
): Promise<Line> => {
  const line = dialConnection(url, wid);
  const { nonce } = await line.hello;
  line.raw(writeText(AUTH, signAuth2(who, { w: wid, nonce, aud: url, ...over })));
  return line;
};
/** The same, and waits for WELCOME. */
export const connect = async (url: string, wid: WorkspaceId, who: Person): Promise<Line> => {
  const line = await connectAs(url, wid, who);
  await line.welcome;
  return line;
};

export const step1Frame = (length: number): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint8Array(encoder, stateVector(length));
  return encoding.toUint8Array(encoder);
};

export const headOf = (jws: string): { s: number; h: string; t: number; d: string } =>
  JSON.parse(crypto.decode(jws.split(".")[1] ?? "") ?? "") as { s: number; h: string; t: number; d: string };
