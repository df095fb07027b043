/**
 * The only sender of `tools/call`. It takes a permit, which only the gate mints, and checks again what the permit
 * binds: the launch of the server and the definition of the tool. A failure of a tool is a result, never an exception.
 *
 * Codes after which the call may have taken effect (`mayHaveRun`): the ledger must say "unknown" and never repeat it.
 */
import { factWords } from "#text/facts.ts";
import type { Code } from "#bridge/answer.ts";
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

const UNKNOWN_EFFECT = new Set([
  "tool-canceled",
  "tool-timeout",
  "tool-output-too-large",
  "tool-server-exited",
  "tool-server-flooded",
  "tool-server-unreachable",
  "tool-server-forgot",
  "tool-server-stopped",
  "tool-answer-invalid",
]);
export const mayHaveRun = (code: string): boolean => UNKNOWN_EFFECT.has(code);

const failed = (error: Code): ToolResult => ({ ok: false, text: "", bytes: 0, truncated: false, error });
const refuse = (code: string, message: string): ToolResult => failed({ code, message });

/** Answers of the server itself, or words that it never saw the call: nothing is in doubt. */
const FORGOTTEN = "tool-connection-forgotten";
const AFTER: Readonly<Record<string, string>> = {
  [FORGOTTEN]: " Nothing was called.",
  "tool-result-too-large": " The call was made and is over; do not make it again for the same. Ask the tool for less.",
};
const failedWith = (problem: Code, canceled: boolean): ToolResult => {
  const { code } = problem;
  const certain = AFTER[code] ?? (code === "tool-protocol-error" ? "" : null);
  if (certain === null && canceled)
    return refuse("tool-canceled", "Canceled while it ran. It may or may not have taken effect.");
  return refuse(
    code,
    factWords(problem) + (certain ?? (mayHaveRun(code) ? " The call may or may not have taken effect." : "")),
  );
};

interface Ready {
  readonly link: Link;
  readonly args: Record<string, unknown>;
}

export const createRunCall = (deps: RunCallDeps) => {
  const checked = (permit: Permit): Ready | ToolResult => {
    const { wid, server, tool, args: argsText } = permit.call;
    const live = deps.live(wid, server);
    if (live === null)
      return refuse("tool-server-down", "This server is not in the workspace any more. Nothing was called.");
    if (live.launch !== permit.launch)
      return refuse(
        "tool-changed",
        `The command of “${live.name}” was changed after this call was allowed. Nothing was called; ask again.`,
      );
    if (live.link === null)
      return refuse(
        "tool-server-down",
        `“${live.name}” is not running. Nothing was called; open Tools to see why, and ask again.`,
      );
    const def = live.tools.find(({ name }) => name === tool);
    if (def?.schema !== permit.schema)
      return refuse(
        "tool-changed",
        `The tool “${tool}” was changed by its server after this call was allowed. Nothing was called; ask again.`,
      );
    const read = readArgs(argsText);
    if (!read.ok) return failed(read.error);
    return { link: live.link, args: read.args };
  };
  const tooOften = ({ call: { wid, server } }: Permit): ToolResult | null => {
    const wait = deps.rate.take(`${wid}/${server}`);
    const name = deps.live(wid, server)?.name ?? "";
    return wait === null
      ? null
      : refuse(
          "tool-rate-limited",
          `“${name}” was called ${limits.callsPerMinute} times within a minute, which is the limit for one person. Nothing was called; wait ${wait} s.`,
        );
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
    if (signal.aborted)
      return refuse("tool-not-started", "Canceled before the server had taken it. Nothing was called.");
    const again = checked(permit);
    if (!("link" in again)) return again;
    return again.link === old.link
      ? refuse(FORGOTTEN, "The server no longer knows this connection, and no new one came to be. Nothing was called.")
      : send(permit, again, signal);
  };

  return async (permit: Permit, signal: AbortSignal): Promise<ToolResult> => {
    if (signal.aborted) return refuse("tool-not-started", "Canceled before it started. Nothing was called.");
    const ready = checked(permit);
    if (!("link" in ready)) return ready;
    const often = tooOften(permit);
    if (often !== null) return often;
    const first = await send(permit, ready, signal);
    const answer = !first.ok && first.failure.code === FORGOTTEN ? await sendAgain(permit, ready, signal) : first;
    if ("text" in answer) return answer;
    return answer.ok ? resultText(answer.value) : failedWith(answer.failure, signal.aborted);
  };
};
