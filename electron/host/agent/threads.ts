/** What a window may do with threads, and what it sees of them. */
import { refused } from "#bridge/refused.ts";
import type { callMethods } from "#bridge/call.ts";
import type { MessageView, ThreadEvent, ThreadSummary, ThreadView, threadMethods } from "#bridge/thread.ts";
import { type Clock } from "#client/ports/clock.ts";
import { type HandlersOf, type PresentText, type Publisher, type Tools, type Workspaces } from "../seams.ts";
import type { ModelChoice, Models } from "../models/model.ts";
import { placeKey } from "../ways/place.ts";
import { createDraftStore, isBlank } from "../store/drafts.ts";
import type { MessageStore } from "../store/messages.ts";
import type { Store } from "../store/open.ts";
import type { CallState, NewCall, RunRow, RunStore } from "../store/runs.ts";
import type { Search } from "../store/search.ts";
import type { ThreadRow, ThreadStore } from "../store/threads.ts";
import { createUnreadStore, type UnreadStore } from "../store/unread.ts";
import { checkCall, createCallHandlers } from "./call-handlers.ts";
import { createCount, type Count } from "./count.ts";
import { whyOf } from "../gate/enclosure.ts";
import type { Engine, EngineParts } from "./engine.ts";
import { findThreads } from "./find-threads.ts";
import { titleOf } from "./title.ts";
import { createWriting, unreadView } from "./writing.ts";
import { UNNAMED_THREAD } from "#bridge/thread.ts";

export interface ThreadParts {
  readonly store: Store;
  readonly threads: ThreadStore;
  readonly messages: MessageStore;
  readonly runs: RunStore;
  readonly search: Search;
  readonly engine: Engine;
  readonly tools: Pick<Tools, "ready" | "find">;
  readonly workspaces: Pick<Workspaces, "may">;
  readonly models: Pick<Models, "choose">;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly publish: Publisher;
  readonly emit: (event: ThreadEvent) => void;
  readonly onEdge?: (edge: "run.begun") => void;
  readonly settled?: EngineParts["settled"];
  readonly presentText: PresentText;
}
export interface Threads {
  readonly handlers: HandlersOf<typeof threadMethods & typeof callMethods>;
  list(wid: string): ThreadSummary[];
  /** One of them, or null. */
  one(wid: string, thread: string): ThreadSummary | null;
  /** Throws `Refusal("no-such-thread")`. */
  workspaceOf(thread: string): string;
  /** Throws `Refusal("no-such-thread")`. */
  view(thread: string): ThreadView;
  /** Stops and removes all threads of a workspace. */
  forget(wid: string): void;
}

/** One that no model proposed: it is the only one of its run. */
const callOfPerson = (
  call: Pick<NewCall, "id" | "run" | "server" | "serverName" | "tool" | "args" | "why">,
): NewCall => ({ ...call, step: 1, providerId: call.id, providerName: call.tool, state: "proposed", reason: null });

