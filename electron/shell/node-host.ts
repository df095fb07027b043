/** The agent host as a Node child process: for the browser shell, and for an Electron too old to start it itself. */
import { fork } from "node:child_process";
import type { HostChild } from "./host-process.ts";
import { passOn } from "./log-file.ts";

const leash = (more: string): string =>
  `data:text/javascript,${encodeURIComponent(`process.once("disconnect",()=>{setTimeout(()=>process.exit(1),5000).unref();process.kill(process.pid,"SIGTERM")});process.on("SIGUSR1",()=>{});${more}`)}`;
/**
 * Loaded before a child's own code: ends the child when its parent died without a word, so that nothing is left running,
 * and takes the signal by which Node opens a debugger to every account of the computer.
 */
export const LEASH = leash("");
/** For a child that never listens to its parent: the leash must not be what keeps it from ending by itself. */
export const LOOSE_LEASH = leash("process.channel.unref();");

/** `node` is the Node that runs the host: Node 24, whatever runs the shell. `onLine` hears its log, which is also passed on. */
export const forkHost = (
  entry: string,
  env: Record<string, string>,
  onLine: (line: string) => void,
  node: string = process.execPath,
): HostChild => {
  const child = fork(entry, [], {
    execPath: node,
    execArgv: ["--import", LEASH],
    env,
    serialization: "json",
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  passOn(child.stderr, onLine);
  return {
    post: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => child.on("message", listener),
    onExit: (listener) => {
      let told = false;
      const tell = () => {
        if (!told) listener();
        told = true;
      };
      child.once("exit", tell);
      // `error` without `exit`: the child could not be started at all.
      child.once("error", tell);
    },
    kill: () => child.kill("SIGKILL"),
  };
};
