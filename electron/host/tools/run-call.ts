/**
 * The only sender of `tools/call`. It takes a permit, which only the gate mints, and checks again what the permit
 * binds: the launch of the server and the definition of the tool. A failure of a tool is a result, never an exception.
 *
 * After some codes the call may have taken effect (`mayHaveRun`): the ledger must say "unknown" and never repeat it.
 */
import { told, type Told, type ToldArgs, type ToldCode } from "#bridge/told.ts";
import type { Permit, ToolDef, ToolResult } from "../seams.ts";
import { readArgs } from "../json/args.ts";
import type { Answer, Link } from "./link.ts";
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
  /** Resolves when the server has another connection than this one, or none and is not on its way up, or the signal ends the wait. */
  readonly renewed: (wid: string, server: string, old: Link, signal: AbortSignal) => Promise<void>;
}

/** Ways to fail that leave open whether the call had begun. */
const OPEN = new Set([
  "tool-timeout",
  "tool-output-too-large",
  "tool-server-ended",
  "tool-server-exited",
  "tool-server-killed",
  "tool-server-flooded",
  "tool-server-unreachable",
  "tool-server-forgot",
  "tool-server-stopped",
  "tool-answer-invalid",
]);
export const mayHaveRun = (code: string): boolean => code === "tool-may-have-run" || code === "tool-canceled";

const failed = (error: Told): ToolResult => ({ ok: false, text: "", bytes: 0, truncated: false, error });
const refuse = <C extends ToldCode>(code: C, ...args: ToldArgs[C]): ToolResult => failed(told(code, ...args));

const FORGOTTEN = "tool-connection-forgotten";
const failedWith = (problem: Told, canceled: boolean): ToolResult => {
  // Answers of the server itself, or one that says that it never saw the call: nothing is in doubt.
  if (problem.code === FORGOTTEN) return refuse("tool-did-not-run", problem);
  if (problem.code === "tool-answer-too-large") return refuse("tool-ran-unread", problem);
  if (problem.code === "tool-protocol-error") return failed(problem);
  if (canceled) return refuse("tool-canceled");
  return OPEN.has(problem.code) ? refuse("tool-may-have-run", problem) : failed(problem);
};

interface Ready {
  readonly link: Link;
  readonly args: Record<string, unknown>;
}

export const createRunCall = (deps: RunCallDeps) => {
  const checked = (permit: Permit): Ready | ToolResult => {
    const { wid, server, tool, args: argsText } = permit.call;
    const live = deps.live(wid, server);
    if (live === null) return refuse("tool-server-removed");
    if (live.launch !== permit.launch) return refuse("tool-launch-changed", live.name);
    if (live.link === null) return refuse("tool-server-down", live.name);
    const def = live.tools.find(({ name }) => name === tool);
    if (def?.schema !== permit.schema) return refuse("tool-definition-changed", tool);
    const read = readArgs(argsText);
    if (!read.ok) return failed(read.error);
    return { link: live.link, args: read.args };
  };
  const tooOften = ({ call: { wid, server } }: Permit): ToolResult | null => {
    const wait = deps.rate.take(`${wid}/${server}`);
    const name = deps.live(wid, server)?.name ?? "";
    return wait === null ? null : refuse("tool-rate-limited", name, limits.callsPerMinute, wait);
  };
  const send = (permit: Permit, { link, args }: Ready, signal: AbortSignal): Promise<Answer<RawResult>> =>
    link.request({ method: "tools/call", params: { name: permit.call.tool, arguments: args } }, RawResult, signal);
  /**
   * A server that does not know the connection did nothing with the request: it is greeted anew and the call is sent
   * again, once, under the same permit and the same row of the ledger, after everything that the permit binds was checked again.
   */
  const sendAgain = async (
    permit: Permit,
    old: Ready,
    signal: AbortSignal,
  ): Promise<Answer<RawResult> | ToolResult> => {
    await deps.renewed(
      permit.call.wid,
      permit.call.server,
      old.link,
      AbortSignal.any([signal, AbortSignal.timeout(limits.start)]),
    );
    if (signal.aborted) return refuse("tool-not-taken");
    const again = checked(permit);
    if (!("link" in again)) return again;
    return again.link === old.link ? refuse("tool-not-greeted") : send(permit, again, signal);
  };

  return async (permit: Permit, signal: AbortSignal): Promise<ToolResult> => {
    if (signal.aborted) return refuse("tool-not-started");
    const ready = checked(permit);
    if (!("link" in ready)) return ready;
    const often = tooOften(permit);
    if (often !== null) return often;
    const first = await send(permit, ready, signal);
    const answer =
      !first.ok && first.failure.problem.code === FORGOTTEN ? await sendAgain(permit, ready, signal) : first;
    if ("text" in answer) return answer;
    return answer.ok ? resultText(answer.value) : failedWith(answer.failure.problem, signal.aborted);
  };
};
