/** The steps of one call: judge, ask and follow, execute (call-execution.ts); and what a person changes of it meanwhile. */
import { told } from "#bridge/told.ts";
import { refused, toldOf } from "#bridge/refused.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { CallFacts, CallRow } from "../store/runs.ts";
import { isStoreRefusal } from "../store/refusals.ts";
import { createExecution } from "./call-execution.ts";
import { createCallMoves } from "./call-moves.ts";
import { createSettling } from "./call-standing.ts";
import type { Drive, EngineParts } from "./engine.ts";
import { misfit } from "../tools/schema-fit.ts";
import { callKey } from "./journal.ts";
import { isAsking, isEditable } from "./run.ts";
import { INTERNAL, UNKNOWN } from "./words.ts";

export interface CallSteps {
  /** Each answers whether the run moved. */
  judge(call: CallRow): Promise<boolean>;
  follow(call: CallRow): Promise<boolean>;
  execute(call: CallRow): Promise<boolean>;
  /** Changes the arguments of a call that has not begun. Rejects with `Refusal`; then nothing was changed. */
  edit(call: string, args: string): Promise<void>;
  giveUp(call: string): boolean;
  standingChanged(call: string): void;
  /** The call is not wanted any more: ends a running one, and withdraws an asked one. */
  drop(call: CallRow): void;
  tellUnreported(): void;
}

const ofJudgement = { allow: "approved", confirm: "confirming", ask: "queued" } as const;

export const createCallSteps = (parts: EngineParts, driven: Drive): CallSteps => {
  const { edge, drive, closed, go } = driven;
  const { authority, journal, ledger, runs, tools, clock, log } = parts;
  const moves = createCallMoves(parts, { edge, closed });
  const { proposed, move, refuse, afterServer } = moves;
  const execution = createExecution(parts, moves, driven);
  const settleStanding = createSettling(parts, moves, driven, execution);

  const judge = async (call: CallRow): Promise<boolean> => {
    const proposal = proposed(call);
    if (proposal === null) return false;
    await parts.settled?.(proposal.wid, call.server);
    const found = tools.find(proposal.wid, call.server, call.tool);
    if (found === null) return refuse(call, told("tool-not-callable", call.tool));
    // Nobody is asked about a call that the tool would refuse; the model learns what is wrong and may call again.
    const problem = misfit(found.def.inputSchema, call.args);
    if (problem !== null) return refuse(call, told("tool-takes-others", problem));
    const verdict = authority.judge(proposal);
    const moved =
      verdict.kind === "deny"
        ? move(call, "refused", { rule: verdict.rule, reason: verdict.rule })
        : move(call, ofJudgement[verdict.kind], { rule: verdict.rule });
    edge("call.judged");
    return moved;
  };

  const follow = async (call: CallRow): Promise<boolean> => {
    if (authority.standing(call.id) === null) {
      const proposal = await afterServer(call, isAsking);
      if (proposal === null) return false;
      edge("call.asking");
      try {
        await authority.ask(proposal);
      } catch (error) {
        // A disk that refuses passes: the call is asked again, as every step is done again.
        const passes: boolean = isStoreRefusal(error);
        if (passes || !(error instanceof Refusal)) throw error;
        return refuse(call, toldOf(error));
      }
      edge("call.asked");
      // The call may have been canceled while the request was being written.
      const now = runs.call(call.id);
      if (now === null || now.state === "canceled") void withdraw(call.id);
    }
    const settled = settleStanding(call.id);
    return typeof settled === "boolean" ? settled : settled();
  };

  const standingChanged = (id: string): void => {
    const call = runs.call(id);
    if (call === null) return;
    try {
      const settled = settleStanding(id);
      if (typeof settled !== "boolean") return go(call.run, { kind: "execute", call: id }, settled);
      if (!settled) return;
    } catch (error) {
      // Nothing was kept: driving the run reads the standing again, and again while the disk refuses.
      log.fault("standing.unkept", error);
    }
    drive(call.run);
  };

  const edit = async (id: string, args: string): Promise<void> => {
    const call = runs.call(id);
    const proposal = call === null ? null : proposed(call);
    if (call === null || proposal === null || !isEditable(call.state)) throw tooLate();
    if (call.args === args) throw refused("not-changed");
    const key = callKey(call.server, call.tool, args);
    await authority.edit({ ...proposal, args }, ({ kind, rule }, work) => {
      edge("call.editing");
      const event = { kind: "edit", call: id, key, to: ofJudgement[kind] } as const;
      const also = (): void => {
        work();
        runs.edit(id, args);
      };
      if (journal.apply(call.run, event, { also, facts: { ...NOT_ASKED, rule } }) === null) throw tooLate();
      edge("call.edited");
    });
    // Whoever looks at the standing just now has read it before the change.
    standingChanged(id);
    drive(call.run);
  };

  const withdraw = (call: string): Promise<void> =>
    authority.cancel(call).catch((error: unknown) => log.fault("call.withdraw", error));

  return {
    judge,
    follow,
    execute: execution.execute,
    edit,
    giveUp: (id) => {
      const call = runs.call(id);
      if (call === null) return false;
      return call.state === "running"
        ? move(call, "unknown", { reason: UNKNOWN }, () => ledger.end(id, "unknown", clock.now()))
        : refuse(call, INTERNAL);
    },
    standingChanged,
    drop: (call) => {
      execution.abort(call.id);
      if (isEditable(call.state)) void withdraw(call.id);
    },
    tellUnreported: execution.tellUnreported,
  };
};

const NOT_ASKED: CallFacts = {
  request: null,
  votes: 0,
  needed: 0,
  expiresAt: null,
  decidedBy: null,
  reason: null,
  enclosed: null,
};
const tooLate = (): Refusal => refused("too-late");
