/** What the server says besides entries and heads, read: its greeting and its answers to commands. */
import { chooseWire } from "#core/protocol/channels.ts";
import { bool, int, json, loose, record, text } from "#core/protocol/parse.ts";
import { CLOSE, WIRE_RANGE } from "#core/protocol/wire.ts";
import type { Ack } from "#core/protocol/wire.ts";

const KEY = /^[A-Za-z0-9_-]{43}$/;
const TIME = int(0, Number.MAX_SAFE_INTEGER);
const VERSION = int(1, Number.MAX_SAFE_INTEGER);
// Keys that a newer server adds are of no matter here: the range says whether we understand each other.
const greeting = loose({
  from: VERSION,
  to: VERSION,
  nonce: text(64, 16),
  key: (value: unknown) => (typeof value === "string" && KEY.test(value) ? value : undefined),
});
export interface Hello {
  /** Versions of the wire that the server speaks. */
  readonly from: number;
  readonly to: number;
  readonly nonce: string;
  /** The key with which the server signs heads, raw, base64url. */
  readonly key: string;
  /** What its clock says, ms. */
  readonly t?: number;
}
const accepted = record({
  ok: (value: unknown) => (value === true ? true : undefined),
  d: text(64),
  s: int(0, Number.MAX_SAFE_INTEGER),
  id: text(43),
  dup: bool,
});
const refused = record({ ok: (value: unknown) => (value === false ? false : undefined), code: text(64, 1) });
export const parseAck = (source: string): Ack | undefined =>
  (accepted(json(source)) ?? refused(json(source))) as Ack | undefined;
export const parseHello = (source: string): Hello | undefined => {
  const value = json(source);
  const hello = greeting(value);
  if (hello === undefined || hello.from > hello.to) return undefined;
  const said = (value as { t?: unknown } | undefined)?.t;
  if (said === undefined) return hello;
  const t = TIME(said);
  return t === undefined ? undefined : { ...hello, t };
};
/** The version of the wire to speak with it, or the close code that says who has to be updated. */
export const wireWith = (hello: Hello): { readonly wire: number } | { readonly code: number } => {
  const wire = chooseWire(WIRE_RANGE, hello);
  if (typeof wire === "number") return { wire };
  return { code: wire === "we-are-too-old" ? CLOSE.protocolTooOld : CLOSE.serverTooOld };
};
