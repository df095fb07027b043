/**
 * Why an asked call may not run now. It runs only where all of this holds at once: its own request is decided, by votes
 * that count again at the newest log head and by devices that are still open; the rules ask the same queue, or none; the
 * request was made here; server and tool are what they were; the bytes at hand hash to what was approved; and the
 * server's head is young.
 */
import { told, type Told } from "#bridge/told.ts";
import { namesOf } from "#client/keys/identity.ts";
import type { Live } from "#client/live.ts";
import { isSameDevice } from "#core/rules/may.ts";
import type { Judgement, ProposedCall } from "../seams.ts";
import type { Hold } from "../store/holds.ts";
import { hashAtHand } from "./asking.ts";
import { metByOpenDevices, stillMet } from "./hold.ts";
import { requestOf, standingFact } from "./standing.ts";

export interface HeldCall {
  readonly call: ProposedCall;
  /** As it stands now. */
  readonly hold: Hold;
  readonly judged: Judgement;
  /** How its server is started now, and what its tool says of itself now. */
  readonly launch: string;
  readonly schema: string;
}

/** Null where it may run. */
export const heldRefusal = (live: Live, { call, hold, judged, launch, schema }: HeldCall): Told | null => {
  const request = requestOf(live, hold);
  if (hold.state !== "approved" || request === undefined) return standingFact(hold);
  if (judged.kind === "ask" && judged.queue !== request.queue) return told("rule-changed", judged.rule);
  if (!stillMet(live.log, request)) return told("votes-lost");
  if (!metByOpenDevices(live.log, request)) return told("vote-device-closed");
  if (request.requester !== live.me || !isSameDevice(live.log, request.device, live.device))
    return told("not-own-request");
  // A request that was made before this machine's key was replaced names the key of that time.
  const same = namesOf(live.log, live.device).some(
    (device) => hashAtHand(live, device, call, hold.salt, launch, schema) === hold.callHash,
  );
  if (launch !== hold.launch || schema !== hold.schema) return told("approved-tool-changed");
  if (!same || hold.callHash !== request.callHash) return told("call-changed");
  return live.fresh() ? null : told("not-in-sync");
};
