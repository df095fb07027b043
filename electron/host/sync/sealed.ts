/**
 * Text that only some devices may open: General JWE (RFC 7516), ECDH-ES+A256KW on X25519 and A256GCM, one recipient
 * entry for each device with its id as `kid`.
 */
import { createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { QueuePolicy } from "#core/command.ts";
import type { MemberId } from "#core/ids.ts";
import { may, standsInFor } from "#core/may.ts";
import type { Device, Log } from "#core/state.ts";
import { Refusal } from "../seams.ts";
import type { Shell } from "../seams.ts";
import { sealFor } from "./jwe.ts";

/** Most characters of JWE that fit a signed command: it is base64 inside base64. */
export const SEALED_MAX = 47_000;
export const NOTE_SEALED_MAX = 16_384;

/** Seals to `devices`. A device whose key is not on the curve is left out: one bad key must not silence a team. */
export const seal = async (text: string, devices: readonly Device[]): Promise<string> => {
  const recipients = devices.flatMap((device) => {
    const key = publicKey(device.enc);
    return key === undefined ? [] : [{ kid: device.id, key }];
  });
  if (recipients.length === 0) throw new Refusal("nobody-to-ask", "Nobody here has a device that could open this.");
  return sealFor(text, recipients);
};

/** Tried once: a point of low order imports and then agrees on nothing. */
const publicKey = (x: string): KeyObject | undefined => {
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
    diffieHellman({ privateKey: generateKeyPairSync("x25519").privateKey, publicKey: key });
    return key;
  } catch {
    return undefined;
  }
};

/** Ids of the devices that the sealed text names; none where it is not of this shape. */
export const addressees = (jwe: string): string[] => {
  try {
    const { recipients } = JSON.parse(jwe) as { recipients: { header: { kid: unknown } }[] };
    return recipients.map(({ header }) => String(header.kid));
  } catch {
    return [];
  }
};

/** Plaintext of what was sealed to this device. Rejects with the shell's `Refusal`. */
export const unseal = async (shell: Shell, jwe: string): Promise<string> => {
  const text = await shell.request("keys.open", { jwe });
  if (typeof text !== "string") throw new Refusal("sealed-damaged", "The sealed text could not be opened.");
  return text;
};

const inForce = (log: Log, member: (id: MemberId) => boolean): Device[] => [...log.devices.values()].filter((device) => device.to === null && member(device.member));

/**
 * People who may vote on a request of `requester` under this queue, on any rung of it, and those who stand in for them.
 * `now` is the server's time: a delegation ends without an entry, and whose time is over gets nothing sealed any more.
 */
export const approvers = (log: Log, queue: QueuePolicy, requester: MemberId, now: number): MemberId[] => {
  const named = (member: MemberId): boolean => may(log, member, "approvals.decide", { queue, requester }).allowed;
  return [...log.members.keys()].filter((member) => member !== requester && (named(member) || standsInFor(log, member, log.seq, now).some(named)));
};

/** Devices in force of everybody who may vote on a request of `requester`, and the requester's own. */
export const readers = (log: Log, queue: QueuePolicy, requester: MemberId, now: number): Device[] => {
  const may = new Set(approvers(log, queue, requester, now));
  return inForce(log, (member) => member === requester || may.has(member));
};

export const devicesOf = (log: Log, ...members: readonly MemberId[]): Device[] => inForce(log, (member) => members.includes(member));
