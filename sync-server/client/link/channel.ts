/**
 * One document on the connection: the stock y-websocket provider, read-only, over a virtual socket. Until something comes
 * there is no provider and no Y.Doc, so that a document that did not change costs its number. The Y.Doc never leaves this
 * file: a local edit of it would be uploaded, and the server closes for that.
 */
import * as decoding from "lib0/decoding";
import { WebsocketProvider } from "y-websocket";
import type { DocName } from "#core/protocol/ids.ts";
import { AWARENESS, QUERY_AWARENESS, SYNC } from "#core/protocol/wire.ts";
import { copyOf, watchCopy } from "./copy.ts";
import type { CopyEvents } from "./copy.ts";
import { socketsOf } from "./virtual-socket.ts";
import type { VirtualSocket } from "./virtual-socket.ts";

const YJS_AUTH = 2;
const SYNC_STEP_1 = 0;
const SYNC_STEP_2 = 1;
const SYNC_UPDATE = 2;

export interface ChannelFacts {
  readonly doc: DocName;
  /** How many entries are verified already: the copy starts after them. */
  readonly length: number;
  /** The server was told that length when the channel was asked for; otherwise the provider asks. */
  readonly told: boolean;
  readonly send: (frame: Uint8Array) => void;
}
export interface ChannelEvents {
  /** Entries that follow the known ones, in order, not yet verified. */
  entries: CopyEvents["entries"];
  /** The server changed or removed what it had sent before, with this update of Yjs. */
  rewritten(code: Parameters<CopyEvents["rewritten"]>[0], update: Uint8Array): void;
}
export interface Channel {
  /** The channel is open and the server was not told how much is here: it is asked. */
  ask(): void;
  /** A SYNC frame of the server. Throws where it cannot be read. */
  take(frame: Uint8Array): void;
  /** The connection lives. */
  feed(): void;
  /** Ends the channel, for whoever speaks in it too. */
  end(code: number): void;
}

/** Of Node's `process`, which a browser has not. */
type Off = (event: string, listener: () => void) => void;

interface Speaker {
  socket(): VirtualSocket | null;
  end(code: number): void;
}

export const createChannel = (facts: ChannelFacts, on: ChannelEvents): Channel => {
  let speaker: Speaker | null = null;
  const speaks = (): Speaker => (speaker ??= startSpeaker(facts, on));
  return {
    ask: () => void speaks(),
    take: (frame) => speaks().socket()?.hears(frame),
    feed: () => speaker?.socket()?.feed(),
    end: (code) => {
      speaker?.end(code);
      speaker = null;
    },
  };
};

const isStep1 = (frame: Uint8Array): boolean => frame[0] === SYNC && frame[1] === SYNC_STEP_1;

const startSpeaker = ({ doc, length, told, send }: ChannelFacts, on: ChannelEvents): Speaker => {
  const copy = copyOf(length);
  let newest = new Uint8Array();
  let socket: VirtualSocket | null = null;
  const watched = watchCopy(copy, length, {
    entries: on.entries,
    rewritten: (code) => on.rewritten(code, newest),
  });
  const provider = new WebsocketProvider("channel:", doc, copy, {
    connect: false,
    // Another window of the same origin could otherwise inject entries past the server.
    disableBc: true,
    WebSocketPolyfill: socketsOf({
      made: (made) => {
        socket = made;
      },
      // What was asked with the channel is not asked again.
      send: (frame) => void (told && isStep1(frame) ? undefined : send(frame)),
      left: () => {
        socket = null;
      },
    }),
  });
  provider.awareness.setLocalState(null);
  // The listener only clears presence, which is off; one a document would trip Node's warning about leaks.
  // oxlint-disable-next-line no-underscore-dangle -- the provider has no public name for it
  (globalThis as { readonly process?: { readonly off?: Off } }).process?.off?.("exit", provider._exitHandler);
  takeSync(provider, (update) => {
    newest = update.slice();
    watched.apply(update, provider);
  });
  provider.connect();
  (socket as VirtualSocket | null)?.opened();
  return {
    socket: () => socket,
    end: (code) => {
      socket?.ended(code);
      // It would make another socket: only the connection dials.
      provider.destroy();
      provider.awareness.destroy();
      copy.destroy();
    },
  };
};

const takeSync = (provider: WebsocketProvider, take: (update: Uint8Array) => void): void => {
  const handlers = provider.messageHandlers;
  // The stock handler answers a SyncStep1 by uploading this copy, which an honest server never asks for, and prints a
  // broken update instead of ending the connection.
  handlers[SYNC] = (_encoder, decoder, of) => {
    const step = decoding.readVarUint(decoder);
    if (step !== SYNC_STEP_2 && step !== SYNC_UPDATE) throw new Error("the server asked for a document");
    take(decoding.readVarUint8Array(decoder));
    if (step === SYNC_STEP_2) of.synced = true;
  };
  const ignore = (): void => undefined;
  handlers[AWARENESS] = ignore;
  handlers[QUERY_AWARENESS] = ignore;
  handlers[YJS_AUTH] = ignore;
};
