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
import type { Code } from "#core/facts/refusal.ts";
import type { CryptoDep } from "#core/protocol/crypto.ts";

const STAYS = "Your threads stay on this computer.";

export interface OutFacts {
  readonly crypto: CryptoDep;
  readonly log: ReadLog;
  /** The name of a member where only a line of text is shown. */
  readonly nameInLine: (log: ReadLog, member: MemberId) => string;
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

const removedWords = (facts: OutFacts, position: number): string => {
  const signed = signedAt(facts, position);
  if (signed?.by === facts.me) return `You left this workspace. ${STAYS} To come back, ask an Admin for a new invite.`;
  const by = signed?.by === undefined ? "" : ` by ${facts.nameInLine(facts.log, signed.by)}`;
  return `You were removed from this workspace${by}. ${STAYS} To come back, ask an Admin for a new invite.`;
};

const closedWords = (facts: OutFacts, position: number): string => {
  const signed = signedAt(facts, position);
  const back = "Add this computer again from another one of yours, or ask an Admin to let you back in.";
  if (signed?.kind === "member.join")
    return `You came back with a new device, and this one was closed with that. ${STAYS} ${back}`;
  if (signed?.kind === "device.rotate")
    return `This computer's key was replaced, and the new one is not here: its data may be an older copy. ${STAYS} ${back}`;
  if (signed?.by === undefined) return `This computer was closed for the workspace. ${STAYS} ${back}`;
  return signed.by === facts.me
    ? `You closed this computer for the workspace from another one of yours. ${STAYS} ${back}`
    : `This computer was closed for the workspace by ${facts.nameInLine(facts.log, signed.by)}. ${STAYS} ${back}`;
};

/** Null while nothing that is verified here says so. */
export const outOf = (facts: OutFacts): Code | null => {
  const { log, me, device, holdsKey, unsettled } = facts;
  if (log.members.has(me) && roleOf(log, me) === null)
    return { code: "not-a-member", message: removedWords(facts, log.members.get(me)?.role.at(-1)?.[0] ?? 0) };
  const to = log.devices.get(device)?.to ?? null;
  if (to !== null && !unsettled) return { code: "device-closed", message: closedWords(facts, to) };
  if (!holdsKey)
    return {
      code: "key-gone",
      message: `The key with which this computer speaks in the workspace is not on it any more. ${STAYS} Add it again from another computer of yours, or ask an Admin to let you back in.`,
    };
  return null;
};
