/** What a call gets that no rule names: one choice of the whole workspace, and who is there to be asked instead. */
import { policyAt } from "#core/rules/may.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import type { Policy } from "#core/rules/state.ts";
import type { Told } from "#bridge/told.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { toldOf } from "#bridge/refused.ts";
import { setPolicy } from "./changes.ts";
import type { Live } from "#client/live.ts";
import { approvers } from "#client/keys/sealed.ts";

type Unnamed = Policy["unnamed"];

/** Chosen right after founding: what went wrong, or null. The workspace is there either way, and asks until this is done. */
export const foundWith = async (live: Live, unnamed: Unnamed): Promise<Told | null> => {
  if (unnamed === policyAt(live.log).unnamed) return null;
  try {
    await setPolicy(live, { ...policyAt(live.log), unnamed });
    return null;
  } catch (error) {
    if (error instanceof Refusal) return toldOf(error);
    throw error;
  }
};

/** People other than me who may decide what I ask, in any queue. */
export const othersWhoDecide = (live: Live): MemberId[] => [
  ...new Set(policyAt(live.log).queues.flatMap((queue) => approvers(live.log, queue, live.me, live.serverNow()))),
];
