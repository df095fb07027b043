/**
 * Calls that wait for others, as this app keeps them: asked, looked at as the fold and the clock move, and ended. Where
 * one stands is a pure step (hold.ts) that asking does not write.
 */
import type { Live } from "#client/live.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import type { SteadyClock } from "#client/keys/steady-clock.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { queueDoc } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import type { Told } from "#bridge/told.ts";
import { refused } from "#bridge/refused.ts";
import type { Authority, Judgement, ProposedCall, Tools } from "../seams.ts";
import type { Hold, HoldStore } from "../store/holds.ts";
import { prepare } from "./asking.ts";
import type { Enclose } from "./asking.ts";
import { isFinal, isSame, nextHold } from "./hold.ts";
import type { Notes } from "./notes.ts";
import { docOf, reasonOf, requestOf, sentOf } from "./standing.ts";

export interface HoldingDeps {
  readonly live: (wid: string) => Live | null;
  readonly rows: WorkspaceStore;
  readonly holds: HoldStore;
  /** The call as it would be executed now, or null where it is gone. */
  readonly proposed: (call: string) => ProposedCall | null;
  readonly tools: Pick<Tools, "find">;
  readonly enclose: Enclose;
  readonly steady: SteadyClock;
  readonly notes: Notes;
  /** The standing of a call is another one. */
  readonly tell: (call: string) => void;
}
export interface Holding extends Pick<Authority, "cancel" | "keep"> {
  /** The hold as it stands now. Asking writes nothing. */
  standsNow(live: Live, hold: Hold): Hold;
  ask(call: ProposedCall, judged: Extract<Judgement, { kind: "ask" }>): Promise<void>;
  /** Looks at every open call of the workspace again. Whoever listens hears after the present work is done. */
  look(live: Live): void;
  /** Ends every open call of the workspace, and answers which. */
  end(wid: string, reason: Told): readonly Hold[];
  /** Called in the transaction that keeps the request that was signed again. */
  moved(wid: string, from: Hash, to: Hash): void;
}

export const createHolding = (deps: HoldingDeps): Holding => {
  const { rows, holds, steady, notes, tell } = deps;
  /** Calls whose step is about to be told. */
  const due = new Set<string>();

  const standsNow = (live: Live, hold: Hold): Hold => {
    const request = requestOf(live, hold);
    const replaced = hold.replaces === null ? undefined : live.docs.asked(hold.replaces);
    const rejected = [request, replaced].find((each) => each?.state === "rejected");
    const reason = rejected === undefined ? null : reasonOf(notes, live.wid, rejected);
    return nextHold(hold, {
      log: live.log,
      request,
      replaced,
      sent: sentOf(rows, live.wid, hold),
      now: steady.now(),
      serverNow: live.serverNow(),
      reason,
    });
  };
  /** The one place where a step of a hold is written: from its first moment on a limit of time is what it is. */
  const keep = (call: string): void => {
    const hold = holds.get(call);
    const live = hold === null ? null : deps.live(hold.wid);
    if (hold === null || live === null) return;
    const next = standsNow(live, hold);
    if (!isSame(hold, next)) holds.save(next);
  };
  /** Whoever hears of a step keeps it together with what follows from it; what nobody kept is kept here. */
  const stepped = (call: string): void => {
    due.delete(call);
    tell(call);
    try {
      keep(call);
    } catch (error) {
      // A disk that refuses must not end the host: the step is worth what it says, and is kept with the next look.
      if (!(error instanceof Refusal)) throw error;
    }
  };

  /** The thread may have been deleted while this was sealed: what approvers were given of it is not kept again. */
  const stays = (call: string, hold: Hold): Hold => (deps.proposed(call) === null ? { ...hold, enclosed: null } : hold);
  const refuse = (hold: Hold, reason: Told): void => {
    holds.add({ ...hold, state: "refused", reason });
    tell(hold.call);
  };
  const ask: Holding["ask"] = async (call, judged) => {
    const live = deps.live(call.wid) as Live;
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    if (tool === null) throw refused("tool-gone");
    const prepared = await prepare(live, call, judged, tool, deps.enclose, { now: steady.now(), besides: null });
    if (!prepared.ok) return refuse(prepared.hold, prepared.problem);
    const { hold, queue, body } = prepared;
    steady.hold();
    await live.outbox.later("approval.request", live.docs.newest(queueDoc(queue.id)), body, {
      request: null,
      with: (id) => holds.add(stays(call.id, { ...hold, request: id })),
    });
    tell(call.id);
  };

  return {
    standsNow,
    keep,
    ask,
    look: (live) => {
      // Whoever listens may ask again, so they hear after this call is done.
      for (const hold of holds.open(live.wid)) {
        if (due.has(hold.call) || isSame(hold, standsNow(live, hold))) continue;
        due.add(hold.call);
        queueMicrotask(() => stepped(hold.call));
      }
    },
    cancel: async (call) => {
      const hold = holds.get(call);
      const live = hold === null ? null : deps.live(hold.wid);
      if (hold === null || live === null || hold.request === null || isFinal(hold.state)) return;
      await live.outbox.later(
        "approval.cancel",
        docOf(live, hold),
        { request: hold.request },
        { request: hold.request, with: () => holds.save({ ...hold, state: "canceled", reason: null }) },
      );
      tell(call);
    },
    end: (wid, reason) => {
      const open = holds.open(wid);
      for (const hold of open) holds.save({ ...hold, state: "refused", reason });
      return open;
    },
    moved: (wid, from, to) => {
      const hold = holds.byRequest(wid, from);
      holds.move(wid, from, to);
      if (hold !== null) queueMicrotask(() => tell(hold.call));
    },
  };
};
