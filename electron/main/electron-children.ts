/** Host and sync server as Electron's utility processes. They end with the app, however it ends. */
import type { ElectronApi, MessagePortMain } from "./electron-api.ts";
import type { ServerChild } from "../shell/embedded-server.ts";
import type { HostChild } from "../shell/host-process.ts";
import { eachLine, openLogFile, passOn } from "../shell/log-file.ts";
import { desktopWords } from "#text/shells.ts";

type UtilityProcessApi = ElectronApi["utilityProcess"];

export const utilityHost = (
  utilityProcess: UtilityProcessApi,
  entry: string,
  env: Record<string, string>,
  onLine: (line: string) => void,
): HostChild => {
  const child = utilityProcess.fork(entry, [], {
    env,
    stdio: ["ignore", "inherit", "pipe"],
    serviceName: desktopWords.host,
  });
  passOn(child.stderr, onLine);
  return {
    post: (message, port) => child.postMessage(message, port === undefined ? [] : [port as MessagePortMain]),
    onMessage: (listener) => child.on("message", listener),
    onExit: (listener) => child.once("exit", listener),
    kill: () => kill(child.pid),
  };
};

export const utilityServer = (
  utilityProcess: UtilityProcessApi,
  entry: string,
  log: string,
  args: string[],
  env: Record<string, string>,
): ServerChild => {
  const child = utilityProcess.fork(entry, args, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    serviceName: desktopWords.server,
  });
  const out = openLogFile(log);
  for (const stream of [child.stdout, child.stderr]) eachLine(stream, out.write);
  return {
    onExit: (listener) => child.once("exit", listener),
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
