/** A client of raw frames: it says exactly what a test tells it to, and keeps everything it hears. */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import * as Y from "yjs";
import {
  ACK,
  AUTH,
  AWARENESS,
  CMD,
  HEAD,
  HELLO,
  PAIR_NEWS,
  PAIR_OPEN,
  PAIR_SAY,
  readStatePage,
  STATE,
  SYNC,
  WANT,
  WELCOME,
  writeNumbered,
  writeText,
} from "#core/protocol/wire.ts";
import type { Ack, StatePage } from "#core/protocol/wire.ts";
import type { WorkspaceId } from "#core/protocol/ids.ts";
import { signAuth, signInviteAuth, signPairAuth } from "./people.ts";
import type { InviteKit, PairKey, Person } from "./people.ts";

export interface Hello {
  readonly v: number;
  readonly nonce: string;
  readonly origin: string;
  readonly key: string;
}
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface Wire {
  readonly ws: WebSocket;
  readonly hello: Promise<Hello>;
  /** JSON of WELCOME; rejects when the socket is closed first. */
  readonly welcome: Promise<Record<string, unknown>>;
  readonly closed: Promise<Closed>;
  /** Message numbers heard, in order. */
  readonly heard: number[];
  readonly heads: string[];
  /** What the server said of a pairing, and what its other end said. */
  readonly news: string[];
  readonly said: string[];
  /** Pages of states, in the order in which they came. */
  readonly pages: StatePage[];
  /** What the server wants given back. */
  readonly wants: string[];
  entries(): string[];
  raw(bytes: Uint8Array | string): void;
  auth(jws: string): void;
  step1(length?: number): void;
  /** Resolves when a SyncStep2 arrived after `step1`. */
  synced(length?: number): Promise<string[]>;
  cmd(jws: string, id?: number): Promise<Ack>;
  /** Resolves when `holds` does, asked after every frame. */
  until(holds: () => boolean): Promise<void>;
  close(): void;
}

const deferred = <T>() => {
  const made = Promise.withResolvers<T>();
  made.promise.catch(() => undefined);
  return made;
};

export const dial = (url: string, wid: string, doc: string, headers: Record<string, string> = {}): Wire => {
  const ws = new WebSocket(`${url.replace(/^http/, "ws")}/${wid}/${doc}`, { headers, perMessageDeflate: false });
  const copy = new Y.Doc();
  const hello = deferred<Hello>();
  const welcome = deferred<Record<string, unknown>>();
  const closed = deferred<Closed>();
  const acks = new Map<number, (ack: Ack) => void>();
  const refusals: ((error: Error) => void)[] = [];
  const heard: number[] = [];
  const heads: string[] = [];
  const news: string[] = [];
  const said: string[] = [];
  const pages: StatePage[] = [];
  const wants: string[] = [];
  const waiting = new Set<() => void>();
  let steps = 0;
  let ids = 0;

  const onSync = (decoder: decoding.Decoder): void => {
    const step = decoding.readVarUint(decoder);
    if (step === 0) throw new Error("the server sent SyncStep1");
    Y.applyUpdate(copy, decoding.readVarUint8Array(decoder));
    if (step === 1) steps += 1;
  };
  const onFrame = (type: number, decoder: decoding.Decoder): void => {
    if (type === HELLO) return hello.resolve(JSON.parse(decoding.readVarString(decoder)) as Hello);
    if (type === WELCOME)
      return welcome.resolve(JSON.parse(decoding.readVarString(decoder)) as Record<string, unknown>);
    if (type === HEAD) return void heads.push(decoding.readVarString(decoder));
    if (type === PAIR_NEWS) return void news.push(decoding.readVarString(decoder));
    if (type === PAIR_SAY) return void said.push(decoding.readVarString(decoder));
    if (type === STATE) return void pages.push(readStatePage(decoder));
    if (type === WANT) return void wants.push(decoding.readVarString(decoder));
    if (type === SYNC) return onSync(decoder);
    if (type === ACK) {
      const id = decoding.readVarUint(decoder);
      acks.get(id)?.(JSON.parse(decoding.readVarString(decoder)) as Ack);
    }
  };
  const end = (failure: Closed): void => {
    const error = new Error(`closed with ${failure.code} ${failure.reason}`);
    hello.reject(error);
    welcome.reject(error);
    for (const refuse of refusals) refuse(error);
    closed.resolve(failure);
  };
  ws.on("message", (bytes: Buffer) => {
    const decoder = decoding.createDecoder(new Uint8Array(bytes));
    const type = decoding.readVarUint(decoder);
    heard.push(type);
    onFrame(type, decoder);
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
  const step1 = (length = 0): void => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint8Array(encoder, stateVector(length));
    ws.send(encoding.toUint8Array(encoder));
  };
  const entries = (): string[] => copy.getArray<string>("e").toArray();
  return {
    ws,
    hello: hello.promise,
    welcome: welcome.promise,
    closed: closed.promise,
    heard,
    heads,
    news,
    said,
    pages,
    wants,
    entries,
    raw: (bytes) => ws.send(bytes),
    auth: (jws) => ws.send(writeText(AUTH, jws)),
    step1,
    synced: async (length) => {
      const before = steps;
      step1(length);
      await until(() => steps > before);
      return entries();
    },
    cmd: (jws, id = (ids += 1)) =>
      new Promise((resolve, reject) => {
        acks.set(id, resolve);
        refusals.push(reject);
        ws.send(writeNumbered(CMD, id, jws));
      }),
    until,
    close: () => ws.terminate(),
  };
};

export const stateVector = (length: number): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, length > 0 ? 1 : 0);
  if (length > 0) {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, length);
  }
  return encoding.toUint8Array(encoder);
};

