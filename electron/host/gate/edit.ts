/**
 * A change of the arguments of a call that was asked or may run, and has not begun. The changed call is another call:
 * judged anew, with bytes, hash and votes of its own. Which of these happens is decided before anything is written:
 *
 *   denied         refused; what was asked before stays
 *   confirmed      the old one is withdrawn and the person is asked, for the changed bytes
 *   same queue     a new request that takes the place of the old one (AP15)
 *   another queue  the old one is withdrawn and the other queue is asked
 *   allowed        the old one is withdrawn and the call runs
 *
 * Commands, hold and the caller's arguments change in one transaction, so that no kill leaves an approval beside bytes
 * that it was not given for.
 */
import type { Nothing, Step } from "#core/protocol/at-once.ts";
import { queueDoc } from "#core/protocol/ids.ts";
import type { Authority, Judgement, ProposedCall, Tools } from "../seams.ts";
import { refused } from "#bridge/refused.ts";
import type { ConfirmStore } from "../store/confirms.ts";
import type { Hold, HoldStore } from "../store/holds.ts";
import type { Live } from "#client/live.ts";
import { prepare } from "./asking.ts";
import type { Enclose } from "./asking.ts";
import type { Confirming } from "./confirming.ts";
import { isFinal } from "./hold.ts";
import { docOf, standingFact } from "./standing.ts";

export interface EditDeps {
  readonly live: (wid: string) => Live | null;
  readonly holds: HoldStore;
  readonly confirms: ConfirmStore;
  readonly draft: Confirming["draft"];
  readonly tools: Tools;
  readonly enclose: Enclose;
  /** Steady time, ms. */
  readonly now: () => number;
  readonly judge: (call: ProposedCall) => Judgement;
  /** The hold as it stands now. */
  readonly standsNow: (live: Live, hold: Hold) => Hold;
}

export const createEdit =
  ({ live: find, holds, confirms, draft, tools, enclose, now, judge, standsNow }: EditDeps): Authority["edit"] =>
  async (call, keep) => {
    const judged = judge(call);
    const live = find(call.wid);
    if (judged.kind === "deny" || live === null) throw refused("change-denied", judged.rule);
    const held = holds.get(call.id);
    const before = held === null ? null : standsNow(live, held);
    if (before !== null && isFinal(before.state)) throw refused("change-too-late", standingFact(before));
    const old =
      before === null || before.request === null ? null : { doc: docOf(live, before), request: before.request };
    const confirm = judged.kind === "confirm" ? draft(call, judged.rule) : null;
    // What was confirmed before was confirmed of other bytes.
    const within = (work: Step): Nothing =>
      keep(judged, () => {
        confirms.remove(call.id);
        if (confirm !== null) confirms.add(confirm);
        work();
      });

    if (judged.kind !== "ask") {
      if (old === null) within(() => undefined);
      else
        await live.outbox.later(
          "approval.cancel",
          old.doc,
          { request: old.request },
          { request: old.request, within, with: () => holds.remove(call.id) },
        );
      return;
    }
    const tool = tools.find(call.wid, call.server, call.tool);
    if (tool === null) throw refused("tool-gone");
    const prepared = await prepare(live, call, judged, tool, enclose, { now: now(), besides: old?.request ?? null });
    if (!prepared.ok) throw refused("change-denied", prepared.problem);
    const replaces = old !== null && before?.queue === prepared.queue.id ? old.request : null;
    // A request is replaced where it stands, which may be an older epoch of its queue.
    const doc = replaces === null || old === null ? live.docs.newest(queueDoc(prepared.queue.id)) : old.doc;
    const cancels = old !== null && replaces === null ? { cancels: old } : {};
    await live.outbox.later(
      "approval.request",
      doc,
      { ...prepared.body, replaces },
      { request: null, within, ...cancels, with: (id) => holds.add({ ...prepared.hold, request: id, replaces }) },
    );
  };
