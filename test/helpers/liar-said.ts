/** What a server says, as a liar reads it, and what it may be made to say instead. */
import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { ACK, HEAD, HELLO, SYNC, WELCOME, writeNumbered, writeText } from "#core/protocol/wire.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { asStep2, updateFrame } from "../../sync-server/server/fan-out/array-update.ts";
import { generateServerKey, readServerKey } from "../../sync-server/server/system/server-key.ts";
import type { ServerKey } from "../../sync-server/server/system/server-key.ts";

/** A message of the server as it is read here. */
export type Said =
  | { readonly kind: "entries"; readonly from: number; readonly entries: readonly string[]; readonly whole: boolean }
  | { readonly kind: "head"; readonly s: number; readonly h: string; readonly t: number; readonly jws: string }
  | { readonly kind: "welcome"; readonly s: number }
  | { readonly kind: "ack"; readonly id: number; readonly ack: Record<string, unknown> }
  | { readonly kind: "hello" }
  | { readonly kind: "other" };

/** A document as the app reads it: a channel of its connection, or a socket of its own. */
export interface Connection {
  readonly wid: string;
  readonly doc: string;
  /** Says this frame to the app, in the channel where there is one. A text, or nothing, is said on the connection. */
  say(frame: Uint8Array | string): void;
  end(): void;
  /** Ends the connection with a close code. */
  close(code: number): void;
  /** Refuses the document for good, and nothing else where it is a channel. */
  shut(code: number): void;
}
/** What the app is told instead: these frames, or `true` for what the server said. */
export type Lie = (said: Said, on: Connection) => true | readonly Uint8Array[];

/** What a lie makes of what the server says about a document: true for what it said. */
export type Ask = (doc: string, said: Said, on: Connection) => true | readonly Uint8Array[];

export const sha256 = (text: string): string => nodeCrypto.sha256(text);
export const strangerKey = (): ServerKey => readServerKey(nodeCrypto, generateServerKey());

export const entriesFrame = (from: number, entries: readonly string[], whole = false): Uint8Array =>
  whole ? asStep2(updateFrame(from, entries)) : updateFrame(from, entries);

const readEntries = (decoder: decoding.Decoder): Said => {
  const step = decoding.readVarUint(decoder);
  const [struct] = Y.decodeUpdate(decoding.readVarUint8Array(decoder)).structs;
  const content = struct instanceof Y.Item ? (struct.content as Y.ContentAny).arr : [];
  return { kind: "entries", from: struct?.id.clock ?? 0, entries: content as string[], whole: step === 1 };
};
export const read = (bytes: Uint8Array): Said => {
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
    ...(JSON.parse(nodeCrypto.decode(jws.split(".")[1] ?? "") ?? "{}") as { s: number; h: string; t: number }),
    jws,
  };
};

export const welcomeFrame = (s: number): Uint8Array => writeText(WELCOME, JSON.stringify({ s }));
export const ackFrame = (id: number, ack: unknown): Uint8Array => writeNumbered(ACK, id, JSON.stringify(ack));

/** A HEAD as it is read. */
export const headSaid = (jws: string): Said => read(writeText(HEAD, jws));
