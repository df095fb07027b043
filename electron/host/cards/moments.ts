/** What changes by time alone, without an entry: who stands in for whom, and what the clocks differ by. Cards look themselves. */
import type { Publisher } from "../seams.ts";
import { standIns } from "../team/delegations.ts";
import type { Live } from "#client/live.ts";

const momentOf = (live: Live): string => JSON.stringify([standIns(live), live.serverAhead()]);

/** Tells windows when a workspace reads differently than at the last look. */
export const createMoments = (publisher: Publisher) => {
  /** Goes with the workspace when it is forgotten. */
  const last = new WeakMap<Live, string>();
  return (live: Live): void => {
    const now = momentOf(live);
    if (last.get(live) === now) return;
    last.set(live, now);
    for (const kind of ["team", "status"]) publisher.publish(kind, live.wid);
  };
};
