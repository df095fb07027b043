/**
 * The steps of one call: judge, ask and follow, execute. The order inside `execute` is the promise of this product:
 * permit, ledger row committed, then and only then the tool, then its result, then the team is told.
 */
import { factWords } from "#text/facts.ts";
import type { Step } from "#core/protocol/at-once.ts";
import { createHash } from "node:crypto";
import { Refusal } from "#core/facts/refusal.ts";
import { type Permit, type ProposedCall, type Standing, type ToolResult } from "../seams.ts";
import type { CallFacts, CallRow, CallState } from "../store/runs.ts";
import type { Outcome } from "../store/ledger.ts";
import { isStoreRefusal } from "../store/refusals.ts";
import type { Drive, EngineParts } from "./engine.ts";
import { misfit } from "../tools/schema-fit.ts";
import { callKey } from "./journal.ts";
import { isAsking, isEditable, isSettled } from "./run.ts";
import { INTERNAL, UNKNOWN_WORDS } from "./words.ts";

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

/** The gate's word for a reason that passes by itself: the newest head is not known just now. */
const PASSING = "not-in-sync";
const PASSING_RETRY_MS = 500;

const ofJudgement = { allow: "approved", confirm: "confirming", ask: "queued" } as const;
const ofStanding: Readonly<Record<Standing["state"], CallState>> = {
  confirming: "confirming",
  queued: "queued",
  waiting: "waiting",
  approved: "approved",
  rejected: "rejected",
  canceled: "canceled",
  expired: "expired",
  refused: "refused",
};

