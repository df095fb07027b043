/**
 * The only writer of run states: loads a run, asks the machine, and keeps the answer in one transaction together with
 * whatever belongs to that edge. Windows are told after the commit, never before.
 */
import { told } from "#bridge/told.ts";
import type { Step } from "#core/protocol/at-once.ts";
import { createHash } from "node:crypto";
import type { ThreadEvent } from "#bridge/thread.ts";
import type { Publisher } from "../seams.ts";
import type { MessageStore } from "../store/messages.ts";
import type { Store } from "../store/open.ts";
import type { CallFacts, CallRow, RunRow, RunStore } from "../store/runs.ts";
import { transition, type Run, type RunEvent, type Transition } from "./run.ts";
import { LIMITS } from "./words.ts";

export interface JournalParts {
  readonly store: Store;
  readonly runs: RunStore;
  readonly messages: MessageStore;
  readonly publish: Publisher;
  readonly emit: (event: ThreadEvent) => void;
  readonly now: () => number;
  /** After what is under way now. */
  readonly soon: (work: () => void) => void;
}
export interface Edge {
  /** Facts kept with each call that the event moves. */
  readonly facts?: CallFacts;
  /** More of the same transaction, before the calls are moved. Not run where the event means nothing. */
  readonly also?: Step;
  /** Nothing is done about it before something else is kept: this commit need not wait for the disk. */
  readonly soon?: boolean;
}
export interface Journal {
  load(run: string): Run | null;
  /** Null where the run is gone, or the event came too late. Throws `Refusal` where it could not be kept; then nothing was. */
  apply(run: string, event: RunEvent, edge?: Edge): Transition | null;
  /** Keeps facts of a call without moving it. */
  note(call: string, facts: CallFacts): void;
  /** Tells windows about a message as it is now. */
  show(message: string): void;
  changed(run: string): void;
}

export const callKey = (server: string, tool: string, args: string): string =>
  createHash("sha256")
    .update(JSON.stringify([server, tool, args]))
    .digest("base64url");

export const createJournal = ({ store, runs, messages, publish, emit, now, soon }: JournalParts): Journal => {
  const load = (id: string): Run | null => {
    const row = runs.get(id);
    return row === null ? null : machineOf(row, runs.calls(id));
  };

  const show = (message: string): void => {
    const view = messages.view(message);
    if (view !== null) emit({ kind: "put", message: view });
  };

  const changed = (run: string): void => {
    const place = runs.threadOf(run);
    if (place === null) return;
    publish.publish("thread", place.thread);
    publish.publish("threads", place.wid, [place.thread]);
  };

  const keep = (before: Run, after: Transition, edge: Edge): void => {
    edge.also?.();
    const { run, limit } = after;
    if (run.phase !== before.phase || run.step !== before.step) runs.setPhase(run.id, run.phase, run.step, now());
    for (const call of after.changed) runs.setCall(call.id, call.state, factsOf(call.state, edge.facts, limit));
    const message = limit === null ? null : messages.ofStep(run.id, before.step);
    if (limit !== null && message !== null)
      messages.addPart(message, {
        kind: "error",
        error: LIMITS[limit],
        retry: false,
      });
  };

  const due = { messages: new Set<string>(), runs: new Set<string>() };
  const later = (run: string, touched: Iterable<string>): void => {
    const asked = due.runs.size > 0;
    due.runs.add(run);
    for (const each of touched) due.messages.add(each);
    if (!asked) soon(tellDue);
  };
  const tellDue = (): void => {
    const [shown, moved] = [[...due.messages], [...due.runs]];
    due.messages.clear();
    due.runs.clear();
    // What was under way while the host closed has nobody left to tell.
    if (!store.db.open) return;
    shown.forEach(show);
    moved.forEach(changed);
  };

  const apply = (id: string, event: RunEvent, edge: Edge = {}): Transition | null => {
    const commit = edge.soon === true ? store.soon : store.write;
    const step = commit(() => {
      const before = load(id);
      const after = before === null ? null : transition(before, event);
      if (before === null || after === null) return null;
      keep(before, after, edge);
      return { before, after };
    });
    if (step === null) return null;
    const touched = new Set(step.after.changed.flatMap((call) => messages.ofCall(call.id) ?? []));
    const message = messages.ofStep(id, step.before.step);
    if (
      message !== null &&
      (event.kind === "model.done" ||
        event.kind === "model.failed" ||
        step.after.limit !== null ||
        event.kind === "stop")
    )
      touched.add(message);
    // A call is about to be made, and making words of it for a window would hold it up.
    if (event.kind === "call" && step.after.limit === null) later(id, touched);
    else {
      for (const each of touched) show(each);
      changed(id);
    }
    return step.after;
  };

  const note = (call: string, facts: CallFacts): void => {
    const row = runs.call(call);
    if (row === null) return;
    // All of it follows from the standing, which a start looks at again.
    store.soon(() => runs.setCall(call, row.state, facts));
    const message = messages.ofCall(call);
    if (message !== null) show(message);
  };

  return { load, apply, note, show, changed };
};

const machineOf = (row: RunRow, calls: readonly CallRow[]): Run => ({
  id: row.id,
  kind: row.kind,
  phase: row.phase,
  step: row.step,
  calls: calls.map((call) => ({
    id: call.id,
    step: call.step,
    key: callKey(call.server, call.tool, call.args),
    state: call.state,
  })),
});

const factsOf = (state: string, facts: CallFacts = {}, limit: Transition["limit"]): CallFacts =>
  state === "canceled" && facts.reason === undefined
    ? { ...facts, reason: limit === null ? told("run-stopped") : LIMITS[limit] }
    : facts;
