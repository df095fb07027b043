/**
 * Replacing the key with which this computer speaks in a workspace, and forgetting the old one when nothing needs it.
 *
 * Each step is safe to be killed after: the new key is on the disk and named in the row before anything is sent, and
 * which key is in force is read from the log (identity.ts).
 */
import { standing } from "#core/rules/waiting.ts";
import { COMMAND_LIFE_MAX } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import { refused } from "#bridge/refused.ts";
import { requestsOf } from "#client/docs/requests.ts";
import { namesOf } from "#client/keys/identity.ts";
import type { Live } from "#client/live.ts";
import { offline } from "#client/link/outbox.ts";
import { addressees } from "#client/keys/jwe.ts";
import type { Keyring } from "#client/keys/signer.ts";

export const replaceKey = async (live: Live): Promise<void> => {
  if (!live.active()) throw refused("device.not-here");
  // No key is made for what could not be sent.
  if (live.link().link !== "in-sync") throw offline();
  const next = await live.successor();
  const { x, enc } = next.keys;
  await live.outbox.last("device.rotate", LOG, { x, enc, pop: await next.proof(live.wid, live.me) });
};

/** What may still be sealed to a key that was replaced: a teammate's request that waits in an outbox since before. */
const STILL_ON_ITS_WAY_MS = COMMAND_LIFE_MAX;

/** Whether a workspace lets that key go: not its own any more, long enough ago, and no open request is sealed to it. */
const letsGo = (live: Live, key: DeviceId): boolean => {
  const device = live.log.devices.get(key);
  if (device === undefined) return true;
  if (device.revokedAt === null || live.link().link !== "in-sync") return false;
  const now = live.serverNow();
  if (now - device.revokedAt <= STILL_ON_ITS_WAY_MS) return false;
  const open = requestsOf(live).filter((request) => ["pending", "approved"].includes(standing(request, now)));
  return !open.some(({ jwe, copies }) => [jwe, ...copies].some((sealed) => addressees(sealed).includes(key)));
};

export interface SpentKeysDeps {
  readonly keys: Keyring;
  readonly lives: readonly Live[];
  /** Devices that a row of the store or a join under way names. */
  readonly named: ReadonlySet<string>;
}

/** Keys that a rotation replaced and that nothing needs. A key whose purpose is unknown here is never among them. */
export const spentKeys = ({ keys, lives, named }: SpentKeysDeps): DeviceId[] => {
  const replaced = new Set(lives.flatMap((live) => namesOf(live.log, live.device).slice(1)));
  return keys.list().filter((key) => replaced.has(key) && !named.has(key) && lives.every((live) => letsGo(live, key)));
};
