/**
 * The gate: which calls may happen, who must be asked, and the only place that mints a permit. It sits below the model
 * and the screen; whatever they say, a call without a permit is not sent.
 *
 * A call gets its permit only while its person is a member who may use tools, the rules let it (judging.ts), and it is
 * not in the ledger. What others approved must still hold in every point (held-refusal.ts) and within the limits of the
 * own clock (hold.ts); what its own person confirms: confirming.ts.
 */
import { oneByOneOf } from "#core/protocol/one-by-one.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { refusalOf } from "#bridge/refused.ts";
import { told, type Told } from "#bridge/told.ts";
import type { Authority, Permit, ProposedCall, Shell, Tools } from "../seams.ts";
import type { Confirm, ConfirmStore } from "../store/confirms.ts";
import type { HoldStore } from "../store/holds.ts";
import type { Ledger } from "../store/ledger.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import type { Live } from "#client/live.ts";
import { createNotes } from "./notes.ts";
import type { Settled } from "#client/link/outbox.ts";
import type { Enclose } from "./asking.ts";
import { denied, standingOfConfirm } from "./confirm.ts";
import { createConfirming } from "./confirming.ts";
import { createEdit } from "./edit.ts";
import { heldRefusal } from "./held-refusal.ts";
import { createHolding } from "./holding.ts";
import { createJudge } from "./judging.ts";
import { createOutcomes } from "./outcomes.ts";
import type { Rewraps } from "./rewrap.ts";
import { standingOf } from "./standing.ts";
import type { SteadyClock } from "#client/keys/steady-clock.ts";

export interface GateDeps {
  /** The workspace, or null where this app has none of that id. */
  readonly live: (wid: string) => Live | null;
  readonly rows: WorkspaceStore;
  readonly holds: HoldStore;
  readonly confirms: ConfirmStore;
  /** The call as it would be executed now, or null where it is gone. */
  readonly proposed: (call: string) => ProposedCall | null;
  readonly ledger: Ledger;
  readonly tools: Tools;
  readonly enclose: Enclose;
  readonly shell: Shell;
  readonly steady: SteadyClock;
  readonly rewraps: Pick<Rewraps, "look">;
}
export interface Gate extends Authority {
  /** The person's answer to an own call, from the popup window. Rejects with `Refusal`; then nothing will run. */
  answer(confirm: Confirm, vote: "approve" | "reject", note: string): Promise<void>;
  /** The fold, the outbox or the clock moved: looks at every open call of the workspace again. */
  look(wid: string): void;
  settled(wid: string, result: Settled): void;
  /** Every open call of the workspace is over. */
  end(wid: string, reason: Told): void;
  /** A request was signed again for a newer epoch. Called in the transaction that keeps it. */
  moved(wid: string, from: Hash, to: Hash): void;
  /** Tells the team about approved calls that ended while the app went down. */
  catchUp(wid: string): void;
}

type Allowed = { readonly ok: true; readonly permit: Permit } | { readonly ok: false; readonly error: Told };
const no = (error: Told): Allowed => ({ ok: false, error });

export const createGate = (deps: GateDeps): Gate => {
  const { holds, ledger, steady } = deps;
  const listeners = new Set<(call: string) => void>();
  const tell = (call: string): void => {
    for (const listener of listeners) listener(call);
  };
  const judge = createJudge(deps);
  const holding = createHolding({ ...deps, notes: createNotes(deps.shell, (wid) => look(wid)), tell });
  const outcomes = createOutcomes(deps);
  const confirming = createConfirming({
    ...deps,
    now: steady.now,
    judge,
    changed: ({ call }) => queueMicrotask(() => tell(call)),
  });
  const edit = createEdit({
    ...deps,
    draft: confirming.draft,
    now: steady.now,
    judge,
    standsNow: holding.standsNow,
  });
  /** One thing at a time for each call: an edit waits for the request that it changes, and a second edit for the first. */
  const inTurn = oneByOneOf<string>();

  const permit = (call: ProposedCall): Allowed => {
    // Every limit is measured by this time: what runs at it must not run at it again after a kill.
    steady.hold();
    const judged = judge(call);
    const live = deps.live(call.wid);
    if (judged.kind === "deny") return no(denied(judged));
    if (live === null) return no(told("call-denied", judged.rule));
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    if (tool === null) return no(told("tool-gone"));
    if (ledger.get(call.id) !== null) return no(told("already-run"));
    const hold = holds.get(call.id);
    const at = { launch: tool.launch, schema: tool.def.schema };
    const confirm = deps.confirms.get(call.id);
    if (hold === null && confirm === null && judged.kind === "ask") return no(told("must-ask", judged.rule));
    const refused =
      hold === null
        ? confirming.refusal(live, call, at, judged)
        : heldRefusal(live, { call, hold: holding.standsNow(live, hold), judged, ...at });
    if (refused !== null) return no(refused);
    return {
      ok: true,
      permit: mint(call, {
        ...at,
        rule: judged.rule,
        request: hold?.request ?? null,
        confirmed: hold === null ? (confirm?.hash ?? null) : null,
      }),
    };
  };

  const look = (wid: string): void => {
    const live = deps.live(wid);
    if (live === null) return;
    holding.look(live);
    for (const confirm of deps.confirms.open(wid)) confirming.step(confirm);
    deps.rewraps.look(live);
  };

  const ask = async (call: ProposedCall): Promise<void> => {
    if (holds.get(call.id) !== null || deps.confirms.get(call.id) !== null) return;
    const judged = judge(call);
    if (judged.kind === "confirm") return confirming.ask(call, judged.rule);
    if (judged.kind !== "ask") throw refusalOf(judged.rule);
    await holding.ask(call, judged);
  };

  return {
    judge,
    permit,
    ask: (call) => inTurn(call.id, () => ask(call)),
    edit: (call, keep) =>
      inTurn(call.id, async () => {
        steady.hold();
        await edit(call, keep);
        tell(call.id);
      }),
    answer: (confirm, vote, note) => inTurn(confirm.call, () => confirming.answer(confirm, vote, note)),
    cancel: (call) =>
      inTurn(call, async () => {
        confirming.cancel(call);
        await holding.cancel(call);
      }),
    keep: holding.keep,
    standing: (call) => {
      const hold = holds.get(call);
      const live = hold === null ? null : deps.live(hold.wid);
      const confirm = hold === null ? deps.confirms.get(call) : null;
      if (hold === null) return confirm === null ? null : standingOfConfirm(confirming.standsNow(confirm));
      return standingOf(live === null ? hold : holding.standsNow(live, hold));
    },
    used: outcomes.used,
    onStanding: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    look,
    settled: (wid, { request }) => {
      if (request !== null) look(wid);
    },
    end: (wid, reason) => {
      const held = holding.end(wid, reason);
      const confirms = deps.confirms.open(wid);
      for (const confirm of confirms) deps.confirms.save({ ...confirm, state: "refused", reason });
      for (const { call } of [...held, ...confirms]) queueMicrotask(() => tell(call));
    },
    moved: holding.moved,
    catchUp: outcomes.catchUp,
  };
};

/** The one place where a permit comes to be. The brand has no value: it is the type that says somebody asked. */
const mint = (
  call: ProposedCall,
  facts: Pick<Permit, "launch" | "schema" | "rule" | "request" | "confirmed">,
): Permit => Object.freeze({ call: Object.freeze({ ...call }), ...facts }) as unknown as Permit;
