/**
 * What members wrote that others may pass over, counted by the server (LV9). Such an entry changes no state, so the rules
 * cannot count it: who does not know the kind would come to another state than who does. The server can, since it alone
 * lets entries in, and it counts what it reads again at a start.
 */
import type { CommandPayload, Signed } from "#core/protocol/command.ts";
import type { DocName, MemberId } from "#core/protocol/ids.ts";
import type { Taken } from "#core/rules/fold.ts";
import type { ReadLog } from "#core/rules/read.ts";

/** Of one member, with all devices, in all documents. */
const HOLDS = 200;
const UNIT_MS = 86_400_000 / HOLDS;

export interface PassedOver {
  /** Counts an entry that is in a document now. */
  saw(log: ReadLog, doc: DocName, entry: Taken): void;
  /** Whether there is room for the command, at a time of the workspace. */
  affords(log: ReadLog, signed: Signed<CommandPayload>, time: number): boolean;
}

export const createPassedOver = (): PassedOver => {
  /** Time until the store is full again, ms, as of a time. */
  const spent = new Map<MemberId, readonly [owed: number, at: number]>();
  const owed = (member: MemberId, time: number): number => {
    const [before, at] = spent.get(member) ?? [0, time];
    return Math.max(0, before - Math.max(0, time - at));
  };
  return {
    saw: ({ devices }, doc, { kind, device, time }) => {
      const member = devices.get(device)?.member;
      // A lane holds copies.
      if (kind !== null || member === undefined || doc.startsWith("lane:")) return;
      spent.set(member, [owed(member, time) + UNIT_MS, time]);
    },
    affords: ({ devices }, { kid, payload }, time) => {
      const member = payload.x ? undefined : devices.get(kid)?.member;
      return member === undefined || owed(member, time) + UNIT_MS <= HOLDS * UNIT_MS;
    },
  };
};
