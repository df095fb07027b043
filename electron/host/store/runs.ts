import type { CallView } from "#bridge/call.ts";
import type { Told } from "#bridge/told.ts";
import { countChanges } from "./changes.ts";
import { keptOrNull, readOrNull } from "./facts.ts";
import type { Store } from "./open.ts";

export type CallState = CallView["state"];
export type Phase = "model" | "calls" | "done" | "failed" | "stopped";

export interface RunRow {
  readonly id: string;
  readonly thread: string;
  readonly kind: "agent" | "direct";
  readonly phase: Phase;
  readonly step: number;
  /** When the run entered this phase, ms. */
  readonly since: number;
}
export interface CallRow {
  readonly id: string;
  readonly run: string;
  readonly step: number;
  readonly server: string;
  readonly serverName: string;
  readonly tool: string;
  /** Exact text, as it would be executed. */
  readonly args: string;
  /** What was first proposed, where the person changed it since. */
  readonly asked: string | null;
  /** What the person wrote for approvers, where they called it. */
  readonly why: string | null;
  /** What approvers were given to read beside the arguments, JSON, or null where nothing is asked. */
  readonly enclosed: string | null;
  /** Id and name under which the model made the call; it must see both again with the result. */
  readonly providerId: string;
  readonly providerName: string;
  readonly state: CallState;
  /** What decided over it, or null before it was judged. */
  readonly rule: Told | null;
  readonly request: string | null;
  readonly votes: number;
  readonly needed: number;
  readonly expiresAt: number | null;
  readonly decidedBy: Told | null;
  readonly reason: Told | null;
  readonly result: { readonly text: string; readonly bytes: number; readonly truncated: boolean } | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}
export type NewCall = Pick<
  CallRow,
  "id" | "run" | "step" | "server" | "serverName" | "tool" | "args" | "providerId" | "providerName" | "state" | "reason"
> & { readonly why?: string | null };
/** What may change of a call besides its state. */
export type CallFacts = Partial<
  Pick<
    CallRow,
    | "rule"
    | "request"
    | "votes"
    | "needed"
    | "expiresAt"
    | "decidedBy"
    | "reason"
    | "enclosed"
    | "result"
    | "startedAt"
    | "endedAt"
  >
>;

export interface RunStore {
  add(run: { id: string; thread: string; kind: "agent" | "direct"; phase: Phase; at: number }): void;
  get(id: string): RunRow | null;
  setPhase(id: string, phase: Phase, step: number, at: number): void;
  /** Runs that are not over, of one thread or of all, oldest first. */
  active(thread?: string): RunRow[];
  activeIn(wid: string): RunRow[];
  /** Newest agent run of a thread. */
  lastAgent(thread: string): RunRow | null;
  threadOf(run: string): { thread: string; wid: string } | null;
  addCall(call: NewCall): void;
  call(id: string): CallRow | null;
  calls(run: string): CallRow[];
  /** The call of this computer behind an approval request. */
  ofRequest(wid: string, request: string): CallRow | null;
  /** Changes the arguments, and keeps what was first proposed. */
  edit(id: string, args: string): void;
  setCall(id: string, state: CallState, facts: CallFacts): void;
  /** Threads of a workspace whose newest agent run failed. */
  failedIn(wid: string): string[];
  /** How often this process changed the call: what was read of it holds while this is the same. */
  changes(call: string): number;
}

interface RawCall {
  id: string;
  run: string;
  step: number;
  server: string;
  server_name: string;
  tool: string;
  args: string;
  asked: string | null;
  why: string | null;
  enclosed: string | null;
  provider_id: string;
  provider_name: string;
  state: CallState;
  rule: string;
  request: string | null;
  votes: number;
  needed: number;
  expires_at: number | null;
  decided_by: string | null;
  reason: string | null;
  result_text: string | null;
  result_bytes: number | null;
  result_truncated: number | null;
  started_at: number | null;
  ended_at: number | null;
}
const rowOf = (raw: RawCall): CallRow => ({
  id: raw.id,
  run: raw.run,
  step: raw.step,
  server: raw.server,
  serverName: raw.server_name,
  tool: raw.tool,
  args: raw.args,
  asked: raw.asked,
  why: raw.why,
  enclosed: raw.enclosed,
  providerId: raw.provider_id,
  providerName: raw.provider_name,
  state: raw.state,
  rule: readOrNull(raw.rule),
  request: raw.request,
  votes: raw.votes,
  needed: raw.needed,
  expiresAt: raw.expires_at,
  decidedBy: readOrNull(raw.decided_by),
  reason: readOrNull(raw.reason),
  result:
    raw.result_text === null
      ? null
      : { text: raw.result_text, bytes: raw.result_bytes ?? 0, truncated: raw.result_truncated === 1 },
  startedAt: raw.started_at,
  endedAt: raw.ended_at,
});
const active = "phase IN ('model', 'calls')";

