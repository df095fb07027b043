/** The agent host as a Node child process: for the browser shell, and for an Electron too old to start it itself. */
import { fork } from "node:child_process";
import type { HostChild } from "./host-process.ts";

/**
 * Ends a child whose parent died without a word, so that nothing is left running. It comes before the child's own code,
 * which then needs no care for it.
 */
export const LEASH = `data:text/javascript,${encodeURIComponent('process.once("disconnect",()=>{setTimeout(()=>process.exit(1),5000).unref();process.kill(process.pid,"SIGTERM")});process.channel?.unref();')}`;

/** `node` is the Node that runs the host: Node 24, whatever runs the shell. */
export const forkHost = (entry: string, env: Record<string, string>, node: string = process.execPath): HostChild => {
  const child = fork(entry, [], { execPath: node, execArgv: ["--import", LEASH], env, serialization: "json", stdio: ["ignore", "inherit", "inherit", "ipc"] });
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
