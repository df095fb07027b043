/** What changes by time alone, without an entry: who stands in for whom, which rung of a request has begun, and what the clocks differ by. */
import { standing } from "#core/rules/waiting.ts";
import type { Publisher } from "../seams.ts";
import { requestsOf } from "#client/docs/requests.ts";
import { standIns } from "../team/delegations.ts";
import type { Live } from "#client/live.ts";

const momentOf = (live: Live): string => {
  const now = live.serverNow();
  // Only these read differently later; a workspace may hold thousands that are over.
  const open = requestsOf(live).filter(({ state }) => state === "pending" || state === "approved");
  const rungs = open.map((request) => [
    request.id,
    standing(request, now),
    request.policy.steps.filter((step) => request.at + step.afterMs <= now).length,
  ]);
  return JSON.stringify([standIns(live), rungs, live.serverAhead()]);
};

/** Tells windows when a workspace reads differently than at the last look. */
export const createMoments = (publisher: Publisher) => {
  /** Goes with the workspace when it is forgotten. */
  const last = new WeakMap<Live, string>();
  return (live: Live): void => {
    const now = momentOf(live);
    if (last.get(live) === now) return;
    last.set(live, now);
    for (const kind of ["team", "cards", "status"]) publisher.publish(kind, live.wid);
  };
};
