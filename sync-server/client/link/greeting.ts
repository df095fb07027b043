/** What the server says besides entries and heads, read: its greeting and its answers to commands. */
import { bool, int, json, loose, record, text } from "#core/protocol/parse.ts";
import type { Ack } from "#core/protocol/wire.ts";

const KEY = /^[A-Za-z0-9_-]{43}$/;
const TIME = int(0, Number.MAX_SAFE_INTEGER);
// Keys that a newer server adds are of no matter here: `v` says whether we understand each other.
const hello = loose({
  v: int(0, Number.MAX_SAFE_INTEGER),
  nonce: text(64, 16),
  key: (value: unknown) => (typeof value === "string" && KEY.test(value) ? value : undefined),
});
export interface Hello {
  readonly v: number;
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
  const read = hello(value);
  const said = (value as { t?: unknown } | undefined)?.t;
  if (read === undefined || said === undefined) return read;
  const t = TIME(said);
  return t === undefined ? undefined : { ...read, t };
};
