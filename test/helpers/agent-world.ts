/**
 * The agent room on a real store, with the walls around it played in memory: an authority that decides as told, tools
 * that note what was executed, and models that follow a script or are real endpoints.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createEngine, type Engine, type EngineParts } from "../../electron/host/agent/engine.ts";
import { createJournal } from "../../electron/host/agent/journal.ts";
import { admitted, type Behind } from "./admitted.ts";
import { createThreads, type Threads } from "../../electron/host/agent/threads.ts";
import { createLog } from "../../electron/host/log.ts";
import type { Models, ModelRequest, StepHooks, StepResult } from "../../electron/host/models/model.ts";
import type {
  Authority,
  Judgement,
  Permit,
  ProposedCall,
  Standing,
  ToolDef,
  ToolResult,
  Tools,
  Workspaces,
} from "../../electron/host/seams.ts";
import { createLedger, type Ledger } from "../../electron/host/store/ledger.ts";
import { createMessageStore, type MessageStore } from "../../electron/host/store/messages.ts";
import { openStore, type Store } from "../../electron/host/store/open.ts";
import { nodeTimers } from "#node/timers.ts";
import { createRunStore, type RunStore } from "../../electron/host/store/runs.ts";
import { createSearch } from "../../electron/host/store/search.ts";
import { createThreadStore, type ThreadStore } from "../../electron/host/store/threads.ts";
import type { MessageView, ThreadEvent } from "../../electron/bridge/thread.ts";
import { PATIENCE_MS } from "./wait.ts";
import { refusalOf } from "#bridge/refused.ts";
import { why } from "#core/facts/why.ts";
import { told as fact, type Told } from "#bridge/told.ts";

export const WID = "workspace-aaaaaaaaaaaa";

export interface PlayedAuthority extends Authority {
  readonly asked: ProposedCall[];
  readonly told: { call: string; result: string }[];
  /** Sets a standing and tells the listeners, as a folded vote would. */
  stand(call: string, change: Partial<Standing>): void;
  withdrawn: string[];
  readonly edited: ProposedCall[];
}
/** With `file`, standings outlive the process, as those of the real replica do. */
export const playAuthority = (
  judge: (call: ProposedCall) => Judgement,
  first: Partial<Standing> = {},
  file: string | null = null,
): PlayedAuthority => {
  const standings = new Map<string, Standing>(
    file !== null && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as [string, Standing][]) : [],
  );
  const listeners = new Set<(call: string) => void>();
  const asked: ProposedCall[] = [];
  const told: { call: string; result: string }[] = [];
  const withdrawn: string[] = [];
  const edited: ProposedCall[] = [];
  const set = (call: string, change: Partial<Standing>): void => {
    const before = standings.get(call) ?? {
      state: "waiting",
      request: `request-${call}`,
      votes: 0,
      needed: 1,
      expiresAt: null,
      decidedBy: null,
      reason: null,
      enclosed: null,
    };
    standings.set(call, { ...before, ...change });
    if (file !== null) writeFileSync(file, JSON.stringify([...standings]));
  };
  const permitOf = (call: ProposedCall, rule: Told, request: string | null, confirmed: string | null = null): Permit =>
    ({ call, launch: "launch", schema: "schema", rule, request, confirmed }) as unknown as Permit;
  return {
    asked,
    told,
    withdrawn,
    edited,
    judge,
    permit: (call) => {
      const judgement = judge(call);
      if (judgement.kind === "allow") return { ok: true, permit: permitOf(call, judgement.rule, null) };
      const standing = standings.get(call.id);
      if (judgement.kind === "confirm" && standing?.state === "approved")
        return { ok: true, permit: permitOf(call, judgement.rule, null, standing.request) };
      if (judgement.kind === "ask" && standing?.state === "approved")
        return { ok: true, permit: permitOf(call, judgement.rule, standing.request) };
      return { ok: false, error: why("not-approved") };
    },
    ask: async (call) => {
      asked.push(call);
      if (!standings.has(call.id)) set(call.id, first);
    },
    edit: async (call, keep) => {
      const judgement = judge(call);
      if (judgement.kind === "deny") throw refusalOf(judgement.rule);
      keep(judgement, () => {
        edited.push(call);
        standings.delete(call.id);
        if (judgement.kind === "confirm")
          set(call.id, { state: "confirming", request: `card-${call.id}-${edited.length}` });
        if (judgement.kind === "ask") set(call.id, { request: `request-${call.id}-${edited.length}` });
      });
    },
    cancel: async (call) => {
      withdrawn.push(call);
    },
    standing: (call) => standings.get(call) ?? null,
    keep: () => undefined,
    used: (call, result) => void told.push({ call, result }),
    onStanding: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stand: (call, change) => {
      set(call, change);
      for (const listener of listeners) listener(call);
    },
  };
};

const def = (name: string): ToolDef => ({
  name,
  title: null,
  description: `Does ${name}`,
  inputSchema: { type: "object" },
  readOnly: false,
  destructive: false,
  schema: "schema",
  definition: "{}",
});
export interface PlayedTools extends Tools {
  /** Exactly what was executed, in order. */
  readonly executed: ProposedCall[];
}
/** With `file`, each execution is also a line there, as the outside world would keep it across a kill. */
export const playTools = (
  answer: (call: ProposedCall, signal: AbortSignal) => ToolResult | Promise<ToolResult> = () => okResult("done"),
  file: string | null = null,
): PlayedTools => {
  const executed: ProposedCall[] = [];
  const ready = [{ server: "server-1", name: "files", launch: "launch", tools: [def("read"), def("write")] }];
  return {
    executed,
    setCatalogue: () => undefined,
    ready: () => ready,
    find: (_wid, server, tool) => {
      const found = server === "server-1" ? ready[0]?.tools.find((each) => each.name === tool) : undefined;
      return found === undefined ? null : { launch: "launch", def: found, unsteady: false };
    },
    run: async (permit, signal) => {
      executed.push(permit.call);
      if (file !== null) appendFileSync(file, `${permit.call.id}\n`);
      return answer(permit.call, signal);
    },
    onChange: () => () => undefined,
    close: async () => undefined,
  };
};
export const okResult = (text: string): ToolResult => ({
  ok: true,
  text,
  bytes: text.length,
  truncated: false,
  error: null,
});