export const createCallSteps = (
  parts: EngineParts,
  { edge, drive, closed, setWait, later, keepAtAnyCost }: Drive,
): CallSteps => {
  const { authority, journal, ledger, runs, tools, clock, log } = parts;
  const running = new Map<string, AbortController>();

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
      { facts: { ...ended, ...facts }, ...(also === undefined ? {} : { also }) },
    );
    if (moved !== null && moved.run.phase === "done") edge("run.over");
    return moved !== null;
  };
  const refuse = (call: CallRow, reason: string): boolean => move(call, "refused", { reason });

  const judge = async (call: CallRow): Promise<boolean> => {
    const proposal = proposed(call);
    if (proposal === null) return false;
    await parts.settled?.(proposal.wid, call.server);
    const found = tools.find(proposal.wid, call.server, call.tool);
    if (found === null)
      return refuse(
        call,
        `The tool “${call.tool}” cannot be called now: its server is not running, or has no such tool.`,
      );
    // Nobody is asked about a call that the tool would refuse; the model learns what is wrong and may call again.
    const problem = misfit(found.def.inputSchema, call.args);
    if (problem !== null)
      return refuse(call, `The tool takes other arguments: ${factWords(problem)} Nothing was called.`);
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
        return refuse(call, factWords(error));
      }
      edge("call.asked");
      // The call may have been canceled while the request was being written.
      const now = runs.call(call.id);
      if (now === null || now.state === "canceled") void withdraw(call.id);
    }
    return settleStanding(call.id);
  };

  const settleStanding = (id: string): boolean => {
    const call = runs.call(id);
    const standing = call === null ? null : authority.standing(id);
    if (call === null || standing === null || !isAsking(call.state)) return false;
    const { request, votes, needed, expiresAt, decidedBy, reason, enclosed } = standing;
    const facts = { request, votes, needed, expiresAt, decidedBy, reason, enclosed };
    const to = ofStanding[standing.state];
    if (to === call.state) {
      if (Object.entries(facts).some(([name, value]) => call[name as keyof CallFacts] !== value))
        journal.note(id, facts);
      return false;
    }
    const moved = move(call, to, facts, () => authority.keep(id));
    if (moved) edge("call.decided");
    return moved;
  };

  const standingChanged = (id: string): void => {
    const call = runs.call(id);
    if (call === null) return;
    try {
      if (!settleStanding(id)) return;
    } catch (error) {
      // Nothing was kept: driving the run reads the standing again, and again while the disk refuses.
      log.fault("standing.unkept", error);
    }
    drive(call.run);
  };

  /**
   * The call once its server is up, or null where its state is no longer `still` one of those. After a restart it may be here
   * before its server, and while it waits its arguments may be changed: what was read before the wait must not be used.
   */
  const afterServer = async (call: CallRow, still: (state: CallState) => boolean): Promise<ProposedCall | null> => {
    const place = runs.threadOf(call.run);
    if (place === null) return null;
    await parts.settled?.(place.wid, call.server);
    const now = closed() ? null : runs.call(call.id);
    return now === null || !still(now.state) ? null : proposed(now);
  };

  const edit = async (id: string, args: string): Promise<void> => {
    const call = runs.call(id);
    const proposal = call === null ? null : proposed(call);
    if (call === null || proposal === null || !isEditable(call.state)) throw tooLate();
    if (call.args === args)
      throw new Refusal("not-changed", "These are the arguments that were asked. Nothing was changed.");
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

  const execute = async (call: CallRow): Promise<boolean> => {
    const proposal = await afterServer(call, (state) => state === "approved");
    if (proposal === null) return false;
    const leave = authority.permit(proposal);
    if (!leave.ok)
      return leave.error.code === PASSING
        ? holdBack(call, factWords(leave.error))
        : refuse(call, factWords(leave.error));
    setWait(call.run, null);
    edge("call.permitted");
    const entered = enter(call, leave.permit);
    if (entered !== "fresh") return entered === "moved";
    edge("ledger.written");
    const stop = new AbortController();
    running.set(call.id, stop);
    const result = await tools
      .run(leave.permit, stop.signal)
      .catch((error: unknown): ToolResult | null => {
        log.fault("tool.threw", error);
        return null;
      })
      .finally(() => running.delete(call.id));
    edge("tool.returned");
    return finish(call, result);
  };

  /** An approved call that may not run at this moment stays approved: refusing it would lose what the team decided. */
  const holdBack = (call: CallRow, words: string): boolean => {
    setWait(call.run, words);
    later(PASSING_RETRY_MS, () => drive(call.run));
    return false;
  };

  /** Commits the ledger row together with `running`. A row that is there already means that the call was made before. */
  const enter = (call: CallRow, permit: Permit): "fresh" | "moved" | "late" => {
    if (ledger.get(call.id) !== null) return move(call, "unknown", { reason: UNKNOWN_WORDS }) ? "moved" : "late";
    const at = clock.now();
    const entry = {
      call: call.id,
      wid: permit.call.wid,
      request: permit.request,
      confirmed: permit.confirmed,
      launch: permit.launch,
      schema: permit.schema,
      rule: permit.rule,
      argsHash: createHash("sha256").update(permit.call.args).digest("base64url"),
      at,
    };
    const row = (): void => {
      if (!ledger.open(entry)) throw new Error("the ledger has this call");
    };
    return move(call, "running", { startedAt: at, request: permit.request }, row) ? "fresh" : "late";
  };

  const finish = async (call: CallRow, result: ToolResult | null): Promise<boolean> => {
    // Closing kills the tools, so what they answer now says nothing: the next start settles the call as unknown.
    if (closed()) return false;
    const { to, outcome, facts } = endOf(result, parts.mayHaveRun);
    const kept = await keepAtAnyCost(call.run, () => {
      const end = (): void => ledger.end(call.id, outcome, clock.now());
      if (!move(call, to, facts, end)) end();
    });
    if (!kept) return false;
    edge("result.kept");
    tellUnreported();
    return true;
  };

  const tellUnreported = (): void => {
    for (const { call, result } of ledger.unreported()) {
      authority.used(call, result);
      edge("used.told");
      ledger.reported(call);
    }
  };

  const withdraw = (call: string): Promise<void> =>
    authority.cancel(call).catch((error: unknown) => log.fault("call.withdraw", error));

  return {
    judge,
    follow,
    execute,
    edit,
    giveUp: (id) => {
      const call = runs.call(id);
      if (call === null) return false;
      return call.state === "running"
        ? move(call, "unknown", { reason: UNKNOWN_WORDS }, () => ledger.end(id, "unknown", clock.now()))
        : refuse(call, factWords(INTERNAL));
    },
    standingChanged,
    drop: (call) => {
      running.get(call.id)?.abort();
      if (isEditable(call.state)) void withdraw(call.id);
    },
    tellUnreported,
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
const tooLate = (): Refusal =>
  new Refusal(
    "too-late",
    "This call has begun or ended, so it cannot be changed any more. Call the tool again instead.",
  );

const endOf = (
  result: ToolResult | null,
  mayHaveRun: (code: string) => boolean,
): { to: CallState; outcome: Outcome; facts: CallFacts } => {
  if (result === null) return { to: "unknown", outcome: "unknown", facts: { reason: UNKNOWN_WORDS } };
  const { text, bytes, truncated, error } = result;
  const shown = { result: { text, bytes, truncated } };
  if (result.ok) return { to: "done", outcome: "ok", facts: shown };
  if (error !== null && mayHaveRun(error.code))
    return {
      to: "unknown",
      outcome: "unknown",
      facts: { ...(text === "" ? {} : shown), reason: `Unknown, not repeated: ${factWords(error)}` },
    };
  return {
    to: "failed",
    outcome: "error",
    facts: {
      ...(text === "" ? {} : shown),
      reason: error === null ? "The tool answered with an error." : factWords(error),
    },
  };
};