export const createThreads = (parts: ThreadParts): Threads => {
  const { store, threads, messages, runs, engine, clock, newId, publish } = parts;

  const get = (id: string): ThreadRow => {
    const row = threads.get(id);
    if (row === null) throw refused("no-such-thread");
    return row;
  };
  const changed = (row: Pick<ThreadRow, "id" | "wid">): void => {
    publish.publish("thread", row.id);
    publish.publish("threads", row.wid, [row.id]);
  };
  const show = (message: string): void => {
    const view = messages.view(message);
    if (view !== null) parts.emit({ kind: "put", message: view });
  };

  /** Begins an agent run unless one is under way. */
  const beginRun = (thread: string, adopt: string | null): string | null => {
    if (runs.active(thread).some((run) => run.kind === "agent")) return null;
    const run = newId();
    runs.add({ id: run, thread, kind: "agent", phase: "model", at: clock.now() });
    if (adopt !== null) messages.adopt(adopt, run, 1);
    return run;
  };
  const go = (run: string | null): void => {
    if (run === null) return;
    parts.onEdge?.("run.begun");
    engine.drive(run);
  };

  /** The model to send to. Sending binds the thread to it: what is written here goes to another one only when its person chooses that. */
  const modelOf = (row: ThreadRow): ModelChoice => {
    const model = parts.models.choose(row.modelChoice);
    if (model === null) throw refused("no-model-chosen");
    return model;
  };
  const bindModel = (row: ThreadRow): (() => void) => {
    const model = modelOf(row);
    return () => threads.chooseModel(row.id, model.id, placeKey(model.place));
  };
  const unread = createUnreadStore(store);
  const drafts = createDraftStore(store);
  const count = createCount(messages, runs);
  const writing = createWriting({
    store,
    threads,
    messages,
    runs,
    drafts,
    unread,
    clock,
    newId,
    thread: get,
    bindModel,
    beginRun: (id) => beginRun(id, null),
    go,
    show,
    changed,
  });

  const retry = (id: string): void => {
    const row = get(id);
    const last = messages.last(id);
    if (last === null) throw refused("nothing-to-retry");
    const model = modelOf(row);
    const again = last.from === "agent" && last.parts.every((part) => part.kind !== "call") ? last.id : null;
    const run = store.write(() => {
      threads.chooseModel(id, model.id, placeKey(model.place));
      return beginRun(id, again);
    });
    if (run !== null && again !== null) show(again);
    changed(row);
    go(run);
  };

  const callTool = (id: string, server: string, tool: string, args: string, why: string | undefined): Promise<void> => {
    const row = get(id);
    checkCall(parts.tools, { wid: row.wid, server, tool, args });
    const serverName = parts.tools.ready(row.wid).find((each) => each.server === server)?.name ?? server;
    const [run, message, call] = [newId(), newId(), newId()];
    store.soon(() => {
      const at = clock.now();
      runs.add({ id: run, thread: id, kind: "direct", phase: "calls", at });
      runs.addCall(callOfPerson({ id: call, run, server, serverName, tool, args, why: whyOf(why) }));
      messages.add({ id: message, thread: id, at, author: "person", run, step: 1, streaming: false });
      messages.setParts(message, [{ kind: "call", call }], false);
      if (row.title === UNNAMED_THREAD) threads.rename(id, titleOf(`${serverName}.${tool}`), false);
    });
    show(message);
    changed(row);
    go(run);
    // It is judged and asked meanwhile; whoever reads the answer may rely on it.
    return store.flushed();
  };

  const remove = (row: ThreadRow): void => {
    engine.stop(row.id);
    threads.remove(row.id);
    publish.publish("threads", row.wid, [row.id]);
  };

  const one = (wid: string, id: string): ThreadSummary | null => {
    const row = threads.get(id);
    if (row?.wid !== wid) return null;
    return summaryOf(row, statesOf(runs.active(id), runs), runs.lastAgent(id)?.phase === "failed");
  };

  const handlers: Threads["handlers"] = {
    "thread.create": ({ wid, reuse = false }) => {
      const unused = reuse ? threads.unused(wid, UNNAMED_THREAD).find(({ id }) => isBlank(drafts.get(id))) : undefined;
      const id = unused?.id ?? newId();
      if (unused === undefined) threads.add({ id, wid, title: UNNAMED_THREAD, at: clock.now() });
      else threads.touch(id, clock.now());
      publish.publish("threads", wid, [id]);
      return summaryOf(get(id), []);
    },
    "thread.rename": ({ thread, title }) => {
      const row = get(thread);
      threads.rename(thread, title, true);
      changed(row);
      return {};
    },
    "thread.delete": ({ thread }) => {
      remove(get(thread));
      return {};
    },
    "thread.page": ({ thread, before, limit }) => {
      const row = get(thread);
      return {
        messages: messages.page(thread, before, limit).map((message) => withLive(message, engine)),
        total: row.messages,
      };
    },
    "thread.callTool": ({ thread, server, tool, args, why }) =>
      callTool(thread, server, tool, args, why).then(() => ({})),
    "thread.retry": ({ thread }) => (retry(thread), {}),
    "thread.setModel": ({ thread, model }) => {
      const row = get(thread);
      const chosen = model === null ? null : parts.models.choose(model);
      if (chosen?.id !== (model ?? undefined)) throw refused("model-removed");
      threads.chooseModel(thread, model ?? "none", chosen === null ? "" : placeKey(chosen.place));
      changed(row);
      return {};
    },
    ...writing,
    ...createCallHandlers({
      runs,
      tools: parts.tools,
      engine,
      thread: get,
      may: parts.workspaces.may,
      settled: parts.settled,
      presentText: parts.presentText,
    }),
    "thread.find": ({ wid, query }) => findThreads(threads.list(wid), query).flatMap(({ id }) => one(wid, id) ?? []),
    search: ({ wid, query }) => parts.search.find(wid, query),
  };

  return {
    handlers,
    list: (wid) => {
      const failed = new Set(runs.failedIn(wid));
      const active = Map.groupBy(runs.activeIn(wid), (run) => run.thread);
      return threads
        .list(wid)
        .map((row) => summaryOf(row, statesOf(active.get(row.id) ?? [], runs), failed.has(row.id)));
    },
    workspaceOf: (id) => get(id).wid,
    one,
    view: (id) => viewOf(get(id), parts, unread, count),
    forget: (wid) => {
      for (const row of threads.list(wid)) engine.stop(row.id);
      threads.forget(wid);
      publish.publish("threads", wid);
    },
  };
};

