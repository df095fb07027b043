/**
 * What is sealed to approvers: the exact text of the call, which alone is hashed and signed, and beside it what the
 * requester says about it.
 *
 *   { v: 2, call: "<call-hash.ts>", why: string | null, before: { argument, path, text, cut } | null }
 *
 * `why` and `before` are the requester's word: authentic, because the requester's device signs the command that carries
 * the sealed text, and never checked, because nobody else can. Nothing that decides or executes reads them. What was left
 * out because it was too large is there and empty, so that a card can say so: `why` of no characters, and `before` of no
 * text that is cut.
 */
import { z } from "zod";
import { json } from "#core/protocol/parse.ts";
import { Before, WHY_MAX } from "#bridge/card.ts";
import type { Enclosed } from "#bridge/call.ts";
import { told, type Told } from "#bridge/told.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { namedIn } from "../tools/named-file.ts";
import { callHash, readCall } from "./call-hash.ts";
import type { Opened as OpenedCall } from "./call-hash.ts";

export interface Enclosure {
  readonly why: string | null;
  readonly before: Before | null;
}
export const NOTHING: Enclosure = { why: null, before: null };

/** What somebody typed, as words to enclose; null where there are none. */
export const whyOf = (typed: string | undefined): string | null => {
  const words = typed?.trim() ?? "";
  return words === "" ? null : words;
};

const Sealed = z.strictObject({
  v: z.literal(2),
  call: z.string(),
  why: z.string().max(WHY_MAX).nullable(),
  before: Before.nullable(),
});

export const sealedText = (call: string, { why, before }: Enclosure): string =>
  JSON.stringify({
    v: 2,
    call,
    why,
    before:
      before === null ? null : { argument: before.argument, path: before.path, text: before.text, cut: before.cut },
  });

export interface Opened extends Enclosure {
  readonly call: OpenedCall;
  readonly problem: Told | null;
}

/**
 * Reads an opened text whose call has the hash `expected`; null where it has not, or is not of this shape. The text must
 * be written in the one way in which `sealedText` writes it: with a key twice, or out of order, two readers could
 * differ.
 */
export const readOpened = (sealed: string, expected: Hash): Opened | null => {
  const read = parsed(sealed);
  const call = read === null ? null : readCall(read.call, expected);
  if (read === null || call === null || sealedText(read.call, read) !== sealed) return null;
  const dropped = [
    ...(read.why === "" ? (["why"] as const) : []),
    ...(read.before !== null && isLeftOut(read.before) ? (["file"] as const) : []),
  ];
  const fits = read.before === null || beforeFits(call.args, read.before);
  return {
    call,
    why: read.why === "" ? null : read.why,
    before: read.before === null || isLeftOut(read.before) || !fits ? null : read.before,
    problem: fits ? tooLarge(dropped) : told("enclosure-unfit"),
  };
};

/** The sealed text whose call has this hash, or null: what has not is never sealed again. */
export const holdsCall = (sealed: string, expected: Hash): boolean => {
  const read = parsed(sealed);
  return read !== null && callHash(read.call) === expected;
};

const parsed = (text: string): z.infer<typeof Sealed> | null => Sealed.safeParse(json(text)).data ?? null;

const isLeftOut = ({ text, cut }: Before): boolean => text === "" && cut;

/** A file that the call does not name, or a text that it does not hold, would be shown as if the call were about it. */
const beforeFits = (args: string, { argument, path }: Before): boolean => {
  const named = namedIn(args);
  return named !== null && named.argument === argument && named.path === path;
};

const tooLarge = (dropped: readonly ("why" | "file")[]): Told | null =>
  dropped.length === 0 ? null : told("enclosure-too-large", dropped);

/** The same with less and less of it, the most expendable first: the call itself is never touched. */
const shrunk = ({ why, before }: Enclosure): Enclosure[] => {
  const empty = before === null ? null : { ...before, text: "", cut: true };
  const short = why === null ? null : "";
  return [
    { why, before },
    { why, before: empty },
    { why: short, before: empty },
    { why: short, before: null },
  ];
};

export interface SealedCall {
  readonly jwe: string;
  readonly enclosed: Enclosed;
}
/** Seals the call with as much of the enclosure as fits `max` characters, or null where the call alone does not fit. */
export const sealWithin = async (
  call: string,
  enclosure: Enclosure,
  max: number,
  seal: (text: string) => Promise<string>,
): Promise<SealedCall | null> => {
  for (const { why, before } of shrunk(enclosure)) {
    const jwe = await seal(sealedText(call, { why, before }));
    if (jwe.length <= max) return { jwe, enclosed: enclosedOf(enclosure, { why, before }) };
  }
  return null;
};

const enclosedOf = (meant: Enclosure, sent: Enclosure): Enclosed => {
  const file = sent.before === null || isLeftOut(sent.before) ? null : sent.before.path;
  const why = sent.why === "" ? null : sent.why;
  return {
    why,
    file,
    tooLarge: [
      ...(meant.why !== null && why === null ? (["why"] as const) : []),
      ...(meant.before !== null && file === null ? (["file"] as const) : []),
    ],
  };
};
