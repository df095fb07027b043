/**
 * Giving back what a server lost. A server that was set back to an older copy of its store holds less than the apps do,
 * and each app keeps the exact entries with a head over them that this server itself signed. Who shows such a head of a
 * position that the server does not have proves two things at once: that the entries up to there were in this server's
 * order, and that the server lost them. The hash in it fixes each of them to the byte, so it does not matter who gives.
 *
 * On a socket of the document, after HELLO and in place of AUTH:
 *
 *   OFFER head, nonce     the server's own head, and a number used once
 *   WANT  { s, a }        signed over the nonce, so that only the holder of the server's key is given anything
 *   GIVE  from, entries   from `s` + 1 on, a frame at a time, each answered with the next WANT
 *
 * | a | what it says |
 * |---|---|
 * | give | send what follows `s` |
 * | wait | somebody else gives now, or the log must come first: ask again later |
 * | done | the server has `s` entries, which agree with the head |
 * | fork | the server's own entries lead elsewhere: something was appended to the older copy |
 * | refused | what was given does not lead to the head |
 *
 * After `done` at the newest head one more GIVE may bring what the server took last and had not signed yet; `wait` then
 * says that it is looked at when everything else is there (`server/tails.ts`).
 *
 * Nothing of the server's is told but its length, and that only to the holder of such a head.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { COMMAND_MAX, HEAD_TYP, parseSigned, WANT_TYP } from "./command.ts";
import type { CryptoDep } from "./crypto.ts";
import { TIME_MAX } from "./entry.ts";
import { asDocName, asWorkspaceId } from "./ids.ts";
import type { DocName, Hash, WorkspaceId } from "./ids.ts";
import { int, oneOf, record, text } from "./parse.ts";
import type { Parsed } from "./parse.ts";

/** Characters of entries in one GIVE, but for an entry that is longer. Below the largest frame, whatever they hold. */
export const GIVE_CHARACTERS = 32_768;
const ENTRY_MAX = COMMAND_MAX + 512;
const COUNT_MAX = 1_024;
const HEAD_MAX = 1_024;

export interface Offer {
  readonly head: string;
  readonly nonce: string;
}
export interface Given {
  readonly from: number;
  readonly entries: readonly string[];
}
export type Answer = "give" | "wait" | "done" | "fork" | "refused";

const position = int(0, Number.MAX_SAFE_INTEGER);
const headShape = { v: int(1, 1), w: asWorkspaceId, d: asDocName, s: position, h: text(43), t: int(0, TIME_MAX) };
const headPayload = record(headShape);
const laterHead = record({ ...headShape, a: int(1, TIME_MAX) });
/** Of a HEAD; `a` is how far the workspace's time runs ahead of `t`, as in entries. */
export const asHead = (value: unknown) => {
  const payload = headPayload(value) ?? laterHead(value);
  return payload === undefined ? undefined : { a: 0, ...payload };
};
const wantPayload = record({
  v: int(1, 1),
  w: asWorkspaceId,
  d: asDocName,
  n: text(64, 16),
  s: position,
  a: oneOf("give", "wait", "done", "fork", "refused"),
});
export type Want = Parsed<typeof wantPayload>;

export interface SignedHead {
  readonly w: WorkspaceId;
  readonly d: DocName;
  readonly s: number;
  readonly h: Hash;
  /** When the server said so, ms, and how far the time of the workspace was ahead of that. */
  readonly t: number;
  readonly a: number;
}

/** A head that the holder of `key` signed; undefined for anything else. */
export const readHead = (crypto: CryptoDep, key: string, jws: string): SignedHead | undefined => {
  const signed = jws.length <= HEAD_MAX ? parseSigned(crypto, jws, asHead) : undefined;
  if (signed === undefined || signed.typ !== HEAD_TYP || !crypto.verify(key, signed.input, signed.signature))
    return undefined;
  const { w, d, s, h, t, a } = signed.payload;
  return { w, d, s, h: h as Hash, t, a };
};
/** As `readHead`, of the answer. */
export const readWant = (crypto: CryptoDep, key: string, jws: string): Want | undefined => {
  const signed = jws.length <= HEAD_MAX ? parseSigned(crypto, jws, wantPayload) : undefined;
  return signed === undefined || signed.typ !== WANT_TYP || !crypto.verify(key, signed.input, signed.signature)
    ? undefined
    : signed.payload;
};

export const writeOffer = (type: number, { head, nonce }: Offer): Uint8Array => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarString(encoder, head);
  encoding.writeVarString(encoder, nonce);
  return encoding.toUint8Array(encoder);
};
export const writeGiven = (type: number, { from, entries }: Given): Uint8Array => {
  const encoder = encoding.createEncoder();
  for (const number of [type, from, entries.length]) encoding.writeVarUint(encoder, number);
  for (const entry of entries) encoding.writeVarString(encoder, entry);
  return encoding.toUint8Array(encoder);
};

/** After the message number. Throws where it is cut. */
export const readOffer = (decoder: decoding.Decoder): Offer | undefined => {
  const head = decoding.readVarString(decoder);
  const nonce = decoding.readVarString(decoder);
  return head.length <= HEAD_MAX && /^[A-Za-z0-9_-]{16,64}$/.test(nonce) ? { head, nonce } : undefined;
};
export const readGiven = (decoder: decoding.Decoder): Given | undefined => {
  const from = decoding.readVarUint(decoder);
  const count = decoding.readVarUint(decoder);
  if (count < 1 || count > COUNT_MAX) return undefined;
  const entries: string[] = [];
  for (let i = 0; i < count; i += 1) entries.push(decoding.readVarString(decoder));
  return entries.every((entry) => entry.length <= ENTRY_MAX) ? { from, entries } : undefined;
};

/** How many of these fit one frame, at least one. */
export const fitsFrame = (entries: readonly string[]): number => {
  let characters = 0;
  let count = 0;
  for (const entry of entries.slice(0, COUNT_MAX)) {
    characters += entry.length;
    if (count > 0 && characters > GIVE_CHARACTERS) break;
    count += 1;
  }
  return count;
};
