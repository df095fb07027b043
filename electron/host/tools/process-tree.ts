/**
 * Starts a tool's process as the head of a process group of its own, and ends the whole group: servers are often
 * started by `npx` or `uv`, and ending only those would leave the server itself running for ever.
 */
import { spawn as spawnPlain, type ChildProcess } from "node:child_process";
import spawn from "cross-spawn";

export interface Tree {
  readonly child: ChildProcess;
  /** Ends the group, at first gently. Resolves when nothing of it is left, or all that is possible was done. */
  end(): Promise<void>;
}

const GENTLE_STDIN = 400;
const GENTLE_SIGNAL = 1_200;
const windows = process.platform === "win32";
const living = new Set<number>();

/** Signals the group; answers whether any of it is alive. */
const signal = (group: number, name: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-group, name);
    return true;
  } catch {
    // No process of the group is left.
    return false;
  }
};

const killTreeOnWindows = (pid: number): Promise<void> =>
  new Promise((resolve) => {
    const taskkill = `${process.env["SYSTEMROOT"] ?? "C:\\Windows"}\\System32\\taskkill.exe`;
    const killer = spawnPlain(taskkill, ["/PID", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true });
    killer.on("error", () => resolve());
    killer.on("exit", () => resolve());
  });

// The host may leave in a way that runs no cleanup; no group may outlive it then either.
const endAllNow = (): void => {
  for (const group of living) signal(group, "SIGKILL");
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Waits until `over()` or `ms` have gone by; answers `over()`. */
const waitFor = async (over: () => boolean, ms: number): Promise<boolean> => {
  for (let waited = 0; !over() && waited < ms; waited += 20) await pause(20);
  return over();
};

export const startTree = (command: string, args: readonly string[], env: Record<string, string>, cwd: string): Tree => {
  const child = spawn(command, [...args], {
    env,
    cwd,
    shell: false,
    detached: !windows,
    windowsHide: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const group = child.pid;
  if (group !== undefined && !windows) {
    if (living.size === 0) process.once("exit", endAllNow);
    living.add(group);
  }
  let ending: Promise<void> | null = null;

  const gone = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const empty = (): boolean => gone() && (windows || group === undefined || !signal(group, 0));

  const finish = async (): Promise<void> => {
    if (group === undefined) return;
    child.stdin?.end();
    await waitFor(gone, GENTLE_STDIN);
    if (windows) {
      if (!gone()) await killTreeOnWindows(group);
      return;
    }
    if (!empty()) signal(group, "SIGTERM");
    if (!(await waitFor(empty, GENTLE_SIGNAL))) signal(group, "SIGKILL");
    await waitFor(empty, GENTLE_SIGNAL);
    living.delete(group);
    if (living.size === 0) process.off("exit", endAllNow);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  };

  return { child, end: () => (ending ??= finish()) };
};
