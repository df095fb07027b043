/**
 * Calls that their person confirms on their own screen (CF1 to CF4). A yes is a signature of this device, which the
 * shell gives only for a click in the popup window that it draws, over the hash of the exact call: how its server is
 * started, what its tool says of itself, its arguments and its own id. It is kept before anything is called, is worth
 * nothing for other bytes, never outlives a stricter rule, and never satisfies a queue.
 *
 *   confirming -> approved | rejected | canceled | expired | refused
 *   approved -> canceled | expired
 *
 * Nothing here asks the server: a person alone can work without it. Every limit of time denies.
 */
import { refusalOf, refused } from "#bridge/refused.ts";
import { told, type Told } from "#bridge/told.ts";
import { confirmText } from "#core/protocol/confirm-text.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import { HOUR } from "#core/rules/state.ts";
import type { Judgement, ProposedCall, Standing, Tools } from "../seams.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Confirm, ConfirmStore } from "../store/confirms.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { namesOf } from "#client/keys/identity.ts";
import type { Live } from "#client/live.ts";

/** How long a call waits for its person, and how long their yes waits for its tool. */
export const ANSWER_WITHIN_MS = 8 * HOUR;
export const RUN_WITHIN_MS = HOUR;

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
  refusal(
    live: Live,
    call: ProposedCall,
    at: { readonly launch: string; readonly schema: string },
    judged: Judgement,
  ): Told | null;
}

/** SHA-256 of everything that a yes binds. */
export const confirmHash = (
  { id, wid, thread, server, tool, args }: ProposedCall,
  member: string,
  { launch, schema }: { readonly launch: string; readonly schema: string },
): string =>
  hashOf(
    nodeCrypto,
    JSON.stringify({
      v: 1,
      confirm: id,
      workspace: wid,
      member,
      thread,
      server: { id: server, launch },
      tool,
      schema,
      args,
    }),
  );

/** What a call is told that may not run, by where it stands. */
const overFact = ({ state, reason }: Confirm): Told => {
  switch (state) {
    case "confirming":
      return NOT_CONFIRMED;
    case "approved":
      return told("answered-before");
    case "rejected":
      return told("rejected-here", reason);
    case "canceled":
      return told("canceled-here");
    case "expired":
      return told("call-expired", reason);
    case "refused":
      return told("refused", reason);
  }
};
const NOT_CONFIRMED = told("call-not-confirmed");
const OTHER_BYTES = told("confirmed-other-call");
const TOOL_CHANGED = told("confirmed-tool-changed");
const stricter = (rule: Told): Told => told("rule-stricter", rule);

export const createConfirming = (deps: ConfirmingDeps): Confirming => {
  const { confirms, now, changed } = deps;

  const draft = (call: ProposedCall, rule: Told): Confirm => {
    const live = deps.live(call.wid);
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    if (tool === null || live === null) throw refused("tool-gone");
    const at = { launch: tool.launch, schema: tool.def.schema };
    return {
      call: call.id,
      wid: call.wid,
      hash: confirmHash(call, live.me, at),
      ...at,
      rule,
      askedAt: now(),
      until: now() + ANSWER_WITHIN_MS,
      state: "confirming",
      device: null,
      signature: null,
      reason: null,
    };
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

  /** What ends a call that waits: its time, a call that is gone, and rules that want something else by now. */
  const ended = (confirm: Confirm): Pick<Confirm, "state" | "reason"> | null => {
    if (now() > confirm.until)
      return { state: "expired", reason: told(confirm.state === "approved" ? "confirmed-unused" : "not-answered") };
    if (confirm.state === "approved") return null;
    const call = deps.proposed(confirm.call);
    if (call === null) return { state: "canceled", reason: null };
    const judged = deps.judge(call);
    if (judged.kind === "ask") return { state: "refused", reason: stricter(judged.rule) };
    return judged.kind === "deny" && judged.passes !== true ? { state: "refused", reason: judged.rule } : null;
  };
  const standsNow = (confirm: Confirm): Confirm => {
    if (confirm.state !== "confirming" && confirm.state !== "approved") return confirm;
    const end = ended(confirm);
    return end === null ? confirm : { ...confirm, ...end };
  };
  const step = (confirm: Confirm): Confirm => {
    const next = standsNow(confirm);
    if (next !== confirm) keep(next);
    return next;
  };

  /** Why a yes would be worth nothing now, or null. */
  const problemOf = (live: Live | null, confirm: Confirm): Told | null => {
    const call = deps.proposed(confirm.call);
    if (call === null || live === null) return OTHER_BYTES;
    const judged = deps.judge(call);
    if (judged.kind === "ask") return stricter(judged.rule);
    if (judged.kind === "deny") return denied(judged);
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    if (tool !== null && (tool.launch !== confirm.launch || tool.def.schema !== confirm.schema)) return TOOL_CHANGED;
    return confirmHash(call, live.me, confirm) === confirm.hash ? null : OTHER_BYTES;
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
    const problem = problemOf(live, asked);
    if (problem !== null || live === null) {
      if (problem?.code === TOOL_CHANGED.code) keep({ ...asked, state: "refused", reason: problem });
      throw refusalOf(problem ?? OTHER_BYTES);
    }
    const { device } = live;
    const signature = await live.signer().confirm(wid, hash);
    // Time passed: it may have been canceled or changed, or the rules with it.
    const still = waiting();
    const late = problemOf(live, still);
    if (late !== null) throw refusalOf(late);
    confirms.save({ ...still, state: "approved", until: now() + RUN_WITHIN_MS, device, signature });
    changed(still);
  };

  /** Signed by this computer, perhaps under a key that was replaced since. */
  const isSigned = (live: Live, { wid, hash, device, signature }: Confirm): boolean => {
    const x = namesOf(live.log, live.device).includes(device as DeviceId)
      ? live.log.devices.get(device as DeviceId)?.x
      : undefined;
    return (
      x !== undefined &&
      device !== null &&
      signature !== null &&
      nodeCrypto.verify(x, confirmText(wid, device, hash), signature)
    );
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
      if (confirm === null || (confirm.state !== "confirming" && confirm.state !== "approved")) return;
      confirms.save({ ...confirm, state: "canceled", reason: null });
      changed(confirm);
    },
    refusal: (live, call, at, judged) => {
      const found = confirms.get(call.id);
      const confirm = found === null ? null : step(found);
      if (confirm === null) return judged.kind === "allow" ? null : NOT_CONFIRMED;
      if (judged.kind === "ask") return stricter(judged.rule);
      if (confirm.state !== "approved") return overFact(confirm);
      if (at.launch !== confirm.launch || at.schema !== confirm.schema) return TOOL_CHANGED;
      if (confirmHash(call, live.me, at) !== confirm.hash) return OTHER_BYTES;
      return isSigned(live, confirm) ? null : NOT_CONFIRMED;
    },
  };
};

/** Why a call that is denied does not run. What passes by itself keeps its own code. */
export const denied = ({ rule, passes }: Extract<Judgement, { kind: "deny" }>): Told =>
  passes === true ? rule : told("call-denied", rule);

export const standingOfConfirm = ({ state, hash, until, reason }: Confirm): Standing => ({
  state,
  request: hash,
  votes: 0,
  needed: 0,
  expiresAt: state === "confirming" ? until : null,
  decidedBy: null,
  reason,
  enclosed: null,
});
