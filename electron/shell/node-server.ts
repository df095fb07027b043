/** The embedded sync server as a Node child process. Its log goes to its own file in the data folder. */
import { fork } from "node:child_process";
import type { ServerChild } from "./embedded-server.ts";
import { eachLine, openLogFile } from "./log-file.ts";
import { LOOSE_LEASH } from "./node-host.ts";

export const forkServer = (
  entry: string,
  log: string,
  args: string[],
  env: Record<string, string>,
  node: string = process.execPath,
): ServerChild => {
  const out = openLogFile(log);
  const child = fork(entry, args, {
    execPath: node,
    execArgv: ["--import", LOOSE_LEASH],
    env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [child.stdout, child.stderr]) eachLine(stream, out.write);
  return {
    onExit: (listener) => {
      child.once("exit", listener);
      child.once("error", () => child.exitCode === null && child.pid === undefined && listener());
    },
    stop: () => child.kill("SIGTERM"),
    kill: () => child.kill("SIGKILL"),
  };
};
