/** What the agent and the thread are told about a call that did not simply succeed. */
import { STEPS_MAX } from "./run.ts";
import { told, type Told } from "#bridge/told.ts";
import { modelWords } from "#text/facts.ts";
import type { CallRow } from "../store/runs.ts";

/** Why a call is unknown that a process left behind. */
export const UNKNOWN = told("call-unknown");

/** The conversation shows what was executed, and says so where the model had asked for something else. */
export const EDITED_NOTE =
  "Note from Bulkhead: the person changed the arguments of this call before it was decided. The arguments shown are the changed ones.";

/** The result of a settled call as the model reads it. */
export const outcomeText = (call: Pick<CallRow, "state" | "reason" | "result" | "decidedBy">): string => {
  const why = call.reason === null ? "" : ` Reason: ${modelWords(call.reason)}`;
  switch (call.state) {
    case "done":
      return call.result?.text ?? "";
    case "failed":
      return call.result === null || call.result.text === "" ? `The call failed.${why}` : call.result.text;
    case "rejected":
      // Nobody else was asked: the person said no on their own screen.
      return call.decidedBy === null
        ? `The person did not confirm this call. It was not made.${why}`
        : `Rejected by ${modelWords(call.decidedBy)}. The call was not made.${why}`;
    case "refused":
      return `Refused. The call was not made.${why}`;
    case "canceled":
      return `Canceled. The call was not made.${why}`;
    case "expired":
      return `Nobody decided in time, which counts as no. The call was not made.${why}`;
    case "unknown":
      return modelWords(call.reason ?? UNKNOWN);
    case "confirming":
      return "Waiting for the person to confirm this call on their own screen. It has not been made.";
    case "proposed":
    case "queued":
    case "waiting":
    case "approved":
    case "running":
      return "Not finished yet.";
  }
};

export const STOPPED = told("stopped");
export const LIMITS: Readonly<Record<"steps" | "loop", Told>> = {
  steps: told("run-too-long", STEPS_MAX),
  loop: told("run-loops"),
};
export const INTERNAL = told("run-broke");