export const createRunStore = (store: Store): RunStore => {
  const { db } = store;
  const add = db.prepare<[string, string, string, string, number, number]>(
    "INSERT INTO runs (id, thread, kind, phase, step, since, started_at) VALUES (?, ?, ?, ?, 1, ?, ?)",
  );
  const get = db.prepare<[string], RunRow>("SELECT id, thread, kind, phase, step, since FROM runs WHERE id = ?");
  const setPhase = db.prepare<[string, number, number, string]>(
    "UPDATE runs SET phase = ?, step = ?, since = ? WHERE id = ?",
  );
  const activeAll = db.prepare<[], RunRow>(
    `SELECT id, thread, kind, phase, step, since FROM runs WHERE ${active} ORDER BY started_at, rowid`,
  );
  const activeOf = db.prepare<[string], RunRow>(
    `SELECT id, thread, kind, phase, step, since FROM runs WHERE ${active} AND thread = ? ORDER BY started_at, rowid`,
  );
  const activeIn = db.prepare<[string], RunRow>(
    `SELECT r.id, r.thread, r.kind, r.phase, r.step, r.since FROM runs r JOIN threads t ON t.id = r.thread WHERE r.${active} AND t.wid = ? ORDER BY r.started_at, r.rowid`,
  );
  const lastAgent = db.prepare<[string], RunRow>(
    "SELECT id, thread, kind, phase, step, since FROM runs WHERE thread = ? AND kind = 'agent' ORDER BY started_at DESC, rowid DESC LIMIT 1",
  );
  const threadOf = db.prepare<[string], { thread: string; wid: string }>(
    "SELECT t.id AS thread, t.wid FROM runs r JOIN threads t ON t.id = r.thread WHERE r.id = ?",
  );
  const addCall = db.prepare(
    "INSERT INTO calls (id, run, step, server, server_name, tool, args, why, provider_id, provider_name, state, reason) VALUES (@id, @run, @step, @server, @serverName, @tool, @args, @why, @providerId, @providerName, @state, @reason)",
  );
  const call = db.prepare<[string], RawCall>("SELECT * FROM calls WHERE id = ?");
  const calls = db.prepare<[string], RawCall>("SELECT * FROM calls WHERE run = ? ORDER BY step, rowid");
  const setCall =
    db.prepare(`UPDATE calls SET state = @state, rule = @rule, request = @request, votes = @votes, needed = @needed, expires_at = @expiresAt, decided_by = @decidedBy, enclosed = @enclosed,
    reason = @reason, result_text = @resultText, result_bytes = @resultBytes, result_truncated = @resultTruncated, started_at = @startedAt, ended_at = @endedAt WHERE id = @id`);
  const ofRequest = db.prepare<[string, string], RawCall>(
    "SELECT c.* FROM calls c JOIN runs r ON r.id = c.run JOIN threads t ON t.id = r.thread WHERE c.request = ? AND t.wid = ?",
  );
  const edit = db.prepare("UPDATE calls SET args = @args, asked = nullif(ifnull(asked, args), @args) WHERE id = @id");
  const failedIn = db.prepare<[string], { thread: string }>(
    "SELECT r.thread FROM runs r JOIN threads t ON t.id = r.thread WHERE t.wid = ? AND r.phase = 'failed' AND r.rowid = (SELECT max(x.rowid) FROM runs x WHERE x.thread = r.thread AND x.kind = 'agent')",
  );
  const { changed, changes } = countChanges();
  return {
    changes,
    add: (run) => void store.write(() => add.run(run.id, run.thread, run.kind, run.phase, run.at, run.at)),
    get: (id) => get.get(id) ?? null,
    setPhase: (id, phase, step, at) => void store.write(() => setPhase.run(phase, step, at, id)),
    active: (thread) => (thread === undefined ? activeAll.all() : activeOf.all(thread)),
    activeIn: (wid) => activeIn.all(wid),
    lastAgent: (thread) => lastAgent.get(thread) ?? null,
    threadOf: (run) => threadOf.get(run) ?? null,
    addCall: (row) =>
      void store.write(() => {
        changed(row.id);
        addCall.run({ why: null, ...row, reason: keptOrNull(row.reason) });
      }),
    call: (id) => {
      const raw = call.get(id);
      return raw === undefined ? null : rowOf(raw);
    },
    calls: (run) => calls.all(run).map(rowOf),
    ofRequest: (wid, request) => {
      const raw = ofRequest.get(request, wid);
      return raw === undefined ? null : rowOf(raw);
    },
    edit: (id, args) =>
      void store.write(() => {
        changed(id);
        edit.run({ id, args });
      }),
    setCall: (id, state, facts) =>
      store.write(() => {
        const raw = call.get(id);
        if (raw === undefined) return;
        changed(id);
        const { result, ...rest } = { ...rowOf(raw), ...facts };
        setCall.run({
          ...rest,
          rule: keptOrNull(rest.rule) ?? "",
          decidedBy: keptOrNull(rest.decidedBy),
          reason: keptOrNull(rest.reason),
          state,
          resultText: result?.text ?? null,
          resultBytes: result?.bytes ?? null,
          resultTruncated: result === null ? null : result.truncated ? 1 : 0,
        });
      }),
    failedIn: (wid) => failedIn.all(wid).map((row) => row.thread),
  };
};
