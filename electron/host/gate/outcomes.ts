/** How approved calls ended, told to the team. What could not be told is told at the next start, by the ledger. */
import type { Live } from "#client/live.ts";
import { drop } from "#core/facts/drop.ts";
import type { Authority } from "../seams.ts";
import type { Hold, HoldStore } from "../store/holds.ts";
import type { Ledger } from "../store/ledger.ts";
import { docOf } from "./standing.ts";

export interface OutcomesDeps {
  readonly live: (wid: string) => Live | null;
  readonly holds: HoldStore;
  readonly ledger: Pick<Ledger, "get">;
}
export interface Outcomes extends Pick<Authority, "used"> {
  /** Tells of the calls that ended while the app went down. */
  catchUp(wid: string): void;
}

export const createOutcomes = ({ live: liveOf, holds, ledger }: OutcomesDeps): Outcomes => {
  const report = (live: Live, hold: Hold, result: "ok" | "error" | "unknown"): void => {
    if (hold.request === null) return;
    const used = { ...hold, state: "used" as const };
    const body = { request: hold.request, result };
    const told = live.outbox.later("approval.used", docOf(live, hold), body, {
      request: hold.request,
      with: () => holds.save(used),
    });
    drop(told, "the ledger keeps how the call ended, and catchUp tries again at the next start");
  };
  return {
    used: (call, result) => {
      const hold = holds.get(call);
      const live = hold === null ? null : liveOf(hold.wid);
      if (hold !== null && live !== null && hold.state === "approved") report(live, hold, result);
    },
    catchUp: (wid) => {
      const live = liveOf(wid);
      for (const hold of live === null ? [] : holds.open(wid)) {
        const ended = ledger.get(hold.call)?.result ?? null;
        if (live !== null && hold.state === "approved" && ended !== null) report(live, hold, ended);
      }
    },
  };
};
