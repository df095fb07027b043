/**
 * Checkpoints: an Owner signs the hash of the log's state, so that a new device can begin there and read the history
 * behind it later. The rule compares the hash with the state that it finds, so a wrong one never enters a log.
 *
 * A state names its own Owners, so a signature inside it proves nothing to somebody who knows nothing yet. What proves it
 * is a head that is trusted already (the pin of an invite link, or the own newest head): the entries from the checkpoint's
 * on must lead to it, and whoever gave that head had folded the checkpoint.
 */
import { bodies, parseCommand } from "../protocol/command.ts";
import type { Handler } from "./context.ts";
import { hashOf } from "../protocol/crypto.ts";
import type { CryptoDep } from "../protocol/crypto.ts";
import { KNOWS, STATE_FORMATS, stateFormat } from "../protocol/levels.ts";
import { levelAt } from "./level.ts";
import { parseEntry } from "../protocol/entry.ts";
import type { Hash } from "../protocol/ids.ts";
import { roleOf } from "./may.ts";
import { reject } from "../facts/reject.ts";
import type { Reject } from "../facts/reject.ts";
import { OWNER } from "./roles.ts";
import type { ReadLog } from "./read.ts";
import type { Log } from "./state.ts";
import { readState, writeState } from "./state-text.ts";

export const stateHashOf = (crypto: CryptoDep, log: ReadLog): Hash => hashOf(crypto, writeState(log));

export const onCheckpoint: Handler<"checkpoint"> = (log, body, context) => {
  if (roleOf(log, context.member, context.position) !== OWNER) return "owner-signs";
  if (body.at[0] !== log.seq || body.at[1] !== log.head) return "stale";
  if (body.v !== stateFormat(levelAt(log))) return "wrong-state";
  if (body.stateHash !== stateHashOf(context.crypto, log)) return "wrong-state";
  log.checkpoint = { seq: context.seq, at: body.at, stateHash: body.stateHash, by: context.member };
  return undefined;
};

export interface Start {
  /** What `writeState` wrote before the checkpoint. */
  readonly state: string;
  /** Texts of the entries from the checkpoint's own on. */
  readonly entries: readonly string[];
  /** A head that is trusted already, at or after the checkpoint. */
  readonly pin: readonly [number, Hash | ""];
}

/**
 * The log as it was before the checkpoint; the entries given, the checkpoint's first, are then ingested as any others.
 * Refuses where the pin does not prove the checkpoint (`fork-detected`), the state is another (`wrong-state`), or both
 * are honest and of a level that this build does not know (`newer`).
 */
export const startFromCheckpoint = (
  crypto: CryptoDep,
  { state, entries, pin }: Start,
  knows = KNOWS,
): { readonly ok: true; readonly log: Log } | Reject => {
  const [first = ""] = entries;
  const entry = parseEntry(first, true);
  const signed = entry === undefined ? undefined : parseCommand(crypto, entry.c);
  if (entry === undefined || signed === undefined || signed.payload.k !== "checkpoint") return reject("malformed");
  const body = bodies.checkpoint(signed.payload.b);
  if (body === undefined) return reject("malformed");
  if (!leadsTo(crypto, entries, entry.s, pin)) return reject("fork-detected");
  if (hashOf(crypto, state) !== body.stateHash) return reject("wrong-state");
  if (!STATE_FORMATS.some(([level, v]) => level <= knows && v === body.v)) return reject("newer");
  const log = readState(state);
  if (log !== undefined && levelAt(log) > knows) return reject("newer");
  return log === undefined || log.wid !== signed.payload.w || log.head !== entry.p || log.seq + 1 !== entry.s
    ? reject("wrong-state")
    : { ok: true, log };
};

/** Each entry names the hash of the one before it, so the trusted head fixes all of them. */
const leadsTo = (
  crypto: CryptoDep,
  entries: readonly string[],
  from: number,
  [seq, hash]: readonly [number, Hash | ""],
): boolean => {
  const target = entries[seq - from];
  if (seq < from || target === undefined || hashOf(crypto, target) !== hash) return false;
  for (let i = seq - from; i > 0; i -= 1) {
    if (parseEntry(entries[i] ?? "", true)?.p !== hashOf(crypto, entries[i - 1] ?? "")) return false;
  }
  return true;
};
