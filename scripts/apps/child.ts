/** A child process of ours: its output is kept, and it always ends with us. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { ROOT } from "../check/step.ts";

export interface Child {
  readonly pid: number;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Resolves with the first match in the output; rejects when the process ends or `ms` pass before. */
  line(pattern: RegExp, ms?: number): Promise<RegExpExecArray>;
  exited(): boolean;
  /** Asks it to end, insists after a while; resolves when it is gone. */
  stop(): Promise<void>;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Past the slowness of any machine: who is ended sooner may still have had something to keep. */
const STOP_MS = 60_000;
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export const startChild = (
  name: string,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Child => {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let text = "";
  let over = false;
  const waiting = new Set<() => void>();
  const heard = () => {
    for (const look of waiting) look();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      heard();
    });
  }
  const gone = new Promise<void>((done) => {
    child.once("close", () => {
      over = true;
      running.delete(child);
      done();
      heard();
    });
  });
  const exited = () => child.exitCode !== null || child.signalCode !== null;

  const line = (pattern: RegExp, ms = 60_000): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        waiting.delete(look);
        settle();
      };
      const look = () => {
        const found = pattern.exec(text);
        if (found !== null) end(() => resolve(found));
        // Not as soon as it exited: what it printed last may still be in the pipe.
        else if (over) end(() => reject(new Error(`${name} ended before it was ready:\n${text}`)));
      };
      const timer = setTimeout(
        () => end(() => reject(new Error(`${name} did not print ${pattern} within ${ms} ms:\n${text}`))),
        ms,
      );
      waiting.add(look);
      look();
    });

  const stop = async () => {
    if (!exited()) child.kill("SIGTERM");
    const patience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await gone;
    clearTimeout(patience);
  };
  const kill = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  return { pid: child.pid ?? -1, output: () => text, line, exited, stop, kill };
};
