/** The embedded sync server as a Node child process. Its log goes to its own file beside its database. */
import { fork } from "node:child_process";
import { closeSync, mkdirSync, openSync, statSync, truncateSync } from "node:fs";
import { dirname } from "node:path";
import type { ServerChild } from "./embedded-server.ts";
import { LOOSE_LEASH } from "./node-host.ts";

const LOG_MAX_BYTES = 8 * 1024 * 1024;

export const forkServer = (entry: string, log: string, args: string[], env: Record<string, string>, node: string = process.execPath): ServerChild => {
  const out = openLog(log);
  const child = fork(entry, args, { execPath: node, execArgv: ["--import", LOOSE_LEASH], env, stdio: ["ignore", out, out, "ipc"] });
  closeSync(out);
  return {
    onExit: (listener) => {
      child.once("exit", listener);
      child.once("error", () => child.exitCode === null && child.pid === undefined && listener());
    },
    stop: () => child.kill("SIGTERM"),
    kill: () => child.kill("SIGKILL"),
  };
};

const openLog = (path: string): number => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_MAX_BYTES) truncateSync(path);
  return openSync(path, "a", 0o600);
};
