/**
 * Calls that their person confirms on their own screen (CF1 to CF4). A yes is a signature of this device, which the
 * shell gives only for a click in the popup window that it draws, over the hash of the exact call: how its server is
 * started, what its tool says of itself, its arguments and its own id. It is kept before anything is called, is worth
 * nothing for other bytes, never outlives a stricter rule, and never satisfies a queue. How one stands is a
 * state of its own (confirm.ts); here it is asked for, kept and signed.
 *
 * Nothing here asks the server: a person alone can work without it. Every limit of time denies.
 */
import { refusalOf, refused } from "#bridge/refused.ts";
import { told, type Told } from "#bridge/told.ts";
import type { Judgement, ProposedCall, Tools } from "../seams.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Confirm, ConfirmStore } from "../store/confirms.ts";
import type { Live } from "#client/live.ts";
import {
  approvedBy,
  canEnd,
  newConfirm,
  OTHER_BYTES,
  overFact,
  problemOf,
  refusalOfConfirm,
  standsAt,
  TOOL_CHANGED,
} from "./confirm.ts";
import type { CallNow, ToolFacts } from "./confirm.ts";

export interface ConfirmingDeps {
  readonly live: (wid: string) => Live | null;
  readonly confirms: ConfirmStore;
  readonly tools: Tools;
  /** Steady time, ms. */
  readonly now: () => number;
  /** The call as it would be executed now, or null where it is gone. */
  readonly proposed: (call: string) => ProposedCall | null;
  readonly judge: (call: ProposedCall) => Judgement;
  /** The standing of a call is another one, and is kept. */
  readonly changed: (confirm: Confirm) => void;
}
export interface Confirming {
  /** What would be asked of the person. Throws `Refusal("tool-gone")`. */
  draft(call: ProposedCall, rule: Told): Confirm;
  ask(call: ProposedCall, rule: Told): void;
  /** As it stands now. Asking writes nothing. */
  standsNow(confirm: Confirm): Confirm;
  /** The same, and keeps it. */
  step(confirm: Confirm): Confirm;
  /** The person's answer to exactly what has that hash. Rejects with `Refusal`; then nothing will run. */
  answer(confirm: Confirm, vote: "approve" | "reject", note: string): Promise<void>;
  cancel(call: string): void;
  /** Why the call may not run as confirmed, or null where it may. */
  refusal(live: Live, call: ProposedCall, at: ToolFacts, judged: Judgement): Told | null;
}

export const createConfirming = (deps: ConfirmingDeps): Confirming => {
  const { confirms, now, changed } = deps;

  const factsOf = ({ wid, server, tool }: ProposedCall): ToolFacts | null => {
    const found = deps.tools.find(wid, server, tool);
    return found === null ? null : { launch: found.launch, schema: found.def.schema };
  };
  const current = (id: string): CallNow | null => {
    const call = deps.proposed(id);
    return call === null ? null : { call, judged: deps.judge(call) };
  };
  const draft = (call: ProposedCall, rule: Told): Confirm => {
    const live = deps.live(call.wid);
    const at = factsOf(call);
    if (at === null || live === null) throw refused("tool-gone");
    return newConfirm(call, { member: live.me, at, rule, now: now() });
  };

  /** A disk that refuses must not end the host: the step is worth what it says, and is kept with the next look. */
  const keep = (confirm: Confirm): void => {
    try {
      confirms.save(confirm);
    } catch (error) {
      if (error instanceof Refusal) return;
      throw error;
    }
    changed(confirm);
  };
  const standsNow = (confirm: Confirm): Confirm => standsAt(confirm, now(), () => current(confirm.call));
  const step = (confirm: Confirm): Confirm => {
    const next = standsNow(confirm);
    if (next !== confirm) keep(next);
    return next;
  };

  const problem = (live: Live | null, confirm: Confirm): Told | null => {
    const found = live === null ? null : current(confirm.call);
    const tool = found === null ? null : factsOf(found.call);
    return problemOf(confirm, { member: live?.me ?? "", current: found, tool });
  };
  const answer: Confirming["answer"] = async ({ wid, hash }, vote, note) => {
    const waiting = (): Confirm => {
      const found = confirms.byHash(wid, hash);
      const confirm = found === null ? null : step(found);
      if (confirm === null) throw refused("card-changed");
      if (confirm.state !== "confirming") throw refusalOf(overFact(confirm));
      return confirm;
    };
    const asked = waiting();
    if (vote === "reject") {
      confirms.save({ ...asked, state: "rejected", reason: note === "" ? null : told("note", note) });
      return changed(asked);
    }
    const live = deps.live(wid);
    const why = problem(live, asked);
    if (why !== null || live === null) {
      if (why?.code === TOOL_CHANGED.code) keep({ ...asked, state: "refused", reason: why });
      throw refusalOf(why ?? OTHER_BYTES);
    }
    const { device } = live;
    const signature = await live.signer().confirm(wid, hash);
    // Time passed: it may have been canceled or changed, or the rules with it.
    const still = waiting();
    const late = problem(live, still);
    if (late !== null) throw refusalOf(late);
    confirms.save(approvedBy(still, device, signature, now()));
    changed(still);
  };

  return {
    draft,
    ask: (call, rule) => {
      const confirm = draft(call, rule);
      confirms.add(confirm);
      changed(confirm);
    },
    standsNow,
    step,
    answer,
    cancel: (call) => {
      const confirm = confirms.get(call);
      if (confirm === null || !canEnd(confirm)) return;
      confirms.save({ ...confirm, state: "canceled", reason: null });
      changed(confirm);
    },
    refusal: (live, call, at, judged) => {
      const found = confirms.get(call.id);
      return refusalOfConfirm(found === null ? null : step(found), { call, judged }, at, live);
    },
  };
};
