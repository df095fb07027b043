/**
 * Whether this computer is out of the workspace: by the signed log that is verified here, or because its key is gone, and
 * by nobody's word. A server that turns a device away says nothing that counts before it has shown the entry.
 */
import { parseCommand } from "#core/protocol/command.ts";
import type { Kind } from "#core/protocol/command.ts";
import { parseEntry } from "#core/protocol/entry.ts";
import type { DeviceId, MemberId } from "#core/protocol/ids.ts";
import { roleOf } from "#core/rules/may.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { why } from "#core/facts/why.ts";
import type { Why } from "#core/facts/why.ts";
import type { LineName } from "#core/facts/client-args.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";

export interface OutFacts {
  readonly crypto: CryptoDep;
  readonly log: ReadLog;
  /** The name of a member where only a line of text is shown. */
  readonly nameInLine: (log: ReadLog, member: MemberId) => LineName;
  readonly me: MemberId;
  /** The device that this install was as far as it knows: what an unfinished rotation leads to was never in force. */
  readonly device: DeviceId;
  readonly holdsKey: boolean;
  /** There is another key, of which the log does not say yet whether it is in force. */
  readonly unsettled: boolean;
  /** An entry of the log as it is kept here. */
  readonly entryAt: (position: number) => string | undefined;
}

/** Who signed the entry, and what it is; undefined where this computer began behind it. */
const signedAt = (
  { crypto, log, entryAt }: OutFacts,
  position: number,
): { readonly kind: Kind; readonly by: MemberId | undefined } | undefined => {
  const command = parseCommand(crypto, parseEntry(entryAt(position) ?? "", true)?.c ?? "");
  return command === undefined
    ? undefined
    : { kind: command.payload.k as Kind, by: log.devices.get(command.kid)?.member };
};

const removedFact = (facts: OutFacts, position: number): Why => {
  const signed = signedAt(facts, position);
  if (signed?.by === facts.me) return why("out-left");
  return why("out-removed", signed?.by === undefined ? null : facts.nameInLine(facts.log, signed.by));
};

const closedFact = (facts: OutFacts, position: number): Why => {
  const signed = signedAt(facts, position);
  if (signed?.kind === "member.join") return why("out-came-back");
  if (signed?.kind === "device.rotate") return why("out-key-elsewhere");
  if (signed?.by === facts.me) return why("out-closed-self");
  return why("out-closed", signed?.by === undefined ? null : facts.nameInLine(facts.log, signed.by));
};

/** Null while nothing that is verified here says so. */
export const outOf = (facts: OutFacts): Why | null => {
  const { log, me, device, holdsKey, unsettled } = facts;
  if (log.members.has(me) && roleOf(log, me) === null)
    return removedFact(facts, log.members.get(me)?.role.at(-1)?.[0] ?? 0);
  const to = log.devices.get(device)?.to ?? null;
  if (to !== null && !unsettled) return closedFact(facts, to);
  return holdsKey ? null : why("out-key-gone");
};
