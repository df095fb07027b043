/** A tools room on a real store and real processes, with a shell that wraps secrets visibly and a workspace that records. */
import { noted } from "../../../helpers/worded.ts";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Launch } from "#bridge/tool.ts";
import {
  type CatalogueEntry,
  type Permit,
  type Shell,
  type ToolResult,
  type Workspaces,
} from "../../../../electron/host/seams.ts";
import { type Clock } from "#client/ports/clock.ts";
import { openStore } from "../../../../electron/host/store/open.ts";
import { createDefinitionStore } from "../../../../electron/host/store/definitions.ts";
import { createToolServerStore } from "../../../../electron/host/store/tool-servers.ts";
import type { Limits, Timers } from "../../../../electron/host/tools/limits.ts";
import { launchHash } from "../../../../electron/host/tools/schema-hash.ts";
import { createTools } from "../../../../electron/host/tools/tools.ts";
import { tempDir } from "../../../helpers/temp.ts";
import { PATIENCE_MS } from "../../../helpers/wait.ts";
import { refused } from "#bridge/refused.ts";

export const WID = "w".repeat(22);
export const FIXTURE = join(import.meta.dirname, "../../../fixtures/mcp/server.mjs");

export const fixture = (
  behaviour = "good",
  file = "",
  env: { name: string; secret: boolean }[] = [],
): Extract<Launch, { kind: "stdio" }> => ({
  kind: "stdio",
  command: process.execPath,
  args: [FIXTURE, behaviour, file],
  env,
  vars: [],
});

export const until = async (what: string, check: () => boolean, ms = PATIENCE_MS): Promise<void> => {
  for (let waited = 0; waited < ms; waited += 20) {
    if (check()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited in vain until ${what}`);
};

export const realClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Time that passes only when a test says so. */
export const handTimers = () => {
  let now = 0;
  let planned: { at: number; run: () => void }[] = [];
  const timers: Timers = {
    after(ms, run) {
      const plan = { at: now + ms, run };
      planned.push(plan);
      return () => void (planned = planned.filter((other) => other !== plan));
    },
  };
  const pass = (ms: number): void => {
    now += ms;
    const due = planned.filter(({ at }) => at <= now);
    planned = planned.filter(({ at }) => at > now);
    for (const { run } of due) run();
  };
  return {
    timers,
    pass,
    waits: () => planned.map(({ at }) => at - now),
    clock: { now: () => now, monotonic: () => now },
  };
};

export interface RoomOptions {
  readonly limits?: Partial<Limits>;
  readonly timers?: Timers;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly define?: Workspaces["defineServer"];
}

export const makeRoom = (options: RoomOptions = {}) => {
  const opened = openStore({ dir: tempDir() });
  const store = createToolServerStore(opened);
  const events: string[] = [];
  const published: string[] = [];
  let catalogue: CatalogueEntry[] = [];

  const shell: Shell = {
    request: async (method, params) => {
      if (method === "secret.wrap")
        return `sealed:${Buffer.from((params as { text: string }).text).toString("base64")}`;
      if (method === "secret.unwrap")
        return Buffer.from((params as { sealed: string }).sealed.slice(7), "base64").toString();
      throw new Error(method);
    },
  };
  const workspaces: Workspaces = {
    name: (wid) => {
      if (wid !== WID) throw refused("no-such-workspace");
      return "Team";
    },
    list: () => [WID],
    effectOf: () => ({
      effect: { kind: "ask", queue: "approvers" },
      rule: noted("no rule matches, so approvers are asked"),
      own: null,
      overruledBy: null,
      standing: "accepted",
      accepted: [],
    }),
    unnamedEffect: () => ({ kind: "ask", queue: "approvers" }),
    mayAcceptTools: () => ({ allowed: true, why: noted("") }),
    acceptTools: async () => undefined,
    withdrawTool: async () => undefined,
    mayEditTools: () => ({ allowed: true, why: noted("") }),
    may: () => ({ allowed: true, why: noted("") }),
    defineServer:
      options.define ??
      (async (_wid, entry) => {
        set([...catalogue, { ...entry, addedBy: "Ada" }]);
      }),
    removeServer: async (_wid, server) => set(catalogue.filter(({ id }) => id !== server)),
  };
  const tools = createTools({
    store,
    definitions: createDefinitionStore(opened),
    shell,
    clock: options.clock ?? realClock,
    workspaces: () => workspaces,
    publisher: { publish: (kind, argument) => void published.push(`${kind}/${argument}`) },
    log: (event, fields) => void events.push(`${event} ${JSON.stringify(fields)}`),
    random: options.random ?? (() => 0),
    ...(options.timers === undefined ? {} : { timers: options.timers }),
    limits: { backoffFirst: 50, ...options.limits },
  });
  onTestFinished(async () => {
    await tools.close();
    opened.close();
  });

  const set = (entries: CatalogueEntry[]): void => {
    catalogue = entries;
    tools.setCatalogue(WID, entries);
  };
  const entry = (launch: Launch, id = "server", name = "fixture"): CatalogueEntry => ({
    id,
    name,
    launch,
    addedBy: "Ada",
  });
  const view = (id = "server") => tools.views(WID).find((server) => server.id === id);
  const isIn = (state: string, id = "server"): Promise<void> =>
    until(
      `${id} is ${state} (is ${JSON.stringify(view(id)?.state)}, ${view(id)?.error?.code})`,
      () => view(id)?.state === state,
    );
  /** Accepts a launch as this person would have, and puts it into the catalogue. */
  const run = (launch: Launch, id = "server"): void => {
    store.accept(WID, id, { launch, hash: launchHash(launch) }, {}, 0);
    set([...catalogue.filter((other) => other.id !== id), entry(launch, id)]);
  };
  let calls = 0;
  const permitFor = (tool: string, args: unknown, id = "server"): Permit => {
    const found = tools.find(WID, id, tool);
    const call = {
      id: `call-${(calls += 1)}`,
      wid: WID,
      thread: "t",
      server: id,
      tool,
      args: typeof args === "string" ? args : JSON.stringify(args),
    };
    // Only the gate mints permits; here the test stands in for it.
    return {
      call,
      launch: found?.launch ?? "",
      schema: found?.def.schema ?? "",
      rule: noted("test"),
      request: null,
    } as unknown as Permit;
  };
  const call = (
    tool: string,
    args: unknown = {},
    id = "server",
    signal = new AbortController().signal,
  ): Promise<ToolResult> => tools.run(permitFor(tool, args, id), signal);
  const count = (table: "tool_accepted" | "tool_values"): unknown =>
    opened.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  return {
    tools,
    store,
    count,
    storedBytes: (): Buffer => opened.db.serialize(),
    shell,
    workspaces,
    events,
    published,
    set,
    entry,
    view,
    isIn,
    run,
    permitFor,
    call,
  };
};
