/**
 * One connection of one device to one workspace: `ws(s)://host/<wid>`. Its documents are channels on it, and what is said
 * in a channel is, frame for frame, what a document socket carries (wire.ts).
 *
 * | type | direction | content |
 * |---|---|---|
 * | 100 HELLO | server → client | JSON `{ from, to, nonce, origin, key, t }`: the wire versions that it speaks |
 * | 101 AUTH | client → server | JWS `bulkhead-auth2+jws` over `{ v, w, nonce, aud, x, wire, heard: [from, to] }` |
 * | 102 WELCOME | server → client | JSON `{}` |
 * | 114 CLOCK | client → server | varUint own date in ms, after WELCOME and before each command; gets no answer |
 * | 120 OPEN | client → server | varUint count, then of each: varUint channel, document, varUint length + 1, and the newest hash where the length is above 0. 0 in place of the length: a SyncStep1 will say it |
 * | 121 OPENED | server → client | varUint count, then of each in the order of OPEN: varUint channel, varUint answer: 0 where the server has exactly that, 1 and a varUint length where it has something else, or the close code of a channel that did not open |
 * | 122 DATA | both | varUint channel, and the document's frame up to the end |
 * | 123 SHUT | both | varUint channel, varUint close code, reason |
 * | 124 CREDIT | client → server | varUint count, then of each: varUint channel, varUint bytes |
 * | 125 HEADS | server → client | varUint count, then of each: varUint channel, JWS `bulkhead-head+jws` |
 *
 * In DATA from a client: 0 / 0 SyncStep1, CMD and ASK_STATE, and on the log PAIR_OPEN and PAIR_SAY. From the server: 0 / 1
 * SyncStep2, 0 / 2 Update, ACK, STATE, PAIR_NEWS and PAIR_SAY. There is no HEAD: HEADS has it.
 *
 * The client picks the highest version that both speak, and signs it with the range that it heard: whoever narrowed the
 * range on the way is found out. OPEN may follow AUTH at once, and is held back until that is judged. A channel's number
 * is above every one before it on the connection. A document is open once.
 *
 * The length in OPEN is a SyncStep1: entries follow as Updates and the SyncStep2 that completes them, and where the
 * answer is 0 they follow when there are new ones. Credit counts the bytes of SYNC frames: a channel begins with
 * CREDIT_BYTES, the server sends nothing more where less than DATA_MAX is left, and the client gives back what it is done
 * with. The log goes first, then lanes, queues and others, of each by turns.
 *
 * HEADS names each channel whose document changed, within 250 ms and behind the entries; each that the server completed
 * with a SyncStep2; and the log, when it opened and every 15 s. The log's head says of all open channels that what the server
 * named last, in OPENED or HEADS, is still the newest there. SHUT ends one channel, in either direction; what comes for it later is ignored, and so is what was under
 * way to it. A frame that cannot be read ends the connection; one that may not be there ends its channel.
 *
 * On a connection a pairing that ends closes nothing: PAIR_NEWS then says the code, such as `4407`.
 *
 * A device that was closed gets no WELCOME: if its OPEN names the log, that channel gets the entries up to the one that
 * closed it, and then the connection is closed with that code.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { TIME_MAX } from "./entry.ts";
import { asDocName, asHash, asKey, asWorkspaceId } from "./ids.ts";
import type { DocName, Hash } from "./ids.ts";
import { int, pair, record, text } from "./parse.ts";
import type { Parsed } from "./parse.ts";
import { AUTH, CLOCK, HELLO, WELCOME } from "./wire.ts";

export const OPEN = 120;
export const OPENED = 121;
export const DATA = 122;
export const SHUT = 123;
export const CREDIT = 124;
export const HEADS = 125;

/** Channels that one OPEN asks for. */
export const OPEN_MAX = 1_000;
export const CHANNELS_MAX = 2_000;
/** What the server sends in a channel before some of it is given back: bytes of SYNC frames. */
export const CREDIT_BYTES = 262_144;
/** The largest document frame from the server: a page of entries is 64 kB, or one entry, and what is around it. */
export const DATA_MAX = 69_632;
/** Largest channel number, and largest count in a CREDIT. */
const NUMBER_MAX = 0x7f_ff_ff_ff;
const CREDIT_MAX = CHANNELS_MAX;
const REASON_MAX = 120;
const CODE_MIN = 1_000;
const CODE_MAX = 4_999;

