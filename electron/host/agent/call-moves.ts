/** Where a call stands and how it moves on: each move is one transaction of the journal. */
import type { Told } from "#bridge/told.ts";
import type { Step } from "#core/protocol/at-once.ts";
import type { ProposedCall } from "../seams.ts";
import type { CallFacts, CallRow, CallState } from "../store/runs.ts";
import type { Drive, EngineParts } from "./engine.ts";
import { isSettled } from "./run.ts";

export interface CallMoves {
  /** The call as it would be executed now, or null where its thread is gone. */
  proposed(call: CallRow): ProposedCall | null;
  /** False where the call may not go there any more. `also` is kept with it or not at all. */
  move(call: CallRow, to: CallState, facts?: CallFacts, also?: Step): boolean;
  refuse(call: CallRow, why: Told): boolean;
  /**
   * The call once its server is up, or null where its state is no longer `still` one of those. After a restart it may be here
   * before its server, and while it waits its arguments may be changed: what was read before the wait must not be used.
   */
  afterServer(call: CallRow, still: (state: CallState) => boolean): Promise<ProposedCall | null>;
}

/** A call that was judged and not asked is judged again after a start. What follows, a request or a ledger row, waits for the disk. */
const JUDGED: ReadonlySet<CallState> = new Set(["queued", "confirming", "approved"]);

export const createCallMoves = (
  { journal, runs, clock, settled }: EngineParts,
  { edge, closed }: Pick<Drive, "edge" | "closed">,
): CallMoves => {
  const proposed = (call: CallRow): ProposedCall | null => {
    const place = runs.threadOf(call.run);
    return place === null
      ? null
      : { id: call.id, wid: place.wid, thread: place.thread, server: call.server, tool: call.tool, args: call.args };
  };
  const move = (call: CallRow, to: CallState, facts: CallFacts = {}, also?: Step): boolean => {
    const ended = isSettled(to) ? { endedAt: clock.now() } : {};
    const moved = journal.apply(
      call.run,
      { kind: "call", call: call.id, to },
      { facts: { ...ended, ...facts }, ...(also === undefined ? { soon: JUDGED.has(to) } : { also }) },
    );
    if (moved !== null && moved.run.phase === "done") edge("run.over");
    return moved !== null;
  };
  const refuse = (call: CallRow, why: Told): boolean => move(call, "refused", { reason: why });

  const afterServer = async (call: CallRow, still: (state: CallState) => boolean): Promise<ProposedCall | null> => {
    const place = runs.threadOf(call.run);
    if (place === null) return null;
    await settled?.(place.wid, call.server);
    const now = closed() ? null : runs.call(call.id);
    return now === null || !still(now.state) ? null : proposed(now);
  };

  return { proposed, move, refuse, afterServer };
};
