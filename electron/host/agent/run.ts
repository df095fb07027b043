/**
 * A run as a state machine, without any IO. The engine stores what `transition` answers in one transaction and then
 * does what `next` asks for; since `next` reads nothing but the stored state, a restart goes on exactly there.
 *
 *   model ──calls──> calls ──all settled──> model (step + 1) … ──no calls──> done
 *
 *   proposed ─> queued <─> waiting ─> approved ─> running ─> done | failed | unknown
 *       ├─────> confirming ──────────────┤
 *       └──────────┴──────────┴─────────┴──> rejected | refused | canceled | expired
 *
 * `confirming` waits for the person who runs it, `queued` and `waiting` for others. An edit of the arguments moves any of
 * the three, or `approved`, to `confirming`, `queued` or `approved`, as the gate says of the changed call. What has begun
 * cannot be changed.
 *
 * Only `running` has a ledger row, and only a kill leads from it to `unknown`: "unknown, not repeated".
 */
import type { CallView } from "#bridge/call.ts";

export type CallState = CallView["state"];
export type Phase = "model" | "calls" | "done" | "failed" | "stopped";

export interface RunCall {
  readonly id: string;
  readonly step: number;
  /** Same for calls with the same server, tool and arguments. */
  readonly key: string;
  readonly state: CallState;
}
export interface Run {
  readonly id: string;
  readonly kind: "agent" | "direct";
  readonly phase: Phase;
  readonly step: number;
  /** All calls of the run, in the order they were proposed. */
  readonly calls: readonly RunCall[];
}

export type RunEvent =
  /** `more`: the person wrote again while the model was answering. */
  | {
      readonly kind: "model.done";
      readonly calls: readonly { readonly id: string; readonly key: string; readonly state: "proposed" | "refused" }[];
      readonly more: boolean;
    }
  | { readonly kind: "model.failed" }
  | { readonly kind: "call"; readonly call: string; readonly to: CallState }
  /** The person changed the arguments; `key` and `to` are those of the changed call. */
  | {
      readonly kind: "edit";
      readonly call: string;
      readonly key: string;
      readonly to: "confirming" | "queued" | "approved";
    }
  | { readonly kind: "stop" }
  /** The process that drove this run is gone. */
  | { readonly kind: "recover" };

export interface Transition {
  readonly run: Run;
  /** Calls whose state is another one now. */
  readonly changed: readonly RunCall[];
  /** A limit that ended the run. */
  readonly limit: "steps" | "loop" | null;
}
export type Action =
  | { readonly kind: "model" }
  | { readonly kind: "judge" | "follow" | "execute"; readonly call: string };

export const STEPS_MAX = 40;
export const REPEATS_MAX = 5;

const moves: Readonly<Record<CallState, readonly CallState[]>> = {
  proposed: ["confirming", "queued", "approved", "refused", "canceled"],
  // Where the rules changed before anybody was asked, others are asked instead.
  confirming: ["queued", "waiting", "approved", "rejected", "refused", "canceled", "expired"],
  queued: ["confirming", "waiting", "approved", "rejected", "refused", "canceled", "expired"],
  waiting: ["queued", "approved", "rejected", "refused", "canceled", "expired"],
  approved: ["running", "refused", "canceled", "expired", "unknown"],
  running: ["done", "failed", "unknown"],
  done: [],
  failed: [],
  rejected: [],
  refused: [],
  canceled: [],
  expired: [],
  unknown: [],
};

export const isSettled = (state: CallState): boolean => moves[state].length === 0;
const editable: readonly CallState[] = ["confirming", "queued", "waiting", "approved"];
const asking: readonly CallState[] = ["confirming", "queued", "waiting"];
/** Somebody is asked, or is about to be. */
export const isAsking = (state: CallState): boolean => asking.includes(state);
/** Asked or allowed, and not begun. */
export const isEditable = (state: CallState): boolean => editable.includes(state);
export const isOver = (phase: Phase): boolean => phase === "done" || phase === "failed" || phase === "stopped";

