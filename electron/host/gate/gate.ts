/**
 * The gate: which calls may happen, who must be asked, and the only place that mints a permit. It sits below the model
 * and the screen; whatever they say, a call without a permit is not sent.
 *
 * An asked call gets its permit only while all of this holds at once: this host made the request; its own fold holds a
 * decision from votes that count again at the newest log head; the requester is still a member who may use tools; the
 * own clock is inside both limits; the server's head is young; the bytes at hand hash to what was approved; server and
 * tool are what they were; and the call is not in the ledger. A call that its own person confirms: confirming.ts.
 */
import { drop } from "#core/facts/drop.ts";
import { oneByOneOf } from "#core/protocol/one-by-one.ts";
import { factWords } from "#text/facts.ts";
import { asTold } from "#bridge/refused.ts";
import { queueDoc } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { isSameDevice, may, policyAt, roleOf } from "#core/rules/may.ts";
import type { Code } from "#bridge/answer.ts";
import type { Authority, Judgement, Permit, ProposedCall, Shell, Tools } from "../seams.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Confirm, ConfirmStore } from "../store/confirms.ts";
import type { Hold, HoldStore } from "../store/holds.ts";
import type { Ledger } from "../store/ledger.ts";
import type { WorkspaceStore } from "#client/ports/store.ts";
import { namesOf } from "#client/keys/identity.ts";
import type { Live } from "#client/live.ts";
import { createNotes } from "./notes.ts";
import type { Settled } from "#client/link/outbox.ts";
import { hashAtHand, prepare } from "./asking.ts";
import type { Enclose } from "./asking.ts";
import { createConfirming, standingOfConfirm } from "./confirming.ts";
import { toolStanding } from "./definitions.ts";
import { createEdit } from "./edit.ts";
import { isFinal, isSame, metByOpenDevices, nextHold, stillMet } from "./hold.ts";
import { LEASE_ENDED } from "#client/keys/lease.ts";
import { linksOf } from "./links.ts";
import { evaluate, findingFact } from "./match.ts";
import type { Rewraps } from "./rewrap.ts";
import { CODES, docOf, reasonOf, requestOf, sentOf, standingOf, standingWords } from "./standing.ts";
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
  /** Every open call of the workspace is over, for a reason in words. */
  end(wid: string, reason: string): void;
  /** A request was signed again for a newer epoch. Called in the transaction that keeps it. */
  moved(wid: string, from: Hash, to: Hash): void;
  /** Tells the team about approved calls that ended while the app went down. */
  catchUp(wid: string): void;
}

type Allowed = { readonly ok: true; readonly permit: Permit } | { readonly ok: false; readonly error: Code };
const no = (code: string, message: string): Allowed => ({ ok: false, error: { code, message } });

