/** Host and sync server as Electron's utility processes. They end with the app, however it ends. */
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { ElectronApi, MessagePortMain } from "./electron-api.ts";
import type { ServerChild } from "./embedded-server.ts";
import type { HostChild } from "./host-process.ts";

type UtilityProcessApi = ElectronApi["utilityProcess"];

export const utilityHost = (utilityProcess: UtilityProcessApi, entry: string, env: Record<string, string>): HostChild => {
  const child = utilityProcess.fork(entry, [], { env, stdio: "inherit", serviceName: "Bulkhead host" });
  return {
    post: (message, port) => child.postMessage(message, port === undefined ? [] : [port as MessagePortMain]),
    onMessage: (listener) => child.on("message", listener),
    onExit: (listener) => child.once("exit", listener),
    kill: () => kill(child.pid),
  };
};

export const utilityServer = (utilityProcess: UtilityProcessApi, entry: string, log: string, args: string[], env: Record<string, string>): ServerChild => {
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  const child = utilityProcess.fork(entry, args, { env, stdio: ["ignore", "pipe", "pipe"], serviceName: "Bulkhead sync server" });
  const out = createWriteStream(log, { flags: "a", mode: 0o600 });
  // A full disk must not end the app over a line of the log.
  out.on("error", () => undefined);
  child.stdout?.pipe(out, { end: false });
  child.stderr?.pipe(out, { end: false });
  return {
    onExit: (listener) =>
      child.once("exit", () => {
        out.end();
        listener();
      }),
    stop: () => child.kill(),
    kill: () => kill(child.pid),
  };
};

const kill = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
};