/** The run after an event, or null where the event means nothing in this state, as an answer that came too late. */
export const transition = (run: Run, event: RunEvent): Transition | null => {
  switch (event.kind) {
    case "model.done":
      return run.phase === "model" ? afterModel(run, event) : null;
    case "model.failed":
      return run.phase === "model" ? { run: { ...run, phase: "failed" }, changed: [], limit: null } : null;
    case "call":
      return afterCall(run, event.call, event.to);
    case "edit":
      return afterEdit(run, event);
    case "stop":
      return isOver(run.phase)
        ? null
        : moveAll({ ...run, phase: "stopped" }, (state) =>
            isSettled(state) || state === "running" ? state : "canceled",
          );
    case "recover":
      return afterRecovery(run);
  }
};

/** What is to be done now. Empty while the run waits for somebody, or is over. */
export const next = (run: Run): readonly Action[] => {
  if (run.phase === "model") return [{ kind: "model" }];
  if (run.phase !== "calls") return [];
  return ofStep(run).flatMap((call): Action[] => {
    if (call.state === "proposed") return [{ kind: "judge", call: call.id }];
    if (isAsking(call.state)) return [{ kind: "follow", call: call.id }];
    return call.state === "approved" ? [{ kind: "execute", call: call.id }] : [];
  });
};

const ofStep = (run: Run): readonly RunCall[] => run.calls.filter((call) => call.step === run.step);

const afterModel = (run: Run, event: Extract<RunEvent, { kind: "model.done" }>): Transition => {
  if (event.calls.length === 0)
    return event.more ? nextStep(run, []) : { run: { ...run, phase: "done" }, changed: [], limit: null };
  const proposed = event.calls.map((call): RunCall => ({ ...call, step: run.step }));
  const after: Run = { ...run, phase: "calls", calls: [...run.calls, ...proposed] };
  if (loops(after)) {
    const stopped = moveAll({ ...after, phase: "failed" }, (state) => (isSettled(state) ? state : "canceled"));
    return { ...stopped, limit: "loop" };
  }
  return onceSettled(after, proposed);
};

const loops = (run: Run): boolean => {
  const counts = new Map<string, number>();
  for (const { key } of run.calls) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts.values()].some((count) => count >= REPEATS_MAX);
};

const afterCall = (run: Run, id: string, to: CallState): Transition | null => {
  const call = run.calls.find((each) => each.id === id);
  if (call === undefined || !moves[call.state].includes(to)) return null;
  // A stopped run takes only the end of what was already running.
  if (isOver(run.phase) && call.state !== "running") return null;
  const moved: RunCall = { ...call, state: to };
  return onceSettled({ ...run, calls: run.calls.map((each) => (each.id === id ? moved : each)) }, [moved]);
};

const afterEdit = (run: Run, { call: id, key, to }: Extract<RunEvent, { kind: "edit" }>): Transition | null => {
  const call = run.calls.find((each) => each.id === id);
  if (call === undefined || isOver(run.phase) || !isEditable(call.state)) return null;
  const moved: RunCall = { ...call, key, state: to };
  return {
    run: { ...run, calls: run.calls.map((each) => (each.id === id ? moved : each)) },
    changed: [moved],
    limit: null,
  };
};

const onceSettled = (run: Run, changed: readonly RunCall[]): Transition => {
  if (run.phase !== "calls" || !ofStep(run).every((call) => isSettled(call.state)))
    return { run, changed, limit: null };
  return run.kind === "direct" ? { run: { ...run, phase: "done" }, changed, limit: null } : nextStep(run, changed);
};

const nextStep = (run: Run, changed: readonly RunCall[]): Transition =>
  run.step >= STEPS_MAX
    ? { run: { ...run, phase: "failed" }, changed, limit: "steps" }
    : { run: { ...run, phase: "model", step: run.step + 1 }, changed, limit: null };

const moveAll = (run: Run, to: (state: CallState) => CallState): Transition => {
  const calls = run.calls.map((call) => ({ ...call, state: to(call.state) }));
  return {
    run: { ...run, calls },
    changed: calls.filter((call, index) => call.state !== run.calls[index]?.state),
    limit: null,
  };
};

const afterRecovery = (run: Run): Transition | null => {
  const moved = moveAll(run, (state) => (state === "running" ? "unknown" : state));
  return moved.changed.length === 0 ? null : onceSettled(moved.run, moved.changed);
};