export const AUTH2_TYP = "bulkhead-auth2+jws";
const wireNumber = int(1, 1_000_000);
export const auth2Payload = record({
  v: int(1, 1),
  w: asWorkspaceId,
  nonce: text(64, 16),
  /** Origin that the client dialled. */
  aud: text(300, 1),
  /** Public key of the device. */
  x: asKey,
  /** The version that is spoken from here on, and the range of HELLO. */
  wire: wireNumber,
  heard: pair(wireNumber, wireNumber),
});
export type Auth2Payload = Parsed<typeof auth2Payload>;

/** Versions of the wire that somebody speaks, from the oldest to the newest. */
export interface WireRange {
  readonly from: number;
  readonly to: number;
}
/** The highest version that both speak; else who of the two has to be updated. */
export const chooseWire = (own: WireRange, theirs: WireRange): number | "we-are-too-old" | "they-are-too-old" => {
  if (theirs.from > own.to) return "we-are-too-old";
  return own.from > theirs.to ? "they-are-too-old" : Math.min(own.to, theirs.to);
};

/** What a client has of a document; null where it will say so with a SyncStep1. */
export interface Had {
  readonly length: number;
  readonly head: Hash | "";
}
export interface Asked {
  readonly channel: number;
  readonly doc: DocName;
  readonly had: Had | null;
}
export type Opened =
  | { readonly channel: number; readonly answer: "unchanged" }
  | { readonly channel: number; readonly answer: "changed"; readonly length: number }
  | { readonly channel: number; readonly answer: "refused"; readonly code: number };
export interface Credit {
  readonly channel: number;
  readonly bytes: number;
}
export interface ChannelHead {
  readonly channel: number;
  readonly head: string;
}

/** A frame from a client, as far as a server must understand it. */
export type ConnectionFrame =
  | { readonly type: "auth"; readonly jws: string }
  | { readonly type: "clock"; readonly reads: number }
  | { readonly type: "open"; readonly asked: readonly Asked[] }
  | { readonly type: "data"; readonly channel: number; readonly frame: Uint8Array }
  | { readonly type: "shut"; readonly channel: number }
  | { readonly type: "credit"; readonly given: readonly Credit[] };
/** A frame from a server. `text` of HELLO and WELCOME is JSON. */
export type ServerFrame =
  | { readonly type: "hello" | "welcome"; readonly text: string }
  | { readonly type: "opened"; readonly opened: readonly Opened[] }
  | { readonly type: "data"; readonly channel: number; readonly frame: Uint8Array }
  | { readonly type: "shut"; readonly channel: number; readonly code: number; readonly reason: string }
  | { readonly type: "heads"; readonly heads: readonly ChannelHead[] };

/** Ends reading; never leaves this file. */
const MALFORMED = new Error("malformed frame");
const fail = (): never => {
  throw MALFORMED;
};
const uint = (decoder: decoding.Decoder, min: number, max: number): number => {
  const value = decoding.readVarUint(decoder);
  return value >= min && value <= max ? value : fail();
};
const channelIn = (decoder: decoding.Decoder): number => uint(decoder, 1, NUMBER_MAX);
const listIn = <T>(decoder: decoding.Decoder, max: number, read: () => T): T[] => {
  const out: T[] = [];
  for (let left = uint(decoder, 1, max); left > 0; left -= 1) out.push(read());
  return out;
};

const UNCHANGED = 0;
const CHANGED = 1;

const askedIn = (decoder: decoding.Decoder): Asked => {
  const channel = channelIn(decoder);
  const doc = asDocName(decoding.readVarString(decoder)) ?? fail();
  const length = uint(decoder, 0, Number.MAX_SAFE_INTEGER) - 1;
  if (length < 0) return { channel, doc, had: null };
  const head = length === 0 ? "" : (asHash(decoding.readVarString(decoder)) ?? fail());
  return { channel, doc, had: { length, head } };
};
const openedIn = (decoder: decoding.Decoder): Opened => {
  const channel = channelIn(decoder);
  const answer = uint(decoder, 0, CODE_MAX);
  if (answer === UNCHANGED) return { channel, answer: "unchanged" };
  if (answer === CHANGED) return { channel, answer: "changed", length: uint(decoder, 0, Number.MAX_SAFE_INTEGER) };
  return answer < CODE_MIN ? fail() : { channel, answer: "refused", code: answer };
};
const creditIn = (decoder: decoding.Decoder): Credit => ({
  channel: channelIn(decoder),
  bytes: uint(decoder, 1, CREDIT_BYTES),
});
const shutIn = (decoder: decoding.Decoder) => {
  const channel = channelIn(decoder);
  const code = uint(decoder, CODE_MIN, CODE_MAX);
  const reason = decoding.readVarString(decoder);
  return reason.length <= REASON_MAX ? ({ type: "shut", channel, code, reason } as const) : fail();
};
const dataIn = (decoder: decoding.Decoder) => {
  const channel = channelIn(decoder);
  return { type: "data", channel, frame: decoding.readTailAsUint8Array(decoder) } as const;
};