const PLAYED = { kind: "host", host: "models.example.com" } as const;

/** A model that answers each request by a function of the request, so that a restarted process answers alike. */
export const playModels = (
  answer: (request: ModelRequest, hooks: StepHooks) => Promise<Partial<StepResult>> | Partial<StepResult>,
): Models & { requests: ModelRequest[] } => {
  const requests: ModelRequest[] = [];
  return {
    requests,
    choose: (choice) => (choice === "none" ? null : { id: "model-1", name: "Played", place: PLAYED, budget: 100_000 }),
    look: () => Promise.resolve(PLAYED),
    step: async (_model, request, hooks) => {
      requests.push(request);
      const result = await answer(request, hooks);
      if (result.text !== undefined) hooks.onText(result.text);
      return { text: "", calls: [], usage: null, ...result };
    },
  };
};
let modelCalls = 0;
export const modelCall = (tool: string, args: unknown): StepResult["calls"][number] => ({
  id: `p${++modelCalls}`,
  name: `files__${tool}`,
  args: JSON.stringify(args),
  problem: null,
});

export interface AgentWorld {
  readonly store: Store;
  readonly threads: ThreadStore;
  readonly messages: MessageStore;
  readonly runs: RunStore;
  readonly ledger: Ledger;
  readonly engine: Engine;
  readonly room: Omit<Threads, "handlers"> & { readonly handlers: Behind<Threads["handlers"]> };
  readonly events: ThreadEvent[];
  readonly lines: string[];
  newThread(): string;
  send(thread: string, text: string): void;
  page(thread: string): readonly MessageView[];
  /** Resolves when no run of the thread is active. */
  idle(thread: string): Promise<void>;
  until(what: () => boolean): Promise<void>;
  close(): void;
}
export interface AgentWorldParts {
  readonly dir: string;
  readonly authority: Authority;
  readonly tools: Tools;
  readonly models: Models;
  readonly onEdge?: NonNullable<EngineParts["onEdge"]>;
  readonly mayHaveRun?: (code: string) => boolean;
  readonly may?: Workspaces["may"];
  /** Resolves when the servers are up. */
  readonly settled?: () => Promise<void>;
  /** The store as the rooms get it, e.g. one on a disk that is full. */
  readonly disk?: (store: Store) => Store;
}

export const agentWorld = ({
  dir,
  authority,
  tools,
  models,
  onEdge,
  mayHaveRun = () => false,
  may = () => ({ allowed: true, why: fact("note", "") }),
  settled = () => Promise.resolve(),
  disk = (store) => store,
}: AgentWorldParts): AgentWorld => {
  const store = disk(openStore({ dir }));
  const threads = createThreadStore(store);
  const runs = createRunStore(store);
  const messages = createMessageStore(store, runs);
  const ledger = createLedger(store);
  const events: ThreadEvent[] = [];
  const lines: string[] = [];
  const log = createLog(
    (line) => lines.push(line),
    () => 0,
  );
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const newId = (): string => crypto.randomUUID();
  const emit = (event: ThreadEvent): void => void events.push(event);
  const publish = { publish: () => undefined };
  const journal = createJournal({ store, runs, messages, publish, emit, now: clock.now, soon: nodeTimers.soon });
  const edge = onEdge === undefined ? {} : { onEdge };
  const engine = createEngine({
    store,
    threads,
    messages,
    runs,
    ledger,
    journal,
    authority,
    tools,
    models,
    mayHaveRun,
    settled,
    clock,
    log,
    newId,
    emit,
    ...edge,
  });
  const made = createThreads({
    store,
    threads,
    messages,
    runs,
    search: createSearch(store),
    engine,
    tools,
    workspaces: { may },
    models,
    clock,
    newId,
    publish,
    emit,
    settled,
    presentText: () => Promise.resolve(null),
    ...edge,
  });
  const room = {
    ...made,
    // Most of them answer at once, and so do their refusals.
    handlers: admitted(made.handlers, { may, workspaceOf: made.workspaceOf }, "throw"),
  };
  const from = { window: "main" } as const;
  const until = async (what: () => boolean): Promise<void> => {
    const give = Date.now() + PATIENCE_MS;
    while (!what()) {
      if (Date.now() > give) throw new Error(`never came true; log: ${lines.join("")}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return {
    store,
    threads,
    messages,
    runs,
    ledger,
    engine,
    room,
    events,
    lines,
    until,
    newThread: () => (room.handlers["thread.create"]({ wid: WID }, from) as { id: string }).id,
    send: (thread, text) => void room.handlers["thread.send"]({ thread, text }, from),
    page: (thread) =>
      (room.handlers["thread.page"]({ thread, before: null, limit: 200 }, from) as { messages: readonly MessageView[] })
        .messages,
    idle: (thread) => until(() => runs.active(thread).length === 0),
    close: () => {
      engine.close();
      store.close();
    },
  };
};

/** What the outside world saw executed, across kills. */
export const executions = (dir: string): string[] => {
  const file = join(dir, "executions.log");
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
};
