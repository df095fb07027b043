/**
 * The wire, on top of y-protocols as the stock y-websocket 3.1 provider speaks it. One socket serves one document:
 * `ws(s)://host/<wid>/<doc>`. Many documents of a device on one connection: channels.ts.
 *
 * | type | direction | content |
 * |---|---|---|
 * | 0 / 0 SyncStep1 | client → server | state vector, 64 bytes at most; before AUTH it is held back, never answered |
 * | 0 / 1 SyncStep2, 0 / 2 Update | server → client | entries. From a client: close 4403 |
 * | 1, 3 awareness | both | ignored |
 * | 100 HELLO | server → client | JSON `{ v, from, to, nonce, origin, key, t }`: versions of the wire that it speaks; `key` is what the server signs heads with, `t` its date |
 * | 101 AUTH | client → server | JWS `bulkhead-auth+jws` |
 * | 102 WELCOME | server → client | JSON `{ s }` for devices; `{ s, invite, workspace, inviter, used, problem, member, role }`, and `ahead` as `a` in entries, `now` as `t`, for an invite key; `{}` for a pairing key |
 * | 103 CMD | client → server | varUint id, JWS |
 * | 104 ACK | server → client | varUint id, JSON `{ ok, d, s, id, dup }` or `{ ok: false, code }` |
 * | 105 HEAD | server → client | JWS `bulkhead-head+jws` over `{ v, w, d, s, h, t }`, and `a` as in entries, every 15 s, within 250 ms of an append, and after SyncStep2 |
 * | 106 PAIR_OPEN | client → server | id of a pairing, by a device on `log`; see below |
 * | 107 PAIR_NEWS | server → client | `open` or `joined`, to the device that opened it |
 * | 108 PAIR_SAY | both | base64url, 4,096 characters at most: passed on to the other end as it is |
 * | 109 ASK_STATE | client → server | varUint log position, by a device on `log` |
 * | 110 STATE | server → client | varUint position of a checkpoint's entry, varUint page from 1, varUint pages, bytes; all 0 and empty where there is none |
 * | 111 OFFER | client → server | HEAD that this server signed, nonce of 16 to 64 characters; in place of AUTH |
 * | 112 WANT | server → client | JWS `bulkhead-want+jws` over `{ v, w, d, n, s, a }`: the answer to OFFER and to each GIVE; see `give-back.ts` |
 * | 113 GIVE | client → server | varUint position of the first, varUint count, that many entries |
 * | 114 CLOCK | client → server | varUint own date in ms, after WELCOME and before each command; gets no answer |
 *
 * The server never sends SyncStep1, so an honest client never sends SyncStep2 or Update. A long document comes as some
 * Updates and then the SyncStep2 that completes it. A socket that founded or joined is closed with `done` after its ACK:
 * the device then dials again as itself.
 *
 * A pairing is a place in the server's memory where a device and a new device of the same person find each other. A
 * device opens it; who proves with AUTH `as: "pair"` to hold the key that its id is the hash of comes in, once. What they
 * say is sealed with a key that the server never had. The pairing ends with either socket, with a second comer, after ten
 * minutes, and when the device that opened it loses its place in the workspace.
 *
 * A device that was closed proves its key like any other. It gets no WELCOME and no HEAD: over the log's socket it is sent
 * the entries up to the one that closed it, which it may verify and show, and then the socket is closed.
 *
 * STATE is the UTF-8 text that the newest checkpoint at or below the position signed (`state-text.ts`), in pages. A new
 * device begins there, fetches the entries from the checkpoint's own on, and the history behind it when it is in use.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { TIME_MAX } from "./entry.ts";
import { readGiven, readOffer } from "./give-back.ts";
import type { Given, Offer } from "./give-back.ts";
import { asPairId } from "./ids.ts";
import type { PairId } from "./ids.ts";

export const WIRE_VERSION = 1;
/** Versions that this build speaks. */
export const WIRE_RANGE = { from: 1, to: WIRE_VERSION } as const;
export const SYNC = 0;
export const AWARENESS = 1;
export const QUERY_AWARENESS = 3;
export const HELLO = 100;
export const AUTH = 101;
export const WELCOME = 102;
export const CMD = 103;
export const ACK = 104;
export const HEAD = 105;
export const PAIR_OPEN = 106;
export const PAIR_NEWS = 107;
export const PAIR_SAY = 108;
export const ASK_STATE = 109;
export const STATE = 110;
export const OFFER = 111;
export const WANT = 112;
export const GIVE = 113;
export const CLOCK = 114;

/** Bytes of a page of STATE. */
export const STATE_PAGE = 61_440;

/**
 * Codes 4400 to 4499 are final for the stock provider; after any other it tries again. Each reason has its own, so that
 * whoever is turned away learns the true one. None says anything of anybody else: whether the signature fits the key in
 * the answer is asked first, and only then whose key it is.
 */
export const CLOSE = {
  done: 4000,
  malformed: 4400,
  /** Something was said before HELLO was answered. */
  unauthorized: 4401,
  forbidden: 4403,
  notFound: 4404,
  /** Nobody waits for this pairing: it ended, or was never opened here. */
  noPairing: 4405,
  /** Two came with the same code, so it counts for neither. */
  pairingTwice: 4406,
  pairingOver: 4407,
  /** The answer was signed for a server of another name. */
  otherServer: 4410,
  /** The answer to another question. */
  staleAnswer: 4411,
  /** Signed for another workspace, document or purpose. */
  otherPurpose: 4412,
  badSignature: 4413,
  /** The workspace is here, and that key was never part of it. */
  unknownDevice: 4414,
  /** An entry of the log closed the device. Over the log's socket the log comes first, up to that entry. */
  deviceClosed: 4415,
  /** The same, where the entry ended the membership. */
  memberRemoved: 4416,
  unknownInvite: 4417,
  /** Founded already. */
  exists: 4418,
  foundingClosed: 4419,
  /** Founding needs a founding link that was not used. */
  linkNeeded: 4420,
  protocolTooOld: 4426,
  /** Whoever dials speaks no version that this server knows. */
  serverTooOld: 4427,
  storage: 4503,
  authTooLate: 4508,
  tooMuch: 4509,
} as const;

