/**
 * As which device this install speaks in one workspace. The verified log says which key is in force; the row in the
 * store only says where to begin, so that nothing rests on what a process remembered when it was killed.
 *
 * A rotation leaves one thing the log cannot tell: when the server took it and the answer was lost, the old key may not
 * read the entry that closed it. So the new key is named in the row before anything is sent, and where the server turns
 * the old one away, the new one knocks. Whatever it is then shown is verified like everything else.
 */
import type { DeviceId, MemberId } from "#core/protocol/ids.ts";
import { isSameDevice } from "#core/rules/may.ts";
import type { ReadDevice, ReadLog } from "#core/rules/read.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { WorkspaceRow, WorkspaceStore } from "../ports/store.ts";
import type { Keyring, Signer } from "./signer.ts";

export interface Identity {
  device(): DeviceId;
  /** The device that this install is as far as it knows; what an unfinished rotation leads to is not yet it. */
  own(): DeviceId;
  /** Throws `Refusal("no-such-key")` where this computer does not hold the key any more. */
  signer(): Signer;
  held(): boolean;
  /** Whether there is another key to try where the server turns one away: that of an unfinished rotation. */
  unsettled(): boolean;
  /** False while the key of an unfinished rotation speaks and the log has not shown yet whether it is in force. */
  settled(): boolean;
  /**
   * After the log grew. `other`: another key speaks from now on. `settled`: the one that speaks is in force now. Both
   * mean that what was signed before them counts no more.
   */
  follow(): "same" | "settled" | "other";
  /** The server turned the present key away: true where the key of an unfinished rotation is to be tried now. */
  turnedAway(): boolean;
  /** The key that the next rotation leads to: that of an unfinished one, or a new one. It is in the row before this resolves. */
  successor(): Promise<Signer>;
}

export interface IdentityDeps {
  readonly row: WorkspaceRow;
  readonly rows: WorkspaceStore;
  readonly keys: Keyring;
  readonly log: ReadLog;
}

/** Devices in force of a member whose keys are in this ring. */
const held = (log: ReadLog, keys: Keyring, member: MemberId): ReadDevice[] =>
  [...log.devices.values()].filter((device) => device.member === member && device.to === null && keys.has(device.id));

export const createIdentity = ({ row, rows, keys, log }: IdentityDeps): Identity => {
  const { wid } = row;
  const me = row.member;
  let kept = { device: row.device, next: row.nextDevice };
  let device = kept.device;

  const settle = (id: DeviceId): void => {
    kept = { device: id, next: null };
    device = id;
    try {
      rows.setDevice(wid, id, null);
    } catch (error) {
      // The row is where a start begins to look; which key speaks, the verified log says there too.
      if (!(error instanceof Refusal)) throw error;
    }
  };
  return {
    device: () => device,
    own: () => kept.device,
    signer: () => keys.signer(device),
    held: () => keys.has(device),
    unsettled: () => kept.next !== null && keys.has(kept.next),
    settled: () => device === kept.device,
    follow: () => {
      // A join was taken that this copy has not seen yet: until then, what it shows in force is what that join closed.
      if (!log.devices.has(kept.device)) return "same";
      const own = held(log, keys, me);
      const before = device;
      const heir =
        own.find(({ id }) => id === device) ?? own.find(({ id }) => isSameDevice(log, kept.device, id)) ?? own.at(-1);
      if (heir === undefined) return "same";
      device = heir.id;
      if (heir.id === kept.device) return device === before ? "same" : "other";
      settle(heir.id);
      return device === before ? "settled" : "other";
    },
    turnedAway: () => {
      if (kept.next === null || device === kept.next || !keys.has(kept.next)) {
        device = kept.device;
        return false;
      }
      device = kept.next;
      return true;
    },
    successor: async () => {
      const next =
        kept.next !== null && keys.has(kept.next) && !log.devices.has(kept.next) ? kept.next : await keys.make();
      rows.setDevice(wid, kept.device, next);
      kept = { device: kept.device, next };
      return keys.signer(next);
    },
  };
};

/** Ids under which this machine has signed in this workspace, newest first. */
export const namesOf = (log: ReadLog, device: DeviceId): DeviceId[] => {
  const names: DeviceId[] = [];
  for (let id: DeviceId | null = device; id !== null; id = log.devices.get(id)?.rotatedFrom ?? null) names.push(id);
  return names;
};
