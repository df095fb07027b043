/**
 * The log of this computer: one JSON line an event, of the shell itself and of what its host says. Fields come from a
 * closed list and errors without their message (`fault.ts`), so that it can be shown and handed on.
 */
import { z } from "zod";
import { faultOf, frameOf, FRAMES_MAX } from "#core/facts/fault.ts";
import type { Fault } from "#core/facts/fault.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { json } from "#core/protocol/parse.ts";
import { VERSION } from "#bridge/version.ts";
import type { LogFile } from "./log-file.ts";

export interface ShellLog {
  /** `what` names a method or step of ours. */
  fault(event: string, error: unknown, what?: string): void;
  note(event: string, what?: string): void;
  /** A line that the host wrote to its standard error. */
  hostLine(line: string): void;
}

const word = z.string().regex(/^[\w.:/() -]{1,80}$/);
const HostLine = z.object({
  at: z.number(),
  event: word,
  what: word.optional(),
  code: word.optional(),
  count: z.number().optional(),
  ms: z.number().optional(),
  frames: z.array(z.string()).max(64).optional(),
});

export const createShellLog = (file: LogFile, shell: "main" | "browser-shell", now: () => number): ShellLog => {
  const write = (time: number, process: string, event: string, more: Record<string, unknown>) =>
    file.write(JSON.stringify({ time: new Date(time).toISOString(), process, version: VERSION, event, ...more }));
  const whatOf = (what: string | undefined) =>
    what === undefined ? {} : { what: word.safeParse(what).success ? what : "(withheld)" };
  return {
    fault: (event, error, what) =>
      write(now(), shell, event, {
        ...whatOf(what),
        error: error instanceof Refusal ? ({ ...faultOf(error), code: error.code } satisfies Fault) : faultOf(error),
      }),
    note: (event, what) => write(now(), shell, event, whatOf(what)),
    hostLine: (line) => {
      const said = HostLine.safeParse(json(line));
      // A crash of Node itself, or a warning: it can quote anything.
      if (!said.success) return line.trim() === "" ? undefined : write(now(), "host", "output.withheld", {});
      const { at, event, what, code, count, ms, frames } = said.data;
      const stack = frames?.flatMap((frame) => frameOf(frame) ?? []).slice(0, FRAMES_MAX);
      write(at, event.startsWith("window.") ? "window" : "host", event, {
        what,
        count,
        ms,
        ...(stack === undefined ? { code } : { error: { name: code, stack } }),
      });
    },
  };
};
