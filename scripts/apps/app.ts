/** One person's app: the browser shell and, under it, the agent host, as real processes on a data folder of their own. */
import { execFileSync } from "node:child_process";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { isAlive } from "./processes.ts";
import { connect } from "./rpc-client.ts";
import type { RpcClient } from "./rpc-client.ts";

export interface App {
  readonly dataDir: string;
  /** A fresh one-time address that opens this app in a browser. */
  address(): Promise<string>;
  /** A window without a page. */
  client(): Promise<RpcClient>;
  child(): Child;
  output(): string;
  /** Process id of the agent host now, or `null` between two lives. */
  hostPid(): number | null;
  /** `kill -9` of the agent host alone; the shell starts it again. */
  killHost(): void;
  /** `kill -9` of shell and host, as when the power goes. */
  crash(): Promise<void>;
  stop(): Promise<void>;
  /** Starts again on the same data, optionally as the operating system does when a link is clicked. */
  start(link?: string): Promise<void>;
}

export interface AppOptions {
  readonly dataDir: string;
  readonly env?: Record<string, string>;
  readonly link?: string;
}

const SHELL = "electron/browser-shell/main.ts";
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/\S*#\S*token=[\w.~-]+(?=\s)/;
const SETTLED = /"ready":(true|false)/;

export const startApp = async (options: AppOptions): Promise<App> => {
  const before: string[] = [];
  let child: Child;
  let unused: string | null = null;

  const launch = (link?: string): Child =>
    startChild("app", SHELL, ["--no-open", "--data", options.dataDir, ...(link === undefined ? [] : [link])], {
      BULKHEAD_ANNOUNCE: "1",
      ...options.env,
    });
  const start = async (link?: string) => {
    child = launch(link);
    try {
      unused = (await child.line(ADDRESS))[0];
      const [, ready] = await child.line(SETTLED, 60_000);
      if (ready !== "true") throw new Error(`The agent host did not start:\n${child.output()}`);
    } catch (error) {
      await child.kill();
      throw error;
    }
  };
  /** A second start on the same data hands over to the first, which answers with a new address. */
  const another = async (): Promise<string> => {
    const second = launch();
    const [found] = await second.line(ADDRESS);
    await second.stop();
    return found;
  };
  const address = async () => {
    const first = unused;
    unused = null;
    return first ?? another();
  };
  const hostPid = () => hostOf(child.pid);
  const end = async (how: () => Promise<void>) => {
    before.push(child.output());
    await how();
  };
  const crash = () =>
    end(async () => {
      const host = hostPid();
      await child.kill();
      if (host === null) return;
      endProcess(host);
      // A process that waits for the disk ends when the disk answers, and holds its folder until then.
      while (isAlive(host)) await new Promise((done) => setTimeout(done, 20));
    });

  await start(options.link);
  return {
    dataDir: options.dataDir,
    address,
    client: async () => connect(await address()),
    child: () => child,
    output: () => before.join("") + child.output(),
    hostPid,
    killHost: () => {
      const host = hostPid();
      if (host === null) throw new Error("The agent host is not running.");
      endProcess(host);
    },
    crash,
    stop: () => end(() => child.stop()),
    start,
  };
};

/** The agent host is the child of the shell that runs the host's own file. */
const hostOf = (shell: number): number | null => {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  for (const line of list.split("\n")) {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(parent) === shell && args !== undefined && /electron[/\\]host[/\\]main\.ts/.test(args))
      return Number(pid);
  }
  return null;
};

const endProcess = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
};
