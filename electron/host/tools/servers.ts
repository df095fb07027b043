/**
 * Which servers of the team's catalogue run on this computer. A server starts only where this person accepted exactly
 * its launch: adding it here accepts it, and one that came from the team, or was changed, waits for review.
 * Each server is alone: its crash, silence or flood is its own.
 */
import { told, type Told } from "#bridge/told.ts";
import { refusalOf, refused } from "#bridge/refused.ts";
import type { Launch, ServerView } from "#bridge/tool.ts";
import type { ToolServerStore } from "../store/tool-servers.ts";
import { type CatalogueEntry, type ToolDef } from "../seams.ts";
import { type Clock } from "#client/ports/clock.ts";
import { launchProblem } from "./launch-check.ts";
import type { LiveServer } from "./run-call.ts";
import type { Runner } from "./runner.ts";
import { launchHash } from "./schema-hash.ts";
import { createServerLog, type ServerLog } from "./server-log.ts";

export interface Place {
  readonly wid: string;
  readonly server: string;
}
/** A server as the views need it. */
export interface ServerFacts {
  readonly entry: CatalogueEntry;
  readonly state: ServerView["state"];
  readonly error: Told | null;
  readonly review: { readonly before: Launch | null; readonly after: Launch } | null;
  readonly tools: readonly ToolDef[];
  readonly restarts: number;
}

export interface ServersDeps {
  readonly store: ToolServerStore;
  readonly clock: Pick<Clock, "monotonic">;
  readonly makeRunner: (place: Place, launch: Launch, serverLog: ServerLog, onChange: () => void) => Runner;
  readonly onChange: (wid: string, server: string) => void;
}

interface Known {
  entry: CatalogueEntry;
  readonly hash: string;
  readonly problem: Told | null;
  readonly serverLog: ServerLog;
  /** Null where it may not start: not accepted as it is now, or not possible. */
  runner: Runner | null;
}

const NEEDS_REVIEW = told("tool-needs-review");

export const createServers = (deps: ServersDeps) => {
  const workspaces = new Map<string, Map<string, Known>>();
  /** Ends of processes not yet complete, by place: the next one of the same server waits for it. */
  const ending = new Map<string, Promise<void>>();
  let closed = false;

  const known = (wid: string, server: string): Known | undefined => workspaces.get(wid)?.get(server);
  const existing = (wid: string, server: string): Known => {
    const found = known(wid, server);
    if (found === undefined) throw refused("tool-server-gone");
    return found;
  };

  const stop = (place: Place, one: Known): Promise<void> => {
    const key = `${place.wid}/${place.server}`;
    const done = (one.runner?.stop() ?? Promise.resolve()).finally(
      () => ending.get(key) === done && ending.delete(key),
    );
    one.runner = null;
    ending.set(key, done);
    return done;
  };

  const startIfAccepted = (place: Place, one: Known): void => {
    if (closed || one.problem !== null || one.runner !== null) return;
    if (deps.store.accepted(place.wid, place.server)?.hash !== one.hash) return;
    const runner = deps.makeRunner(
      place,
      one.entry.launch,
      one.serverLog,
      () => one.runner === runner && deps.onChange(place.wid, place.server),
    );
    one.runner = runner;
    const before = ending.get(`${place.wid}/${place.server}`) ?? Promise.resolve();
    void before.then(() => one.runner === runner && runner.start());
  };

  const setEntry = (servers: Map<string, Known>, wid: string, entry: CatalogueEntry): boolean => {
    const place = { wid, server: entry.id };
    const hash = launchHash(entry.launch);
    const present = servers.get(entry.id);
    if (present?.hash === hash) {
      const renamed = present.entry.name !== entry.name || present.entry.addedBy !== entry.addedBy;
      present.entry = entry;
      startIfAccepted(place, present);
      return renamed;
    }
    if (present !== undefined) void stop(place, present);
    const next: Known = {
      entry,
      hash,
      problem: launchProblem(entry.launch),
      serverLog: present?.serverLog ?? createServerLog(deps.clock),
      runner: null,
    };
    servers.set(entry.id, next);
    startIfAccepted(place, next);
    return true;
  };

  const setCatalogue = (wid: string, entries: readonly CatalogueEntry[]): void => {
    if (closed) return;
    const servers = workspaces.get(wid) ?? new Map<string, Known>();
    workspaces.set(wid, servers);
    const ids = new Set(entries.map(({ id }) => id));
    const gone = [...servers].filter(([id]) => !ids.has(id));
    for (const [id, one] of gone) {
      servers.delete(id);
      void stop({ wid, server: id }, one);
    }
    const changed = entries.filter((entry) => setEntry(servers, wid, entry));
    for (const id of new Set([...gone.map(([id]) => id), ...changed.map(({ id }) => id)])) deps.onChange(wid, id);
  };

  const factsOf = (wid: string, one: Known): ServerFacts => {
    const { entry } = one;
    if (one.problem !== null)
      return { entry, state: "unsupported", error: one.problem, review: null, tools: [], restarts: 0 };
    if (one.runner !== null) {
      const { state, error, tools, restarts } = one.runner.status();
      return { entry, review: null, state, error: error?.problem ?? null, tools, restarts };
    }
    const before = deps.store.accepted(wid, entry.id);
    if (before?.hash === one.hash)
      return { entry, state: "stopped", error: null, review: null, tools: [], restarts: 0 };
    return {
      entry,
      state: "needs-review",
      error: NEEDS_REVIEW,
      review: { before: before?.launch ?? null, after: entry.launch },
      tools: [],
      restarts: 0,
    };
  };

  return {
    setCatalogue,
    facts: (wid: string): ServerFacts[] => [...(workspaces.get(wid)?.values() ?? [])].map((one) => factsOf(wid, one)),
    /** The launch that stands now and its hash. Throws `no-such-server`, or the reason why it can never start. */
    acceptable(wid: string, server: string): { launch: Launch; hash: string } {
      const one = existing(wid, server);
      if (one.problem !== null) throw refusalOf(one.problem);
      return { launch: one.entry.launch, hash: one.hash };
    },
    has: (wid: string, server: string): boolean => known(wid, server) !== undefined,
    /** Starts afresh after an acceptance or a change of values. */
    async apply(wid: string, server: string): Promise<void> {
      const one = existing(wid, server);
      await stop({ wid, server }, one);
      startIfAccepted({ wid, server }, one);
      deps.onChange(wid, server);
    },
    async restart(wid: string, server: string): Promise<void> {
      const { problem, runner } = existing(wid, server);
      if (problem !== null) throw refusalOf(problem);
      if (runner === null) throw refusalOf(NEEDS_REVIEW);
      await runner.restart();
    },
    log: (wid: string, server: string): string[] => existing(wid, server).serverLog.lines(),
    live(wid: string, server: string): LiveServer | null {
      const one = known(wid, server);
      return one === undefined
        ? null
        : {
            name: one.entry.name,
            launch: one.hash,
            link: one.runner?.link() ?? null,
            tools: one.runner?.status().tools ?? [],
          };
    },
    /** Whether the running server changed its tools too often. */
    unsteady: (wid: string, server: string): boolean => known(wid, server)?.runner?.status().unsteady === true,
    ids: (wid: string): string[] => [...(workspaces.get(wid)?.keys() ?? [])],
    async close(): Promise<void> {
      closed = true;
      const all = [...workspaces].flatMap(([wid, servers]) =>
        [...servers].map(([server, one]) => stop({ wid, server }, one)),
      );
      await Promise.all([...all, ...ending.values()]);
    },
  };
};
export type Servers = ReturnType<typeof createServers>;
