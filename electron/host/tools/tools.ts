/** The tools room, put together. Nothing outside this folder starts a tool process or speaks to a server. */
import { told } from "#bridge/told.ts";
import type { Launch, ServerView } from "#bridge/tool.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { type Clock } from "#client/ports/clock.ts";
import { type Publisher, type Shell, type ToolDef, type Tools, type Workspaces } from "../seams.ts";
import type { DefinitionStore } from "../store/definitions.ts";
import type { ToolServerStore } from "../store/tool-servers.ts";
import { connect, startPatience } from "./connect.ts";
import { createServerControl, type ServerControl } from "./control.ts";
import { limits as usualLimits, systemTimers, type Limits, type Timers } from "./limits.ts";
import { createProbe } from "./probe.ts";
import { createRate } from "./rate.ts";
import { createRunCall, type RunCallDeps } from "./run-call.ts";
import { createRunner, type Runner } from "./runner.ts";
import { openValues } from "./secrets.ts";
import type { ServerLog } from "./server-log.ts";
import { createServers, type Place } from "./servers.ts";
import { createSteadiness } from "./steadiness.ts";
import { createServerViews } from "./views.ts";
import { failure } from "./wire.ts";

export interface ToolsDeps {
  readonly store: ToolServerStore;
  readonly definitions: DefinitionStore;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly workspaces: () => Workspaces;
  readonly publisher: Publisher;
  /** Ids, states and codes only. */
  readonly log: (event: string, fields: Record<string, string | number>) => void;
  readonly timers?: Timers;
  readonly random?: () => number;
  readonly limits?: Partial<Limits>;
}

export interface ToolRoom extends Tools {
  readonly control: ServerControl;
  readonly views: (wid: string) => ServerView[];
  /** Resolves when the server is not on its way up any more: it is ready, failed, in review, or gone. */
  settled(wid: string, server: string): Promise<void>;
}

const UNREADABLE = failure(told("tool-secret-unreadable"), true);

export const createTools = (deps: ToolsDeps): ToolRoom => {
  const limits: Limits = { ...usualLimits, ...deps.limits };
  const { store, shell, clock, workspaces } = deps;
  const listeners = new Set<(wid: string) => void>();

  const steadiness = createSteadiness(deps.definitions, clock);
  /** A disk that refuses costs the text to compare with later; what the tool says now is still judged. */
  const keepSeen = (wid: string, server: string, tools: readonly ToolDef[]): void => {
    try {
      steadiness.saw(wid, server, tools);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      deps.log("tool-seen-unkept", { wid, server, code: error.code });
    }
  };
  const isUnsteady = (wid: string, server: string, tool: string): boolean =>
    steadiness.isUnsteady(wid, server, tool) || servers.unsteady(wid, server);

  const changed = (wid: string, server: string): void => {
    const facts = servers.facts(wid).find(({ entry }) => entry.id === server);
    if (facts?.state === "ready") keepSeen(wid, server, facts.tools);
    deps.log("tool-server", { wid, server, state: facts?.state ?? "gone", code: facts?.error?.code ?? "" });
    deps.publisher.publish("tools", wid);
    for (const listener of listeners) listener(wid);
  };

  const makeRunner = ({ wid, server }: Place, launch: Launch, serverLog: ServerLog, onChange: () => void): Runner => {
    const patience = startPatience(launch);
    const open = async () => {
      // The server's row says that its values cannot be read.
      const values = await openValues(shell, store.values(wid, server)).catch(() => null);
      return values === null
        ? ({ ok: false, failure: UNREADABLE } as const)
        : connect({ clock, limits }, launch, values, serverLog);
    };
    const startLimit = Math.min(patience.limit, deps.limits?.start ?? patience.limit);
    return createRunner({
      connect: open,
      startLimit,
      slow: patience.slow,
      serverLog,
      limits,
      clock,
      timers: deps.timers ?? systemTimers,
      random: deps.random ?? Math.random,
      onChange,
    });
  };

  const servers = createServers({ store, clock, makeRunner, onChange: changed });
  const probe = createProbe({ clock, limits });
  const renewed: RunCallDeps["renewed"] = async (wid, server, old, signal) => {
    const same = (): boolean => servers.live(wid, server)?.link === old || rising(wid, server);
    while (same() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const off = onChange(() => (off(), resolve()));
        signal.addEventListener("abort", () => (off(), resolve()), { once: true });
      });
    }
  };
  const runCall = createRunCall({ live: servers.live, rate: createRate(limits.callsPerMinute, clock), renewed });

  const onChange = (listener: (wid: string) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const rising = (wid: string, server: string): boolean =>
    servers
      .facts(wid)
      .some(({ entry, state }) => entry.id === server && (state === "starting" || state === "restarting"));

  return {
    setCatalogue: servers.setCatalogue,
    ready: (wid) =>
      servers.ids(wid).flatMap((server) => {
        const live = servers.live(wid, server);
        return live?.link ? [{ server, name: live.name, launch: live.launch, tools: live.tools }] : [];
      }),
    find(wid, server, tool) {
      const live = servers.live(wid, server);
      const def = live?.tools.find(({ name }) => name === tool);
      return live === null || def === undefined
        ? null
        : { launch: live.launch, def, unsteady: isUnsteady(wid, server, tool) };
    },
    run: runCall,
    onChange,
    async settled(wid, server) {
      if (!rising(wid, server)) return;
      await new Promise<void>((resolve) => {
        const off = onChange(() => {
          if (rising(wid, server)) return;
          off();
          resolve();
        });
      });
    },
    control: createServerControl({ store, shell, clock, workspaces, servers, probe }),
    views: createServerViews({ servers, store, definitions: deps.definitions, isUnsteady, workspaces }),
    async close() {
      await Promise.all([servers.close(), probe.close()]);
    },
  };
};
