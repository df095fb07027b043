/**
 * The execution of an approved call. Its order is the promise of this product: permit, ledger row committed, then and
 * only then the tool, then its result, then the team is told.
 */
import { createHash } from "node:crypto";
import { told, type Told } from "#bridge/told.ts";
import type { Permit, ToolResult } from "../seams.ts";
import type { Outcome } from "../store/ledger.ts";
import type { CallFacts, CallRow, CallState } from "../store/runs.ts";
import type { CallMoves } from "./call-moves.ts";
import type { Drive, EngineParts } from "./engine.ts";
import { UNKNOWN } from "./words.ts";

/** A call that is `running` on the disk: makes it, and answers whether the run moved. */
export type Begun = () => Promise<boolean>;
export interface Execution {
  /** Answers whether the run moved. */
  execute(call: CallRow): Promise<boolean>;
  /**
   * Where the call may run the moment it is decided: commits what `decide` keeps together with the ledger row, as one.
   * Null where it may not; then nothing was kept. Otherwise whether the run moved, or the call to be made.
   */
  begin(call: CallRow, decide: () => boolean): Begun | boolean | null;
  /** Ends the call, where it runs. */
  abort(call: string): void;
  /** Tells the team of calls that ended and of which it was not told. */
  tellUnreported(): void;
}

/** The gate's word for a reason that passes by itself: the newest head is not known just now. */
const PASSING = "not-in-sync";
const PASSING_RETRY_MS = 500;

export const createExecution = (
  parts: EngineParts,
  { proposed, move, refuse, afterServer }: CallMoves,
  { edge, drive, closed, setWait, later, keepAtAnyCost }: Drive,
): Execution => {
  const { authority, ledger, store, tools, clock, log } = parts;
  const running = new Map<string, AbortController>();

  const execute = async (call: CallRow): Promise<boolean> => {
    const proposal = await afterServer(call, (state) => state === "approved");
    if (proposal === null) return false;
    const leave = authority.permit(proposal);
    if (!leave.ok) return leave.error.code === PASSING ? holdBack(call, leave.error) : refuse(call, leave.error);
    setWait(call.run, null);
    edge("call.permitted");
    const entered = enter(call, leave.permit);
    if (entered !== "fresh") return entered === "moved";
    edge("ledger.written");
    return make(call, leave.permit);
  };

  /** The permit is asked for before anything is kept, and one commit holds all before the tool hears of the call. */
  const begin = (call: CallRow, decide: () => boolean): Begun | boolean | null => {
    // The tools are being ended.
    const proposal = closed() ? null : proposed(call);
    // What does not run yet is waited for, one step after the other.
    if (proposal === null || tools.find(proposal.wid, call.server, call.tool) === null) return null;
    const leave = authority.permit(proposal);
    if (!leave.ok) return null;
    edge("call.permitted");
    const entered = store.write(() => {
      if (!decide()) return null;
      // The last moment of a limit may have passed since the permit: then none of this is kept, and the run reads it anew.
      if (authority.standing(call.id)?.state !== "approved") throw new Error("the approval ended as it was kept");
      return enter(call, leave.permit);
    });
    if (entered !== "fresh") return entered !== null;
    setWait(call.run, null);
    edge("ledger.written");
    return () => make(call, leave.permit);
  };

  const make = async (call: CallRow, permit: Permit): Promise<boolean> => {
    const stop = new AbortController();
    running.set(call.id, stop);
    const result = await tools
      .run(permit, stop.signal)
      .catch((error: unknown): ToolResult | null => {
        log.fault("tool.threw", error);
        return null;
      })
      .finally(() => running.delete(call.id));
    edge("tool.returned");
    return finish(call, result);
  };

  /** An approved call that may not run at this moment stays approved: refusing it would lose what the team decided. */
  const holdBack = (call: CallRow, why: Told): boolean => {
    setWait(call.run, why);
    later(PASSING_RETRY_MS, () => drive(call.run));
    return false;
  };

  /** Commits the ledger row together with `running`. A row that is there already means that the call was made before. */
  const enter = (call: CallRow, permit: Permit): "fresh" | "moved" | "late" => {
    if (ledger.get(call.id) !== null) return move(call, "unknown", { reason: UNKNOWN }) ? "moved" : "late";
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

  return { execute, begin, abort: (call) => running.get(call)?.abort(), tellUnreported };
};

const endOf = (
  result: ToolResult | null,
  mayHaveRun: (code: string) => boolean,
): { to: CallState; outcome: Outcome; facts: CallFacts } => {
  if (result === null) return { to: "unknown", outcome: "unknown", facts: { reason: UNKNOWN } };
  const { text, bytes, truncated, error } = result;
  const shown = { result: { text, bytes, truncated } };
  if (result.ok) return { to: "done", outcome: "ok", facts: shown };
  if (error !== null && mayHaveRun(error.code))
    return {
      to: "unknown",
      outcome: "unknown",
      facts: { ...(text === "" ? {} : shown), reason: told("call-unknown-after", error) },
    };
  return {
    to: "failed",
    outcome: "error",
    facts: {
      ...(text === "" ? {} : shown),
      reason: error ?? told("call-failed"),
    },
  };
};
