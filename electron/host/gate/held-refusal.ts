/**
 * Why an asked call may not run now. It runs only where all of this holds at once: its own request is decided, by votes
 * that count again at the newest log head and by devices that are still open; the rules ask the same queue, or none; the
 * request was made here; server and tool are what they were; the bytes at hand hash to what was approved; and the
 * server's head is young.
 */
import type { Code } from "#bridge/answer.ts";
import { namesOf } from "#client/keys/identity.ts";
import type { Live } from "#client/live.ts";
import { isSameDevice } from "#core/rules/may.ts";
import type { Judgement, ProposedCall } from "../seams.ts";
import type { Hold } from "../store/holds.ts";
import { hashAtHand } from "./asking.ts";
import { metByOpenDevices, stillMet } from "./hold.ts";
import { CODES, requestOf, standingWords } from "./standing.ts";

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
export const heldRefusal = (live: Live, { call, hold, judged, launch, schema }: HeldCall): Code | null => {
  const request = requestOf(live, hold);
  if (hold.state !== "approved" || request === undefined)
    return { code: hold.state === "approved" ? "not-decided" : CODES[hold.state], message: standingWords(hold) };
  if (judged.kind === "ask" && judged.queue !== request.queue)
    return { code: "rule-changed", message: `The rules changed after this was approved. ${judged.rule} Ask again.` };
  if (!stillMet(live.log, request))
    return { code: "votes-lost", message: "Somebody who approved this may no longer approve. Ask again." };
  if (!metByOpenDevices(live.log, request))
    return { code: "votes-lost", message: "A device with which this was approved was closed since. Ask again." };
  if (request.requester !== live.me || !isSameDevice(live.log, request.device, live.device))
    return { code: "not-own-request", message: "This was approved for another device." };
  // A request that was made before this machine's key was replaced names the key of that time.
  const same = namesOf(live.log, live.device).some(
    (device) => hashAtHand(live, device, call, hold.salt, launch, schema) === hold.callHash,
  );
  if (launch !== hold.launch || schema !== hold.schema)
    return {
      code: "tool-changed",
      message: "The tool or the way it is started changed after this was approved. Ask again.",
    };
  if (!same || hold.callHash !== request.callHash)
    return { code: "call-changed", message: "This is not the call that was approved. Ask again." };
  if (!live.fresh())
    return {
      code: "not-in-sync",
      message:
        "This was approved, and runs as soon as the server is reached: it must show first that nothing was taken back.",
    };
  return null;
};
