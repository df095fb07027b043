/** Text that only some devices may open, and which devices these are. The format is in jwe.ts. */
import type { QueuePolicy } from "#core/protocol/command.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { may, standsInFor } from "#core/rules/may.ts";
import type { ReadDevice, ReadLog } from "#core/rules/read.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { why } from "#core/facts/why.ts";
import type { ClientCrypto } from "../ports/crypto.ts";
import type { KeyHolder } from "../ports/keys.ts";
import { RECIPIENT_SIZE } from "./jwe.ts";

/** Most characters of JWE that fit a signed command: it is base64 inside base64. */
export const SEALED_MAX = 47_000;
export const NOTE_SEALED_MAX = 16_384;
/** Of a sealed text, for everything in it but recipients and ciphertext. */
const AROUND = 200;
/** Bytes of text that can be sealed to so many devices. */
export const sealsAtMost = (devices: number): number =>
  Math.max(0, Math.floor(((SEALED_MAX - AROUND - devices * RECIPIENT_SIZE) * 3) / 4));

/** Seals to `devices`. A device whose key is not on the curve is left out. */
export const seal = async (
  crypto: Pick<ClientCrypto, "sealFor">,
  text: string,
  devices: readonly ReadDevice[],
): Promise<string> => {
  const sealed = await crypto.sealFor(
    text,
    devices.map(({ id, enc }) => ({ kid: id, x: enc })),
  );
  if (sealed === null) throw new Refusal(why("nobody-to-open"));
  return sealed;
};

/** Plaintext of what was sealed to this device. Rejects with the holder's `Refusal`. */
export const unseal = async (holder: KeyHolder, jwe: string): Promise<string> => {
  const text = await holder.request("keys.open", { jwe });
  if (typeof text !== "string") throw new Refusal(why("sealed-damaged"));
  return text;
};

const inForce = (log: ReadLog, member: (id: MemberId) => boolean): ReadDevice[] =>
  [...log.devices.values()].filter((device) => device.to === null && member(device.member));

/**
 * People who may vote on a request of `requester` under this queue, on any rung of it, and those who stand in for them.
 * `now` is the server's time: a delegation ends without an entry, and whose time is over gets nothing sealed any more.
 */
export const approvers = (log: ReadLog, queue: QueuePolicy, requester: MemberId, now: number): MemberId[] => {
  const named = (member: MemberId): boolean => may(log, member, "approvals.decide", { queue, requester }).allowed;
  return [...log.members.keys()].filter(
    (member) => member !== requester && (named(member) || standsInFor(log, member, log.seq, now).some(named)),
  );
};

/** Devices in force of everybody who may vote on a request of `requester`, and the requester's own. */
export const readers = (log: ReadLog, queue: QueuePolicy, requester: MemberId, now: number): ReadDevice[] => {
  const may = new Set(approvers(log, queue, requester, now));
  return inForce(log, (member) => member === requester || may.has(member));
};

export const devicesOf = (log: ReadLog, ...members: readonly MemberId[]): ReadDevice[] =>
  inForce(log, (member) => members.includes(member));