export const FRAME_BYTES_MAX = 131_072;
export const HEAD_EVERY_MS = 15_000;
export const AUTH_WITHIN_MS = 15_000;
export const PAIR_SAY_MAX = 4_096;
export const PAIRING_MS = 600_000;

export type Ack = { ok: true; d: string; s: number; id: string; dup: boolean } | { ok: false; code: string };

export const writeText = (type: number, text: string): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarString(encoder, text);
  return encoding.toUint8Array(encoder);
};

export interface StatePage {
  /** Position of the checkpoint's own entry, 0 where there is none. */
  readonly seq: number;
  readonly page: number;
  readonly pages: number;
  readonly bytes: Uint8Array;
}
export const writeStatePage = ({ seq, page, pages, bytes }: StatePage): Uint8Array => {
  const encoder = encoding.createEncoder();
  for (const number of [STATE, seq, page, pages]) encoding.writeVarUint(encoder, number);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
};
/** After the message number. Throws where it is cut. */
export const readStatePage = (decoder: decoding.Decoder): StatePage => ({
  seq: decoding.readVarUint(decoder),
  page: decoding.readVarUint(decoder),
  pages: decoding.readVarUint(decoder),
  bytes: decoding.readVarUint8Array(decoder),
});
export const writeAskState = (position: number): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, ASK_STATE);
  encoding.writeVarUint(encoder, position);
  return encoding.toUint8Array(encoder);
};

/** What the own clock says: a server that is far from it stamps nothing that this device sends. */
export const writeClock = (ms: number): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, CLOCK);
  encoding.writeVarUint(encoder, Math.min(Math.max(0, Math.floor(ms)), TIME_MAX));
  return encoding.toUint8Array(encoder);
};

export const writeNumbered = (type: number, id: number, text: string): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarUint(encoder, id);
  encoding.writeVarString(encoder, text);
  return encoding.toUint8Array(encoder);
};

/** A frame from a client, as far as a server must understand it. `null` for anything malformed or with bytes left over. */
export type ClientFrame =
  | { readonly type: "step1"; readonly stateVector: Uint8Array }
  | { readonly type: "yjs-write" }
  | { readonly type: "awareness" }
  | { readonly type: "auth"; readonly jws: string }
  | { readonly type: "ask-state"; readonly position: number }
  | { readonly type: "clock"; readonly reads: number }
  | { readonly type: "cmd"; readonly id: number; readonly jws: string }
  | { readonly type: "offer"; readonly offer: Offer }
  | { readonly type: "give"; readonly given: Given }
  | { readonly type: "pair-open"; readonly id: PairId }
  | { readonly type: "pair-say"; readonly text: string };

const readBody = (decoder: decoding.Decoder, type: number): ClientFrame | null => {
  if (type === SYNC) {
    const step = decoding.readVarUint(decoder);
    if (step === 1 || step === 2) return { type: "yjs-write" };
    if (step !== 0) return null;
    const stateVector = decoding.readVarUint8Array(decoder);
    return stateVector.byteLength <= 64 && !decoding.hasContent(decoder) ? { type: "step1", stateVector } : null;
  }
  if (type === AWARENESS || type === QUERY_AWARENESS) return { type: "awareness" };
  if (type === AUTH) {
    const jws = decoding.readVarString(decoder);
    return decoding.hasContent(decoder) ? null : { type: "auth", jws };
  }
  if (type === ASK_STATE) {
    const position = decoding.readVarUint(decoder);
    return decoding.hasContent(decoder) ? null : { type: "ask-state", position };
  }
  if (type === CLOCK) {
    const reads = decoding.readVarUint(decoder);
    return decoding.hasContent(decoder) || reads > TIME_MAX ? null : { type: "clock", reads };
  }
  if (type === CMD) {
    const id = decoding.readVarUint(decoder);
    const jws = decoding.readVarString(decoder);
    return decoding.hasContent(decoder) ? null : { type: "cmd", id, jws };
  }
  if (type === OFFER) {
    const offer = readOffer(decoder);
    return offer === undefined || decoding.hasContent(decoder) ? null : { type: "offer", offer };
  }
  if (type === GIVE) {
    const given = readGiven(decoder);
    return given === undefined || decoding.hasContent(decoder) ? null : { type: "give", given };
  }
  if (type === PAIR_OPEN || type === PAIR_SAY) {
    const text = decoding.readVarString(decoder);
    return decoding.hasContent(decoder) ? null : readPairing(type, text);
  }
  return null;
};

const readPairing = (type: number, text: string): ClientFrame | null => {
  const id = type === PAIR_OPEN ? asPairId(text) : undefined;
  if (type === PAIR_OPEN) return id === undefined ? null : { type: "pair-open", id };
  return isPairSay(text) ? { type: "pair-say", text } : null;
};
/** One spelling, of which a character is a byte wherever it goes. */
export const isPairSay = (text: string): boolean => text.length <= PAIR_SAY_MAX && /^[A-Za-z0-9_-]+$/.test(text);

export const readClientFrame = (bytes: Uint8Array): ClientFrame | null => {
  try {
    const decoder = decoding.createDecoder(bytes);
    return readBody(decoder, decoding.readVarUint(decoder));
  } catch {
    // Fewer bytes than it says: no frame.
    return null;
  }
};
