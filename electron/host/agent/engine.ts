/**
 * Drives runs: looks at the stored state, does what the machine asks for, keeps the answer, looks again. All that is
 * in memory are the actions under way; a waiting run has none, so it costs a row and holds up nobody.
 */
import { told, type Told } from "#bridge/told.ts";
import { toldOf } from "#bridge/refused.ts";
import type { Step } from "#core/protocol/at-once.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { Authority, Tools } from "../seams.ts";
import type { Log } from "../log.ts";
import type { Ledger } from "../store/ledger.ts";
import type { MessageStore } from "../store/messages.ts";
import type { RunStore } from "../store/runs.ts";
import type { Store } from "../store/open.ts";
import { isStoreRefusal } from "../store/refusals.ts";
import type { ThreadStore } from "../store/threads.ts";
import type { Models } from "../models/model.ts";
import { createCallSteps } from "./call-steps.ts";
import type { Journal } from "./journal.ts";
import { createModelSteps } from "./model-steps.ts";
import { recover } from "./recover.ts";
import { next, type Action } from "./run.ts";
import type { ThreadEvent } from "#bridge/thread.ts";
import { isSame } from "#core/protocol/same.ts";

/** Every place at which a kill leaves a different state behind, in the order of a run. */
export const EDGES = [
  "run.begun",
  "model.asked",
  "model.streaming",
  "model.answered",
  "model.kept",
  "call.judged",
  "call.asking",
  "call.asked",
  "call.decided",
  "call.permitted",
  "ledger.written",
  "tool.returned",
  "result.kept",
  "used.told",
  "run.over",
] as const;
/** The same of an edit: the changed call is sealed and signed and nothing is kept; everything is kept. */
export const EDIT_EDGES = ["call.editing", "call.edited"] as const;
export type EdgeName = (typeof EDGES)[number] | (typeof EDIT_EDGES)[number];

export interface EngineParts {
  readonly store: Store;
  readonly threads: ThreadStore;
  readonly messages: MessageStore;
  readonly runs: RunStore;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly authority: Authority;
  readonly tools: Tools;
  readonly models: Models;
  /** Whether a tool's error means that the call may have taken effect. */
  readonly mayHaveRun: (code: string) => boolean;
  /** Resolves when a server, or every server of the workspace, is not on its way up any more. */
  readonly settled?: (wid: string, server: string | null) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly emit: (event: ThreadEvent) => void;
  /** Called at each edge after it is durable; a test kills the process here. */
  readonly onEdge?: (edge: EdgeName) => void;
}

export interface Engine {
  /** Takes up what the last process left. Call once, when all rooms are open. */
  start(): void;
  /** Goes on with a run as far as it can go now. */
  drive(run: string): void;
  /** Ends all runs of a thread. What is already being executed is told to stop, and its end is still kept. */
  stop(thread: string): void;
  cancelCall(call: string): void;
  /** Changes the arguments of a call that has not begun. Rejects with `Refusal`; then nothing was changed. */
  editCall(call: string, args: string): Promise<void>;
  /** Text that a streaming message shows, beyond what is kept. */
  liveText(message: string): string | null;
  /** Why a run does not move, in words. */
  waitOf(run: string): Told | null;
  close(): void;
}

/** What the steps of a run share while this process lives. */
export interface Drive {
  readonly edge: (name: EdgeName) => void;
  readonly drive: (run: string) => void;
  readonly closed: () => boolean;
  /** Follows what an action does, and drives the run on once it moved. */
  readonly go: (run: string, action: Action, work: () => Promise<boolean>) => void;
  readonly setWait: (run: string, why: Told | null) => void;
  /** Does something after `ms`, unless closed before. */
  readonly later: (ms: number, work: () => void) => void;
  /** Keeps something that must not be lost, again and again while the disk refuses. False once closed. */
  readonly keepAtAnyCost: (run: string, work: Step) => Promise<boolean>;
}

const STORE_RETRY_MS = 2_000;

const nameOf = (run: string, action: Action): string =>
  action.kind === "model" ? `${run}/model` : `${action.call}/${action.kind}`;

const createLater = (): { readonly later: Drive["later"]; readonly forget: () => void } => {
  const timers = new Set<NodeJS.Timeout>();
  return {
    later: (ms, work) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        work();
      }, ms);
      timers.add(timer);
    },
    forget: () => timers.forEach((timer) => clearTimeout(timer)),
  };
};

