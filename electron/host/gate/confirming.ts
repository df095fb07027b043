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
import { refusalOf } from "#bridge/refused.ts";
import { factWords } from "#text/facts.ts";
import { confirmText } from "#core/protocol/confirm-text.ts";
import { hashOf } from "#core/protocol/crypto.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import { HOUR } from "#core/rules/state.ts";
import type { Code } from "#bridge/answer.ts";
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
  draft(call: ProposedCall, rule: string): Confirm;
  ask(call: ProposedCall, rule: string): void;
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
  ): Code | null;
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

const CODES: Record<Confirm["state"], string> = {
  confirming: "not-confirmed",
  approved: "approved",
  rejected: "rejected",
  canceled: "canceled",
  expired: "expired",
  refused: "refused",
};
const NOT_CONFIRMED: Code = { code: "not-confirmed", message: "You have not confirmed this call, so it was not made." };
const OTHER_BYTES: Code = {
  code: "call-changed",
  message: "This is not the call that you confirmed, so it was not made. Make it again.",
};
const TOOL_CHANGED: Code = {
  code: "tool-changed",
  message: "The tool or the way it is started changed since this was shown. Nothing was run. Make the call again.",
};
const stricter = (rule: string): Code => ({
  code: "rule-changed",
  message: `The rules changed since this was shown, so confirming it counts for nothing now. ${rule} Make the call again.`,
});

export const createConfirming = (deps: ConfirmingDeps): Confirming => {
  const { confirms, now, changed } = deps;

  const draft = (call: ProposedCall, rule: string): Confirm => {
    const live = deps.live(call.wid);
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    if (tool === null || live === null)
      throw new Refusal(
        "tool-gone",
        "This tool is not running on this computer now. Open Tools to see why, then try again.",
      );
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
      return {
        state: "expired",
        reason:
          confirm.state === "approved" ? "It was confirmed and could not run in time." : "You did not answer in time.",
      };
    if (confirm.state === "approved") return null;
    const call = deps.proposed(confirm.call);
    if (call === null) return { state: "canceled", reason: null };
    const judged = deps.judge(call);
    if (judged.kind === "ask") return { state: "refused", reason: factWords(stricter(judged.rule)) };
    // A reason with a code passes by itself, as when the server is reached again.
    return judged.kind === "deny" && judged.code === undefined ? { state: "refused", reason: judged.rule } : null;
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
  const problemOf = (live: Live | null, confirm: Confirm): Code | null => {
    const call = deps.proposed(confirm.call);
    if (call === null || live === null) return OTHER_BYTES;
    const judged = deps.judge(call);
    if (judged.kind === "ask") return stricter(judged.rule);
    if (judged.kind === "deny") return { code: judged.code ?? "not-allowed", message: judged.rule };
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    if (tool !== null && (tool.launch !== confirm.launch || tool.def.schema !== confirm.schema)) return TOOL_CHANGED;
    return confirmHash(call, live.me, confirm) === confirm.hash ? null : OTHER_BYTES;
  };

  const answer: Confirming["answer"] = async ({ wid, hash }, vote, note) => {
    const waiting = (): Confirm => {
      const found = confirms.byHash(wid, hash);
      const confirm = found === null ? null : step(found);
      if (confirm === null)
        throw new Refusal(
          OTHER_BYTES.code,
          "This call was changed after it was shown here, so nothing was run. Its new card is in Waiting.",
        );
      if (confirm.state !== "confirming")
        throw new Refusal(
          confirm.state === "approved" ? "already-voted" : CODES[confirm.state],
          confirm.reason ?? "This was answered already.",
        );
      return confirm;
    };
    const asked = waiting();
    if (vote === "reject") {
      confirms.save({ ...asked, state: "rejected", reason: note === "" ? null : note });
      return changed(asked);
    }
    const live = deps.live(wid);
    const problem = problemOf(live, asked);
    if (problem !== null || live === null) {
      if (problem?.code === TOOL_CHANGED.code) keep({ ...asked, state: "refused", reason: factWords(problem) });
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
      if (confirm.state !== "approved")
        return { code: CODES[confirm.state], message: confirm.reason ?? factWords(NOT_CONFIRMED) };
      if (at.launch !== confirm.launch || at.schema !== confirm.schema) return TOOL_CHANGED;
      if (confirmHash(call, live.me, at) !== confirm.hash) return OTHER_BYTES;
      return isSigned(live, confirm) ? null : NOT_CONFIRMED;
    },
  };
};

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