type RunView = NonNullable<ThreadView["run"]>;
type RunState = RunView["state"];

const statesOf = (active: readonly RunRow[], runs: RunStore): RunState[] => active.map((run) => stateOf(run, runs));

/** A run waits only when nothing of it moves, and is queued only when nothing of it has reached the team. */
const stateOf = (run: RunRow, runs: RunStore): RunState => {
  if (run.phase === "model") return "thinking";
  const states = new Set<CallState>(runs.calls(run.id).flatMap((call) => (call.step === run.step ? [call.state] : [])));
  if (states.has("running") || states.has("approved") || states.has("proposed")) return "calling";
  if (states.has("confirming")) return "confirming";
  return states.has("waiting") ? "waiting" : "queued";
};

const summaryOf = (row: ThreadRow, states: readonly RunState[], failed = false): ThreadSummary => ({
  id: row.id,
  wid: row.wid,
  title: row.title,
  updatedAt: row.updatedAt,
  state: states.some((state) => state === "thinking" || state === "calling")
    ? "running"
    : states.length > 0
      ? "waiting"
      : failed
        ? "failed"
        : "idle",
  boundary: "private",
});

const viewOf = (row: ThreadRow, parts: ThreadParts, unread: UnreadStore, count: Count): ThreadView => {
  const { runs, engine } = parts;
  const active = runs.active(row.id);
  const run = active.find((each) => each.kind === "agent") ?? active.at(-1);
  const model = parts.models.choose(row.modelChoice);
  const built =
    model === null
      ? null
      : count({
          thread: row.id,
          messages: row.messages,
          ready: parts.tools.ready(row.wid),
          budget: model.budget,
        });
  const failed = runs.lastAgent(row.id)?.phase === "failed";
  const note = run === undefined ? null : engine.waitOf(run.id);
  return {
    thread: summaryOf(row, statesOf(active, runs), failed),
    messages: row.messages,
    model: model === null ? null : { id: model.id, name: model.name, place: model.place },
    mustChoose: model === null && row.modelChoice !== "none",
    run:
      run === undefined
        ? null
        : {
            id: run.id,
            state: stateOf(run, runs),
            step: run.step,
            since: run.since,
            ...(note === null ? {} : { note }),
          },
    unread: unreadView(unread, row.id),
    context: [...(built?.items ?? [])],
    tokens: { context: built?.tokens ?? 0, spentIn: row.spentIn, spentOut: row.spentOut },
  };
};

const withLive = (message: MessageView, engine: Engine): MessageView => {
  const text = message.streaming ? engine.liveText(message.id) : null;
  return text === null ? message : { ...message, parts: [{ kind: "text", text }] };
};
