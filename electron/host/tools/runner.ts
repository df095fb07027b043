/**
 * The life of one accepted MCP server. It starts it, keeps its tools fresh, and starts it again when it ends by
 * itself, each time later; after a few quick ends it stops trying and says so, and a person can restart it.
 *
 *   starting ──> ready ──(ends)──> restarting ──> ready
 *      └──────────────┴─────────────────┴──> failed ──(restart)──> starting        any ──(stop)──> stopped
 */
import { pauseBefore } from "#core/protocol/pauses.ts";
import { told, type Told } from "#bridge/told.ts";
import type { Clock } from "#client/ports/clock.ts";
import type { ToolDef } from "../seams.ts";
import type { Limits, Timers } from "./limits.ts";
import { createLink, type Answer, type Link } from "./link.ts";
import { createRefresh } from "./refresh.ts";
import type { ServerLog } from "./server-log.ts";
import { failure, type Failure, type Wire } from "./wire.ts";

export type RunnerState = "stopped" | "starting" | "ready" | "restarting" | "failed";
export interface RunnerStatus {
  readonly state: RunnerState;
  readonly error: Failure | null;
  /** The tools last seen; callable only while ready. */
  readonly tools: readonly ToolDef[];
  readonly restarts: number;
  /** It changed its tools too often to rely on what they say (TD6), until a person restarts it. */
  readonly unsteady: boolean;
}
export interface Runner {
  status(): RunnerStatus;
  /** Null unless ready. */
  link(): Link | null;
  start(): void;
  /** A person's restart: earlier crashes no longer count. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface RunnerDeps {
  /** Makes a fresh connection; may refuse, for instance where a secret cannot be read. */
  readonly connect: () => Promise<Answer<Wire>>;
  /** How long a start may take, ms, and what is said while it takes long. */
  readonly startLimit: number;
  readonly slow: Told;
  readonly serverLog: ServerLog;
  readonly limits: Limits;
  readonly clock: Pick<Clock, "monotonic">;
  readonly timers: Timers;
  /** In [0, 1): spreads restarts, so that servers that fell together do not rise together. */
  readonly random: () => number;
  readonly onChange: () => void;
}

/** What is at an address was not started here, has no log here, and did not end: only the way to it can be named. */
const givenUp = ({ problem }: Failure, times: number): Failure =>
  failure(
    problem.code === "tool-server-unreachable"
      ? told("tool-server-given-up", problem, times)
      : told("tool-server-crash-loop", problem, times),
    true,
  );

export const createRunner = (deps: RunnerDeps): Runner => {
  // A runner is made to be started: nobody should see it as stopped in the moment before.
  let status: RunnerStatus = { state: "starting", error: null, tools: [], restarts: 0, unsteady: false };
  let link: Link | null = null;
  /** Counts starts and stops; whatever returns to another generation is late and does nothing. */
  let generation = 0;
  let quick = 0;
  let readySince: number | null = null;
  let cancelTimer = (): void => undefined;

  /** Steady times of the newest changes of the list of tools. */
  let changes: number[] = [];
  const relisted = (tools: readonly ToolDef[]): Pick<RunnerStatus, "tools" | "unsteady"> => {
    const before = status.tools;
    const same = tools.length === before.length && tools.every((tool, i) => tool.schema === before[i]?.schema);
    if (same || before.length === 0) return { tools, unsteady: status.unsteady };
    const now = deps.clock.monotonic();
    changes = [...changes.filter((at) => now - at < deps.limits.changesWithin), now];
    return { tools, unsteady: status.unsteady || changes.length >= deps.limits.changesMost };
  };

  const set = (change: Partial<RunnerStatus>): void => {
    status = { ...status, ...change };
    deps.onChange();
  };

  /** Leaves the present generation; answers the number of the next. */
  const leave = (): { mine: number; closed: Promise<void> } => {
    cancelTimer();
    refresh.cancel();
    const closed = link?.close() ?? Promise.resolve();
    link = null;
    generation += 1;
    return { mine: generation, closed };
  };

  const fallen = (why: Failure): void => {
    const healthy = readySince !== null && deps.clock.monotonic() - readySince >= deps.limits.healthy;
    readySince = null;
    quick = healthy ? 1 : quick + 1;
    const { mine } = leave();
    if (why.lasting) return set({ state: "failed", error: why });
    if (quick > deps.limits.quickCrashes) {
      return set({ state: "failed", error: givenUp(why, quick) });
    }
    const { backoffFirst: first, backoffMost: most } = deps.limits;
    cancelTimer = deps.timers.after(pauseBefore(quick, { first, most }, deps.random), () => {
      if (mine === generation) void begin("restarting");
    });
    set({ state: "restarting", error: why });
  };

  const open = async (mine: number): Promise<Answer<readonly ToolDef[]>> => {
    const wire = await deps.connect();
    if (!wire.ok) return wire;
    let early: Failure | null = null;
    const opening = createLink({
      wire: wire.value,
      serverLog: deps.serverLog,
      limits: deps.limits,
      onEnd: (why) => {
        if (mine === generation && status.state === "ready") fallen(why);
        else early = why;
      },
      onListChanged: () => mine === generation && refresh.ask(),
    });
    if (mine !== generation) {
      await opening.close();
      return { ok: false, failure: failure(told("tool-server-stopped")) };
    }
    link = opening;
    const opened = await opening.open(deps.startLimit);
    if (!opened.ok && opened.failure.problem.code === "tool-timeout") {
      return {
        ok: false,
        failure: failure(told("tool-start-timeout", deps.startLimit / 1_000), true),
      };
    }
    return !opened.ok || early === null ? opened : { ok: false, failure: early };
  };

  const begin = async (state: "starting" | "restarting"): Promise<void> => {
    const { mine, closed } = leave();
    set({
      state,
      error: state === "starting" ? null : status.error,
      restarts: status.restarts + (state === "restarting" ? 1 : 0),
    });
    cancelTimer = deps.timers.after(deps.limits.startIsSlow, () => {
      if (mine === generation) set({ error: failure(deps.slow) });
    });
    await closed;
    const opened = await open(mine);
    if (mine !== generation) return;
    if (!opened.ok) return fallen(opened.failure);
    cancelTimer();
    readySince = deps.clock.monotonic();
    set({ state: "ready", error: null, ...relisted(opened.value) });
  };

  const refresh = createRefresh({
    timers: deps.timers,
    pause: deps.limits.refreshPause,
    rest: deps.limits.refreshRest,
    async work() {
      const [mine, present] = [generation, link];
      if (present === null || status.state !== "ready") return;
      const listed = await present.list();
      if (mine !== generation) return;
      if (listed.ok) set(relisted(listed.value));
      else deps.serverLog.say(told("list-unread", listed.failure.problem));
    },
  });

  return {
    status: () => status,
    link: () => (status.state === "ready" ? link : null),
    start: () => void begin("starting"),
    async restart() {
      quick = 0;
      readySince = null;
      changes = [];
      status = { ...status, unsteady: false };
      await leave().closed;
      void begin("starting");
    },
    async stop() {
      const { closed } = leave();
      set({ state: "stopped", error: null });
      await closed;
    },
  };
};
