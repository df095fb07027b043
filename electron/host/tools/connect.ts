/** From a launch and its values to a connection that is not yet open. */
import { told, type Told } from "#bridge/told.ts";
import type { Launch } from "#bridge/tool.ts";
import type { Clock } from "#client/ports/clock.ts";
import { toolEnvironment } from "./env.ts";
import { fillLaunch, hiddenOf } from "./fill.ts";
import { createHttpWire } from "./http.ts";
import { limits, type Limits } from "./limits.ts";
import type { Answer } from "./link.ts";
import type { ServerLog } from "./server-log.ts";
import { createStdioWire } from "./stdio.ts";
import type { Wire } from "./wire.ts";

export interface ConnectDeps {
  readonly clock: Pick<Clock, "monotonic">;
  readonly limits: Limits;
}

export const connect = (
  deps: ConnectDeps,
  launch: Launch,
  values: Readonly<Record<string, string>>,
  serverLog: ServerLog,
): Answer<Wire> => {
  serverLog.hide(hiddenOf(launch, values));
  const filled = fillLaunch(launch, values);
  if (!filled.ok) return filled;
  if (filled.value.kind === "http")
    return { ok: true, value: createHttpWire({ ...filled.value, limits: deps.limits }) };
  const env = toolEnvironment(launch.kind === "stdio" ? launch.env : [], values, process.env, process.platform);
  return {
    ok: true,
    value: createStdioWire({ launch: filled.value, env, serverLog, clock: deps.clock, limits: deps.limits }),
  };
};

const DOWNLOADERS = /^(npx|bunx|uvx|uv|pipx|pnpm|yarn|npm|bun|deno|docker|podman)(\.(cmd|exe|ps1))?$/i;
const programOf = (launch: Launch): string =>
  launch.kind === "stdio" ? (launch.command.split(/[\\/]/).pop() ?? "") : "";

/** How long this launch may take to get ready, ms, and what to say while it takes long. */
export const startPatience = (launch: Launch): { readonly limit: number; readonly slow: Told } => {
  const program = programOf(launch);
  if (!DOWNLOADERS.test(program))
    return { limit: limits.start, slow: told("tool-starting-slow", limits.start / 1_000) };
  return {
    limit: limits.startWithDownload,
    slow: told("tool-starting-downloads", program, limits.startWithDownload / 60_000),
  };
};
