/**
 * One socket serves one document: the stock y-websocket provider, read-only, with the workspace's own message types
 * beside it. The Y.Doc never leaves this file: a local edit of it would be uploaded, and the server closes for that.
 */
import * as decoding from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";
import { LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { int, json, record } from "#core/protocol/parse.ts";
import {
  ACK,
  AUTH,
  AWARENESS,
  CLOSE,
  CMD,
  HEAD,
  HELLO,
  QUERY_AWARENESS,
  SYNC,
  WELCOME,
  WIRE_VERSION,
  writeClock,
  writeNumbered,
  writeText,
} from "#core/protocol/wire.ts";
import type { Ack } from "#core/protocol/wire.ts";
import type { Platform } from "../ports/platform.ts";
import type { Trouble } from "../ports/sockets.ts";
import { copyOf, watchCopy } from "./copy.ts";
import type { Copy, CopyEvents } from "./copy.ts";
import { stockSockets } from "./stock-socket.ts";
import type { StockSocket } from "./stock-socket.ts";
import { parseAck, parseHello } from "./greeting.ts";
import type { Hello } from "./greeting.ts";

/** Largest frame from a server: the first sync of a long log comes in pages below this. */
const FRAME_FROM_SERVER_MAX = 67_108_864;
const CONNECT_WITHIN_MS = 10_000;
const BACKOFF_MAX_MS = 5_000;
const YJS_AUTH = 2;
const SYNC_STEP_2 = 1;
const SYNC_UPDATE = 2;

export interface SocketEvents extends Omit<CopyEvents, "rewritten"> {
  /** The server changed or removed what it had sent before, with this update of Yjs. */
  rewritten(code: Parameters<CopyEvents["rewritten"]>[0], update: Uint8Array): void;
  /** The server took the AUTH, and says how many entries it has. */
  welcome(length: number): void;
  /** May throw where this is no head: that ends the connection. */
  head(jws: string): void;
  /**
   * A connection ended or could not be made; the provider tries again. `garbled`: it was ended here, over what was sent.
   * `trouble`: why there is none, where that is known. `answered`: the status of HTTP that came in place of a socket, or null.
   */
  down(garbled: boolean, trouble: Trouble | null, answered: number | null): void;
  /** The server turned this socket away with a code of its own: the provider makes no further attempt. */
  refused(closeCode: number): void;
}
export interface SocketFacts {
  readonly platform: Pick<Platform, "openWebSocket" | "timers">;
  /** Origin of the server, as dialled. */
  readonly server: string;
  readonly wid: string;
  readonly doc: DocName;
  /** How many entries are verified already: the copy starts after them. */
  readonly length: number;
  readonly auth: (nonce: string) => Promise<string>;
  /** What this computer's clock says, ms; absent where nothing is sent. */
  readonly date?: () => number;
}
export interface DocumentSocket {
  /** True between WELCOME and the end of the connection. */
  open(): boolean;
  /** Sends a command and answers with what the server says; null where the connection ended first. */
  send(jws: string): Promise<Ack | null>;
  close(): void;
}

const welcome = record({ s: int(0, Number.MAX_SAFE_INTEGER) });
const createProvider = (facts: SocketFacts, copy: Copy): WebsocketProvider => {
  const provider = new WebsocketProvider(`${facts.server.replace(/^http/, "ws")}/${facts.wid}`, facts.doc, copy, {
    connect: false,
    // Another window of the same origin could otherwise inject entries past the server.
    disableBc: true,
    maxBackoffTime: BACKOFF_MAX_MS,
    WebSocketPolyfill: stockSockets(facts.platform, {
      server: facts.server,
      path: `/${facts.wid}/${facts.doc}`,
      withinMs: CONNECT_WITHIN_MS,
      frameMax: FRAME_FROM_SERVER_MAX,
    }),
  });
  provider.awareness.setLocalState(null);
  // The listener only clears presence, which is off; one a document would trip Node's warning about leaks.
  const { process } = globalThis as { process?: { off?(event: string, listener: () => void): void } };
  // oxlint-disable-next-line no-underscore-dangle -- the provider has no public name for it
  process?.off?.("exit", provider._exitHandler);
  return provider;
};

/** Acknowledgements by number. */
const createPending = () => {
  const waiting = new Map<number, (ack: Ack | null) => void>();
  let last = 0;
  return {
    add: (): { id: number; answer: Promise<Ack | null> } => {
      last += 1;
      const id = last;
      return { id, answer: new Promise((resolve) => waiting.set(id, resolve)) };
    },
    settle: (id: number, ack: Ack): void => {
      const resolve = waiting.get(id);
      if (resolve === undefined) throw new Error("an answer to nothing");
      waiting.delete(id);
      resolve(ack);
    },
    drop: (): void => {
      for (const resolve of waiting.values()) resolve(null);
      waiting.clear();
    },
  };
};

export const openSocket = (facts: SocketFacts, events: SocketEvents): DocumentSocket => {
  const copy = copyOf(facts.length);
  let newest = new Uint8Array();
  const watched = watchCopy(copy, facts.length, {
    entries: events.entries,
    rewritten: (code) => events.rewritten(code, newest),
  });
  const provider = createProvider(facts, copy);
  const pending = createPending();
  let greeted = false;
  let welcomed = false;
  let closed = false;

  const lost = (ended: { readonly code: number } | null): void => {
    const socket = provider.ws as unknown as StockSocket | null;
    greeted = false;
    welcomed = false;
    pending.drop();
    // `refuse` tells of these.
    const isFinal = ended !== null && ended.code >= 4_400 && ended.code < 4_500;
    if (!closed && !isFinal)
      events.down(socket?.end?.garbled === true, socket?.end?.trouble ?? null, socket?.end?.answered ?? null);
  };
  const refuse = (code: number): void => {
    closed = true;
    provider.disconnect();
    pending.drop();
    events.refused(code);
  };
  const tellClock = (): void => {
    if (facts.date !== undefined) provider.ws?.send(writeClock(facts.date()));
  };
  const answerHello = async (greeting: Hello): Promise<void> => {
    if (greeting.v !== WIRE_VERSION) return refuse(CLOSE.protocolTooOld);
    const socket = provider.ws;
    const jws = await facts.auth(greeting.nonce);
    if (socket !== null && socket === provider.ws && provider.wsconnected) socket.send(writeText(AUTH, jws));
  };

  takeMessages(provider, {
    hello: (source) => {
      const greeting = parseHello(source);
      // A second question would get a second signature.
      if (greeting === undefined || greeted) throw new Error("malformed HELLO");
      greeted = true;
      // A signature that the shell refused is tried again with the next connection.
      void answerHello(greeting).catch(() => provider.ws?.close());
    },
    welcome: (source) => {
      const length = welcome(json(source))?.s;
      if (length === undefined || !greeted || welcomed) throw new Error("malformed WELCOME");
      welcomed = true;
      tellClock();
      events.welcome(length);
    },
    ack: (id, source) => {
      const ack = parseAck(source);
      if (ack === undefined) throw new Error("malformed ACK");
      pending.settle(id, ack);
    },
    head: (jws) => {
      // A server whose clock was just set right learns it from those who are here.
      if (facts.doc === LOG) tellClock();
      events.head(jws);
    },
    update: (bytes, origin) => {
      newest = bytes.slice();
      watched.apply(bytes, origin);
    },
  });
  provider.on("connection-close", lost);
  provider.on("closed", ({ code }: { code: number }) => {
    if (!closed) refuse(code);
  });
  provider.connect();

  return {
    open: () => welcomed,
    send: (jws) => {
      if (!welcomed || provider.ws === null) return Promise.resolve(null);
      const { id, answer } = pending.add();
      tellClock();
      provider.ws.send(writeNumbered(CMD, id, jws));
      return answer;
    },
    close: () => {
      closed = true;
      provider.destroy();
      pending.drop();
      provider.awareness.destroy();
      copy.destroy();
    },
  };
};

interface Messages {
  hello(source: string): void;
  welcome(source: string): void;
  ack(id: number, source: string): void;
  head(jws: string): void;
  update(bytes: Uint8Array, origin: unknown): void;
}
const takeMessages = (provider: WebsocketProvider, on: Messages): void => {
  const handlers = provider.messageHandlers;
  // The stock handler answers a SyncStep1 by uploading this copy, which an honest server never asks for, and prints a
  // broken update instead of ending the connection.
  handlers[SYNC] = (_encoder, decoder, of) => {
    const step = decoding.readVarUint(decoder);
    if (step !== SYNC_STEP_2 && step !== SYNC_UPDATE) throw new Error("the server asked for a document");
    // With the provider as origin, so that it does not send on what it was sent.
    on.update(decoding.readVarUint8Array(decoder), of);
    if (step === SYNC_STEP_2) of.synced = true;
  };
  const ignore = (): void => undefined;
  handlers[AWARENESS] = ignore;
  handlers[QUERY_AWARENESS] = ignore;
  handlers[YJS_AUTH] = ignore;
  handlers[HELLO] = (_encoder, decoder) => on.hello(decoding.readVarString(decoder));
  handlers[WELCOME] = (_encoder, decoder) => on.welcome(decoding.readVarString(decoder));
  handlers[ACK] = (_encoder, decoder) => on.ack(decoding.readVarUint(decoder), decoding.readVarString(decoder));
  handlers[HEAD] = (_encoder, decoder) => on.head(decoding.readVarString(decoder));
};
