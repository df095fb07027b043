/**
 * Text that only some devices may open: General JWE (RFC 7516), ECDH-ES+A256KW on X25519 and A256GCM, one recipient
 * entry for each device with its id as `kid`.
 */
import { createPublicKey } from "node:crypto";
import { GeneralEncrypt } from "jose";
import type { QueuePolicy } from "#core/command.ts";
import type { MemberId } from "#core/ids.ts";
import { mayVote } from "#core/may.ts";
import type { Device, Log } from "#core/state.ts";
import { Refusal } from "../seams.ts";
import type { Shell } from "../seams.ts";

/** Most characters of JWE that fit a signed command: it is base64 inside base64. */
export const SEALED_MAX = 47_000;
export const NOTE_SEALED_MAX = 16_384;

/** Seals to `devices`. A device whose key is not on the curve is left out: one bad key must not silence a team. */
export const seal = async (text: string, devices: readonly Device[]): Promise<string> => {
  const jwe = new GeneralEncrypt(new TextEncoder().encode(text)).setProtectedHeader({ enc: "A256GCM" });
  let recipients = 0;
  for (const device of devices) {
    const key = publicKey(device.enc);
    if (key === undefined) continue;
    jwe.addRecipient(key).setUnprotectedHeader({ alg: "ECDH-ES+A256KW", kid: device.id });
    recipients += 1;
  }
  if (recipients === 0) throw new Refusal("nobody-to-ask", "Nobody here has a device that could open this.");
  return JSON.stringify(await jwe.encrypt());
};

const publicKey = (x: string) => {
  try {
    return createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
  } catch {
    return undefined;
  }
};

/** Plaintext of what was sealed to this device. Rejects with the shell's `Refusal`. */
export const unseal = async (shell: Shell, jwe: string): Promise<string> => {
  const text = await shell.request("keys.open", { jwe });
  if (typeof text !== "string") throw new Refusal("sealed-damaged", "The sealed text could not be opened.");
  return text;
};

const inForce = (log: Log, member: (id: MemberId) => boolean): Device[] => [...log.devices.values()].filter((device) => device.to === null && member(device.member));

/** People who may vote on a request of `requester` under this queue, now. */
export const approvers = (log: Log, queue: QueuePolicy, requester: MemberId): MemberId[] => [...log.members.keys()].filter((member) => mayVote(log, queue, requester, member).allowed);

/** Devices in force of everybody who may vote on a request of `requester`, and the requester's own. */
export const readers = (log: Log, queue: QueuePolicy, requester: MemberId): Device[] => {
  const may = new Set(approvers(log, queue, requester));
  return inForce(log, (member) => member === requester || may.has(member));
};

export const devicesOf = (log: Log, ...members: readonly MemberId[]): Device[] => inForce(log, (member) => members.includes(member));