/** What a client that ignores the protocol would write: `step` 1 or 2 with a Yjs update that appends `texts`. */
export const yjsWrite = (step: 1 | 2, texts: string[], clientId = 1): Uint8Array => {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  doc.getArray("e").push(texts);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(doc));
  return encoding.toUint8Array(encoder);
};

export const awarenessFrame = (): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, AWARENESS);
  encoding.writeVarUint8Array(encoder, new Uint8Array([1, 2, 3]));
  return encoding.toUint8Array(encoder);
};

/** Dials and proves to be that device; `welcome` tells whether the server agreed. */
export const dialAs = async (
  url: string,
  wid: WorkspaceId,
  doc: string,
  who: Person,
  as: "device" | "found" = "device",
): Promise<Wire> => {
  const wire = dial(url, wid, doc);
  const { nonce } = await wire.hello;
  wire.auth(signAuth(who, as, { w: wid, d: doc, nonce, aud: url }));
  return wire;
};

/** The same, and waits for WELCOME. */
export const open = async (
  url: string,
  wid: WorkspaceId,
  doc: string,
  who: Person,
  as: "device" | "found" = "device",
): Promise<Wire> => {
  const wire = await dialAs(url, wid, doc, who, as);
  await wire.welcome;
  return wire;
};

export const dialInvite = async (url: string, wid: WorkspaceId, invite: InviteKit): Promise<Wire> => {
  const wire = dial(url, wid, "log");
  const { nonce } = await wire.hello;
  wire.auth(signInviteAuth(invite, { w: wid, d: "log", nonce, aud: url }));
  return wire;
};

/** Opens a pairing over a log socket of that device, and waits until the server says so. */
export const openPairing = async (wire: Wire, key: PairKey): Promise<void> => {
  wire.raw(writeText(PAIR_OPEN, key.id));
  await wire.until(() => wire.news.includes("open"));
};

export const dialPair = async (url: string, wid: WorkspaceId, key: PairKey): Promise<Wire> => {
  const wire = dial(url, wid, "log");
  const { nonce } = await wire.hello;
  wire.auth(signPairAuth(key, { w: wid, d: "log", nonce, aud: url }));
  return wire;
};

export const say = (wire: Wire, text: string): void => wire.raw(writeText(PAIR_SAY, text));
