/** What the server says besides entries and heads, read: its greeting and its answers to commands. */
import { z } from "zod";
import { bool, int, json, record, text } from "#core/protocol/parse.ts";
import type { Ack } from "#core/protocol/wire.ts";

const asKeyText = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
// Keys that a newer server adds are of no matter here: `v` says whether we understand each other.
const Hello = z.looseObject({
  v: z.int().min(0),
  nonce: z.string().min(16).max(64),
  key: asKeyText,
  t: z.int().min(0).optional(),
});
export type Hello = z.infer<typeof Hello>;
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
export const parseHello = (source: string): Hello | undefined => Hello.safeParse(json(source)).data;
