/** Starts a server once to see its tools before anybody relies on it, and remembers them for the moment of adding. */
import { refusalOf, refused } from "#bridge/refused.ts";
import type { Effect } from "#bridge/policy.ts";
import type { Launch, ToolView } from "#bridge/tool.ts";
import type { Refusal } from "#core/facts/refusal.ts";
import { type ToolDef } from "../seams.ts";
import { connect, startPatience, type ConnectDeps } from "./connect.ts";
import { launchProblem } from "./launch-check.ts";
import { limits } from "./limits.ts";
import { createLink, type Listed } from "./link.ts";
import { launchHash } from "./schema-hash.ts";
import { checkValues } from "./secrets.ts";
import { createServerLog, type ServerLog } from "./server-log.ts";
import { told, type Told } from "#bridge/told.ts";

const REMEMBERED = 16;

/**
 * What a new tool gets unless the person chooses otherwise: what a call gets that no rule names. What a server says of its
 * tools is never a reason for more (T33).
 */
export const suggested = (unnamed: Effect): ToolFacts => ({
  effect: unnamed,
  rule: told("tool.suggested"),
  own: unnamed,
  overruledBy: null,
  change: null,
  accepted: [],
});

export type ToolFacts = Pick<ToolView, "effect" | "rule" | "own" | "overruledBy" | "change" | "accepted">;
export const toolView = (tool: ToolDef, facts: ToolFacts): ToolView => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: tool.inputSchema,
  readOnly: tool.readOnly,
  destructive: tool.destructive,
  ...facts,
});

/** Servers are asked for no more than twice what can be taken, so the number may be more. */
const tooMany = (count: number): Refusal =>
  refused("tool-too-many", Math.min(count, limits.tools * 2), count >= limits.tools * 2, limits.tools);

export const createProbe = (deps: ConnectDeps) => {
  /** Tools by launch hash, newest last. */
  const seen = new Map<string, readonly ToolDef[]>();
  /** What the last try in a workspace left out. */
  const left = new Map<string, readonly Told[]>();
  const logs = new Map<string, ServerLog>();
  const running = new Set<() => Promise<void>>();

  const remember = (hash: string, tools: readonly ToolDef[]): void => {
    seen.delete(hash);
    seen.set(hash, tools);
    for (const oldest of [...seen.keys()].slice(0, -REMEMBERED)) seen.delete(oldest);
  };

  const run = async (
    wid: string,
    launch: Launch,
    values: Readonly<Record<string, string>>,
  ): Promise<readonly ToolDef[]> => {
    const problem = launchProblem(launch);
    if (problem !== null) throw refusalOf(problem);
    checkValues(launch, values);
    if (running.size >= deps.limits.probes) throw refused("tool-probe-busy");
    const serverLog = createServerLog(deps.clock);
    logs.set(wid, serverLog);
    const wire = connect(deps, launch, values, serverLog);
    if (!wire.ok) throw refusalOf(wire.failure.problem);
    let listed: Listed = { count: 0, left: [] };
    const link = createLink({
      wire: wire.value,
      serverLog,
      limits: deps.limits,
      onEnd: () => undefined,
      onListChanged: () => undefined,
      onListed: (of) => void (listed = of),
    });
    running.add(link.close);
    try {
      const opened = await link.open(startPatience(launch).limit);
      if (!opened.ok) throw refusalOf(opened.failure.problem);
      if (listed.count > limits.tools) throw tooMany(listed.count);
      left.set(wid, listed.left);
      remember(launchHash(launch), opened.value);
      return opened.value;
    } finally {
      running.delete(link.close);
      await link.close();
    }
  };

  return {
    /** Throws `Refusal` with the reason why the server did not get ready. */
    run,
    /** The tools of the last successful try of exactly this launch, or a new try. */
    toolsOf: async (
      wid: string,
      launch: Launch,
      values: Readonly<Record<string, string>>,
    ): Promise<readonly ToolDef[]> => seen.get(launchHash(launch)) ?? (await run(wid, launch, values)),
    /** Each tool that the last successful try in this workspace left out. */
    left: (wid: string): readonly Told[] => left.get(wid) ?? [],
    /** What the server of the last try in this workspace wrote. */
    log: (wid: string): string[] => logs.get(wid)?.lines() ?? [],
    close: async (): Promise<void> => void (await Promise.all([...running].map((close) => close()))),
  };
};
export type Probe = ReturnType<typeof createProbe>;
