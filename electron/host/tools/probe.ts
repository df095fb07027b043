/** Starts a server once to see its tools before anybody relies on it, and remembers them for the moment of adding. */
import type { Effect, Launch, ToolView } from "#bridge/views.ts";
import { Refusal, type ToolDef } from "../seams.ts";
import { connect, startPatience, type ConnectDeps } from "./connect.ts";
import { launchProblem } from "./launch-check.ts";
import { createLink } from "./link.ts";
import { launchHash } from "./schema-hash.ts";
import { checkValues } from "./secrets.ts";
import { createServerLog, type ServerLog } from "./server-log.ts";

const REMEMBERED = 16;

/**
 * What a new tool gets unless the person chooses otherwise: what a call gets that no rule names. What a server says of its
 * tools is never a reason for more (T33).
 */
export const suggested = (unnamed: Effect): ToolFacts => ({ effect: unnamed, rule: "Suggested: what a call gets that no rule names. Choose more or less for each tool.", change: null, accepted: [] });

export type ToolFacts = Pick<ToolView, "effect" | "rule" | "change" | "accepted">;
export const toolView = (tool: ToolDef, facts: ToolFacts): ToolView => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: tool.inputSchema,
  readOnly: tool.readOnly,
  destructive: tool.destructive,
  ...facts,
});

export const createProbe = (deps: ConnectDeps) => {
  /** Tools by launch hash, newest last. */
  const seen = new Map<string, readonly ToolDef[]>();
  const logs = new Map<string, ServerLog>();
  const running = new Set<() => Promise<void>>();

  const remember = (hash: string, tools: readonly ToolDef[]): void => {
    seen.delete(hash);
    seen.set(hash, tools);
    for (const oldest of [...seen.keys()].slice(0, -REMEMBERED)) seen.delete(oldest);
  };

  const run = async (wid: string, launch: Launch, values: Readonly<Record<string, string>>): Promise<readonly ToolDef[]> => {
    const problem = launchProblem(launch);
    if (problem !== null) throw new Refusal(problem.code, problem.message);
    checkValues(launch, values);
    if (running.size >= deps.limits.probes) throw new Refusal("tool-probe-busy", "Several servers are being tried already. Wait until one has answered.");
    const serverLog = createServerLog(deps.clock);
    logs.set(wid, serverLog);
    const wire = connect(deps, launch, values, serverLog);
    if (!wire.ok) throw new Refusal(wire.failure.code, wire.failure.message);
    const link = createLink({ wire: wire.value, serverLog, limits: deps.limits, onEnd: () => undefined, onListChanged: () => undefined });
    running.add(link.close);
    try {
      const opened = await link.open(startPatience(launch).limit);
      if (!opened.ok) throw new Refusal(opened.failure.code, opened.failure.message);
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
    toolsOf: async (wid: string, launch: Launch, values: Readonly<Record<string, string>>): Promise<readonly ToolDef[]> => seen.get(launchHash(launch)) ?? (await run(wid, launch, values)),
    /** What the server of the last try in this workspace wrote. */
    log: (wid: string): string[] => logs.get(wid)?.lines() ?? [],
    close: async (): Promise<void> => void (await Promise.all([...running].map((close) => close()))),
  };
};
export type Probe = ReturnType<typeof createProbe>;
