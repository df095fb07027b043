/**
 * The only sender of `tools/call`. It takes a permit, which only the gate mints, and checks again what the permit
 * binds: the launch of the server and the definition of the tool. A failure of a tool is a result, never an exception.
 *
 * Codes after which the call may have taken effect (`mayHaveRun`): the ledger must say "unknown" and never repeat it.
 */
import type { Code } from "#bridge/views.ts";
import type { Permit, ToolDef, ToolResult } from "../seams.ts";
import { readArgs } from "./args.ts";
import type { Link } from "./link.ts";
import { limits } from "./limits.ts";
import type { Rate } from "./rate.ts";
import { RawResult, resultText } from "./result-text.ts";

/** A server as it is at the moment of a call. */
export interface LiveServer {
  readonly name: string;
  readonly launch: string;
  /** Null unless ready. */
  readonly link: Link | null;
  readonly tools: readonly ToolDef[];
}

export interface RunCallDeps {
  readonly live: (wid: string, server: string) => LiveServer | null;
  readonly rate: Rate;
}

const UNKNOWN_EFFECT = new Set([
  "tool-canceled", "tool-timeout", "tool-output-too-large", "tool-server-exited", "tool-server-flooded", "tool-server-unreachable", "tool-server-forgot", "tool-server-stopped", "tool-answer-invalid",
]);
export const mayHaveRun = (code: string): boolean => UNKNOWN_EFFECT.has(code);

const failed = (error: Code): ToolResult => ({ ok: false, text: "", bytes: 0, truncated: false, error });
const refuse = (code: string, message: string): ToolResult => failed({ code, message });

export const createRunCall = (deps: RunCallDeps) => {
  const checked = (permit: Permit): { readonly link: Link; readonly args: Record<string, unknown> } | ToolResult => {
    const { wid, server, tool, args: argsText } = permit.call;
    const live = deps.live(wid, server);
    if (live === null) return refuse("tool-server-down", "This server is not in the workspace any more. Nothing was called.");
    if (live.launch !== permit.launch) return refuse("tool-changed", `The command of “${live.name}” was changed after this call was allowed. Nothing was called; ask again.`);
    if (live.link === null) return refuse("tool-server-down", `“${live.name}” is not running. Nothing was called; open Tools to see why, and ask again.`);
    const def = live.tools.find(({ name }) => name === tool);
    if (def?.schema !== permit.schema) return refuse("tool-changed", `The tool “${tool}” was changed by its server after this call was allowed. Nothing was called; ask again.`);
    const read = readArgs(argsText);
    if (!read.ok) return failed(read.error);
    const wait = deps.rate.take(`${wid}/${server}`);
    if (wait !== null) return refuse("tool-rate-limited", `“${live.name}” was called ${limits.callsPerMinute} times within a minute, which is the limit for one person. Nothing was called; wait ${wait} s.`);
    return { link: live.link, args: read.args };
  };

  return async (permit: Permit, signal: AbortSignal): Promise<ToolResult> => {
    if (signal.aborted) return refuse("tool-not-started", "Canceled before it started. Nothing was called.");
    const ready = checked(permit);
    if (!("link" in ready)) return ready;
    const params = { name: permit.call.tool, arguments: ready.args };
    const answer = await ready.link.request({ method: "tools/call", params }, RawResult, signal);
    if (answer.ok) return resultText(answer.value);
    if (signal.aborted) return refuse("tool-canceled", "Canceled while it ran. It may or may not have taken effect.");
    const { code, message } = answer.failure;
    return refuse(code, mayHaveRun(code) ? `${message} The call may or may not have taken effect.` : message);
  };
};