const readBody = (decoder: decoding.Decoder, type: number): ConnectionFrame => {
  if (type === DATA) return dataIn(decoder);
  if (type === CREDIT) return { type: "credit", given: listIn(decoder, CREDIT_MAX, () => creditIn(decoder)) };
  if (type === OPEN) return { type: "open", asked: listIn(decoder, OPEN_MAX, () => askedIn(decoder)) };
  if (type === SHUT) return shutIn(decoder);
  if (type === AUTH) return { type: "auth", jws: decoding.readVarString(decoder) };
  return type === CLOCK ? { type: "clock", reads: uint(decoder, 0, TIME_MAX) } : fail();
};
const readServerBody = (decoder: decoding.Decoder, type: number): ServerFrame => {
  if (type === DATA) return dataIn(decoder);
  if (type === HEADS)
    return {
      type: "heads",
      heads: listIn(decoder, CHANNELS_MAX, () => ({
        channel: channelIn(decoder),
        head: decoding.readVarString(decoder),
      })),
    };
  if (type === OPENED) return { type: "opened", opened: listIn(decoder, OPEN_MAX, () => openedIn(decoder)) };
  if (type === SHUT) return shutIn(decoder);
  if (type === HELLO) return { type: "hello", text: decoding.readVarString(decoder) };
  return type === WELCOME ? { type: "welcome", text: decoding.readVarString(decoder) } : fail();
};

/** `null` for anything malformed or with bytes left over. */
const readWhole =
  <T>(read: (decoder: decoding.Decoder, type: number) => T) =>
  (bytes: Uint8Array): T | null => {
    try {
      const decoder = decoding.createDecoder(bytes);
      const frame = read(decoder, decoding.readVarUint(decoder));
      return decoding.hasContent(decoder) ? null : frame;
    } catch {
      // Fewer bytes than it says: no frame.
      return null;
    }
  };
export const readConnectionFrame = readWhole(readBody);
export const readServerFrame = readWhole(readServerBody);

const written = (type: number, write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
};
const writtenList = <T>(
  type: number,
  items: readonly T[],
  write: (encoder: encoding.Encoder, item: T) => void,
): Uint8Array =>
  written(type, (encoder) => {
    encoding.writeVarUint(encoder, items.length);
    for (const item of items) write(encoder, item);
  });

export const writeOpen = (asked: readonly Asked[]): Uint8Array =>
  writtenList(OPEN, asked, (encoder, { channel, doc, had }) => {
    encoding.writeVarUint(encoder, channel);
    encoding.writeVarString(encoder, doc);
    encoding.writeVarUint(encoder, had === null ? 0 : had.length + 1);
    if (had !== null && had.length > 0) encoding.writeVarString(encoder, had.head);
  });
export const writeOpened = (opened: readonly Opened[]): Uint8Array =>
  writtenList(OPENED, opened, (encoder, item) => {
    encoding.writeVarUint(encoder, item.channel);
    encoding.writeVarUint(
      encoder,
      item.answer === "unchanged" ? UNCHANGED : item.answer === "changed" ? CHANGED : item.code,
    );
    if (item.answer === "changed") encoding.writeVarUint(encoder, item.length);
  });
export const writeData = (channel: number, frame: Uint8Array): Uint8Array => {
  const before = written(DATA, (encoder) => encoding.writeVarUint(encoder, channel));
  const whole = new Uint8Array(before.byteLength + frame.byteLength);
  whole.set(before);
  whole.set(frame, before.byteLength);
  return whole;
};
export const writeShut = (channel: number, code: number, reason = ""): Uint8Array =>
  written(SHUT, (encoder) => {
    encoding.writeVarUint(encoder, channel);
    encoding.writeVarUint(encoder, code);
    encoding.writeVarString(encoder, reason.slice(0, REASON_MAX));
  });
export const writeCredit = (given: readonly Credit[]): Uint8Array =>
  writtenList(CREDIT, given, (encoder, { channel, bytes }) => {
    encoding.writeVarUint(encoder, channel);
    encoding.writeVarUint(encoder, bytes);
  });
export const writeHeads = (heads: readonly ChannelHead[]): Uint8Array =>
  writtenList(HEADS, heads, (encoder, { channel, head }) => {
    encoding.writeVarUint(encoder, channel);
    encoding.writeVarString(encoder, head);
  });