export const createGate = (deps: GateDeps): Gate => {
  const { rows, holds, ledger, steady } = deps;
  const listeners = new Set<(call: string) => void>();
  /** Calls whose step is about to be told. */
  const due = new Set<string>();
  const notes = createNotes(deps.shell, (wid) => look(wid));

  const judge = (call: ProposedCall): Judgement => {
    const live = deps.live(call.wid);
    if (live === null) return { kind: "deny", rule: "This workspace is not on this computer any more." };
    const role = roleOf(live.log, live.me);
    const rights = may(live.log, live.me, "tools.use");
    if (role === null || !live.active())
      return { kind: "deny", rule: "You are not an active member of this workspace." };
    if (!rights.allowed) return { kind: "deny", rule: factWords(rights.why) };
    const policy = policyAt(live.log);
    const found = evaluate(policy, {
      server: call.server,
      tool: call.tool,
      role,
      args: call.args,
      changed: isChanged(live, call),
      links: linksOf(live.log, call.server),
    });
    const rule = factWords(findingFact(live.log, policy, found, call.tool));
    const unasked = found.effect.kind === "allow" || found.effect.kind === "confirm";
    if (unasked && live.leaseEnded()) return { kind: "deny", rule: factWords(LEASE_ENDED), code: LEASE_ENDED.code };
    if (found.effect.kind !== "ask") return { kind: found.effect.kind, rule };
    const halt = live.replica.halt();
    if (halt !== null) return { kind: "deny", rule: `Approvals are stopped: ${factWords(asTold(halt))}` };
    return { kind: "ask", rule, ruleId: found.rule?.id ?? "default", queue: found.effect.queue };
  };

  /** What does not run here has no definition to compare; it gets no permit either. */
  const isChanged = (live: Live, call: ProposedCall): boolean => {
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    return tool !== null && toolStanding(live.log, call.server, tool.def, tool.unsteady) !== "accepted";
  };

  const permit = (call: ProposedCall): Allowed => {
    // Every limit is measured by this time: what runs at it must not run at it again after a kill.
    steady.hold();
    const judged = judge(call);
    const live = deps.live(call.wid);
    if (judged.kind === "deny") return no(judged.code ?? "not-allowed", judged.rule);
    if (live === null) return no("not-allowed", judged.rule);
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    if (tool === null)
      return no("tool-gone", "This tool is not running on this computer now. Open Tools to see why, then try again.");
    if (ledger.get(call.id) !== null) return no("already-run", "This call was made before and is never made twice.");
    const hold = holds.get(call.id);
    const { launch, def } = tool;
    const confirm = deps.confirms.get(call.id);
    if (hold === null && confirm === null && judged.kind === "ask") return no("must-ask", judged.rule);
    const refused =
      hold === null
        ? confirming.refusal(live, call, { launch, schema: def.schema }, judged)
        : refuseHeld(live, call, standsNow(live, hold), launch, def.schema, judged);
    if (refused !== null) return { ok: false, error: refused };
    return {
      ok: true,
      permit: mint(call, {
        launch,
        schema: def.schema,
        rule: judged.rule,
        request: hold?.request ?? null,
        confirmed: hold === null ? (confirm?.hash ?? null) : null,
      }),
    };
  };

  /** Why an asked call may not run now, or null where it may. */
  const refuseHeld = (
    live: Live,
    call: ProposedCall,
    hold: Hold,
    launch: string,
    schema: string,
    judged: Judgement,
  ): Code | null => {
    const request = requestOf(live, hold);
    if (hold.state !== "approved" || request === undefined)
      return { code: hold.state === "approved" ? "not-decided" : CODES[hold.state], message: standingWords(hold) };
    if (judged.kind === "ask" && judged.queue !== request.queue)
      return { code: "rule-changed", message: `The rules changed after this was approved. ${judged.rule} Ask again.` };
    if (!stillMet(live.log, request))
      return { code: "votes-lost", message: "Somebody who approved this may no longer approve. Ask again." };
    if (!metByOpenDevices(live.log, request))
      return { code: "votes-lost", message: "A device with which this was approved was closed since. Ask again." };
    if (request.requester !== live.me || !isSameDevice(live.log, request.device, live.device))
      return { code: "not-own-request", message: "This was approved for another device." };
    // A request that was made before this machine's key was replaced names the key of that time.
    const same = namesOf(live.log, live.device).some(
      (device) => hashAtHand(live, device, call, hold.salt, launch, schema) === hold.callHash,
    );
    if (launch !== hold.launch || schema !== hold.schema)
      return {
        code: "tool-changed",
        message: "The tool or the way it is started changed after this was approved. Ask again.",
      };
    if (!same || hold.callHash !== request.callHash)
      return { code: "call-changed", message: "This is not the call that was approved. Ask again." };
    if (!live.fresh())
      return {
        code: "not-in-sync",
        message:
          "This was approved, and runs as soon as the server is reached: it must show first that nothing was taken back.",
      };
    return null;
  };

  /** The hold as it stands now. Asking writes nothing. */
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
  const tell = (call: string): void => {
    for (const listener of listeners) listener(call);
  };
  const look = (wid: string): void => {
    const live = deps.live(wid);
    if (live === null) return;
    // Whoever listens may ask again, so they hear after this call is done.
    for (const hold of holds.open(wid)) {
      if (due.has(hold.call) || isSame(hold, standsNow(live, hold))) continue;
      due.add(hold.call);
      queueMicrotask(() => stepped(hold.call));
    }
    for (const confirm of deps.confirms.open(wid)) confirming.step(confirm);
    deps.rewraps.look(live);
  };

  const ask = async (call: ProposedCall): Promise<void> => {
    if (holds.get(call.id) !== null || deps.confirms.get(call.id) !== null) return;
    const judged = judge(call);
    if (judged.kind === "confirm") return confirming.ask(call, judged.rule);
    if (judged.kind !== "ask") throw new Refusal("not-asked", judged.rule);
    const live = deps.live(call.wid) as Live;
    const tool = deps.tools.find(call.wid, call.server, call.tool);
    if (tool === null)
      throw new Refusal(
        "tool-gone",
        "This tool is not running on this computer now. Open Tools to see why, then ask again.",
      );
    const prepared = await prepare(live, call, judged, tool, deps.enclose, { now: steady.now(), besides: null });
    if (!prepared.ok) return refuse(prepared.hold, factWords(prepared.problem));
    const { hold, queue, body } = prepared;
    steady.hold();
    await live.outbox.later("approval.request", live.docs.newest(queueDoc(queue.id)), body, {
      request: null,
      with: (id) => holds.add(stays(call.id, { ...hold, request: id })),
    });
    tell(call.id);
  };
  /** The thread may have been deleted while this was sealed: what approvers were given of it is not kept again. */
  const stays = (call: string, hold: Hold): Hold => (deps.proposed(call) === null ? { ...hold, enclosed: null } : hold);
  const refuse = (hold: Hold, reason: string): void => {
    holds.add({ ...hold, state: "refused", reason });
    tell(hold.call);
  };

  const confirming = createConfirming({
    ...deps,
    now: steady.now,
    judge,
    changed: ({ call }) => queueMicrotask(() => tell(call)),
  });
  const edit = createEdit({
    live: deps.live,
    holds,
    confirms: deps.confirms,
    draft: confirming.draft,
    tools: deps.tools,
    enclose: deps.enclose,
    now: steady.now,
    judge,
    standsNow,
  });
  /** One thing at a time for each call: an edit waits for the request that it changes, and a second edit for the first. */
  const inTurn = oneByOneOf<string>();

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
      }),
    keep,
    standing: (call) => {
      const hold = holds.get(call);
      const live = hold === null ? null : deps.live(hold.wid);
      const confirm = hold === null ? deps.confirms.get(call) : null;
      if (hold === null) return confirm === null ? null : standingOfConfirm(confirming.standsNow(confirm));
      return standingOf(live === null ? hold : standsNow(live, hold));
    },
    used: (call, result) => {
      const hold = holds.get(call);
      const live = hold === null ? null : deps.live(hold.wid);
      if (hold !== null && live !== null && hold.state === "approved") report(live, hold, result);
    },
    onStanding: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    look,
    settled: (wid, { request }) => {
      if (request !== null) look(wid);
    },
    end: (wid, reason) => {
      const open = [...holds.open(wid), ...deps.confirms.open(wid)];
      for (const hold of holds.open(wid)) holds.save({ ...hold, state: "refused", reason });
      for (const confirm of deps.confirms.open(wid)) deps.confirms.save({ ...confirm, state: "refused", reason });
      for (const { call } of open) queueMicrotask(() => tell(call));
    },
    moved: (wid, from, to) => {
      const hold = holds.byRequest(wid, from);
      holds.move(wid, from, to);
      if (hold !== null) queueMicrotask(() => tell(hold.call));
    },
    catchUp: (wid) => {
      const live = deps.live(wid);
      for (const hold of live === null ? [] : holds.open(wid)) {
        const ended = ledger.get(hold.call)?.result ?? null;
        if (live !== null && hold.state === "approved" && ended !== null) report(live, hold, ended);
      }
    },
  };
};

/** The one place where a permit comes to be. The brand has no value: it is the type that says somebody asked. */
const mint = (
  call: ProposedCall,
  facts: Pick<Permit, "launch" | "schema" | "rule" | "request" | "confirmed">,
): Permit => Object.freeze({ call: Object.freeze({ ...call }), ...facts }) as unknown as Permit;