export const createEngine = (parts: EngineParts): Engine => {
  const { journal, log, runs } = parts;
  const busy = new Set<string>();
  const waits = new Map<string, Told>();
  const due = new Set<string>();
  const { later, forget } = createLater();
  let closed = false;

  const setWait = (run: string, why: Told | null): void => {
    if (isSame(why, waits.get(run) ?? null)) return;
    if (why === null) waits.delete(run);
    else waits.set(run, why);
    journal.changed(run);
  };
  const keepAtAnyCost = async (run: string, work: Step): Promise<boolean> => {
    for (;;) {
      if (closed) return false;
      try {
        work();
        setWait(run, null);
        return true;
      } catch (error) {
        if (!isStoreRefusal(error)) throw error;
        setWait(run, toldOf(error));
        await new Promise<void>((resolve) => later(STORE_RETRY_MS, resolve));
      }
    }
  };

  const drive = (run: string): void => {
    if (closed || due.has(run)) return;
    due.add(run);
    queueMicrotask(() => {
      due.delete(run);
      if (!closed) look(run);
    });
  };
  const shared: Drive = {
    edge: (name) => parts.onEdge?.(name),
    drive,
    closed: () => closed,
    go: (run, action, work) => go(run, action, work),
    setWait,
    later,
    keepAtAnyCost,
  };
  const modelSteps = createModelSteps(parts, shared);
  const callSteps = createCallSteps(parts, shared);

  const look = (id: string): void => {
    const run = journal.load(id);
    for (const action of run === null ? [] : next(run))
      if (!busy.has(nameOf(id, action))) go(id, action, () => perform(id, action));
  };
  const go: Drive["go"] = (id, action, work) => {
    const name = nameOf(id, action);
    busy.add(name);
    void work()
      .catch((error: unknown) => stumbled(id, action, error))
      .finally(() => busy.delete(name))
      .then((moved) => {
        if (moved) drive(id);
      });
  };

  const perform = async (id: string, action: Action): Promise<boolean> => {
    const row = runs.get(id);
    if (row === null) return false;
    if (action.kind === "model") return modelSteps.step(row);
    const call = runs.call(action.call);
    return call === null ? false : callSteps[action.kind](call);
  };

  /** A full or locked disk passes: nothing was kept, so the same action is simply done again later. Our own mistakes end the run in words. */
  const stumbled = (id: string, action: Action, error: unknown): boolean => {
    if (isStoreRefusal(error)) {
      setWait(id, toldOf(error));
      later(STORE_RETRY_MS, () => {
        setWait(id, null);
        drive(id);
      });
      return false;
    }
    log.fault("run.stumbled", error, { what: action.kind });
    try {
      return action.kind === "model" ? modelSteps.giveUp(id) : callSteps.giveUp(action.call);
    } catch (again) {
      log.fault("run.stuck", again, { what: action.kind });
      return false;
    }
  };

  const stop = (thread: string): void => {
    for (const run of runs.active(thread)) {
      const calls = runs.calls(run.id);
      modelSteps.abort(run.id);
      journal.apply(
        run.id,
        { kind: "stop" },
        { also: () => modelSteps.closeStopped(run), facts: { endedAt: parts.clock.now() } },
      );
      waits.delete(run.id);
      for (const call of calls) callSteps.drop(call);
    }
  };

  const cancelCall = (id: string): void => {
    const call = runs.call(id);
    if (call === null) return;
    journal.apply(
      call.run,
      { kind: "call", call: id, to: "canceled" },
      { facts: { reason: told("call-canceled"), endedAt: parts.clock.now() } },
    );
    callSteps.drop(call);
    drive(call.run);
  };

  const unsubscribe = parts.authority.onStanding((call) => callSteps.standingChanged(call));
  return {
    start: () => {
      for (const run of recover(parts)) drive(run.id);
      callSteps.tellUnreported();
    },
    drive,
    stop,
    cancelCall,
    editCall: callSteps.edit,
    liveText: modelSteps.liveText,
    waitOf: (run) => waits.get(run) ?? null,
    close: () => {
      closed = true;
      unsubscribe();
      forget();
      modelSteps.close();
    },
  };
};
