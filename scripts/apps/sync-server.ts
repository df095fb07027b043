/** Starts the real sync server as a process of its own, on a port that stays the same when it is started again. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../electron/shell/free-port.ts";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";

export interface SyncServer {
  readonly port: number;
  /** Address of the server itself, e.g. `http://127.0.0.1:4700`. */
  readonly url: string;
  readonly dataDir: string;
  child(): Child;
  /** Everything that any of its lives printed. */
  output(): string;
  /** `kill -9`, then a new process on the same port and data. */
  crash(): Promise<void>;
  down(): Promise<void>;
  up(): Promise<void>;
}

export interface SyncServerOptions {
  readonly dataDir: string;
  readonly port?: number;
  /** More words for its command line. */
  readonly args?: readonly string[];
}

export const startSyncServer = async (options: SyncServerOptions): Promise<SyncServer> => {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const before: string[] = [];
  await firstStore(options.dataDir);
  let child = await begin();

  async function begin(): Promise<Child> {
    const started = startChild("sync server", "sync-server/main.ts", [
      "--port",
      String(port),
      "--data",
      options.dataDir,
      ...(options.args ?? []),
    ]);
    await healthy(started, url).catch(async (error: unknown) => {
      await started.kill();
      throw error;
    });
    return started;
  }
  const end = async (how: (child: Child) => Promise<void>) => {
    before.push(child.output());
    await how(child);
  };
  const up = async () => {
    child = await begin();
  };
  return {
    port,
    url,
    dataDir: options.dataDir,
    child: () => child,
    output: () => before.join("") + child.output(),
    crash: async () => {
      await end((one) => one.kill());
      await up();
    },
    down: () => end((one) => one.stop()),
    up,
  };
};

/** As whoever runs a server does it once: an empty folder is served by nobody. */
const firstStore = async (dataDir: string): Promise<void> => {
  if (existsSync(join(dataDir, "workspaces.sqlite"))) return;
  const making = startChild("new store", "sync-server/main.ts", ["--data", dataDir, "--new-store"]);
  await making.line(/"store-made"/);
  await making.stop();
};

const healthy = async (child: Child, url: string): Promise<void> => {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (child.exited()) throw new Error(`The sync server ended before it was ready:\n${child.output()}`);
    // Not listening yet.
    const response = await fetch(`${url}/healthz`).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`The sync server does not answer at ${url}:\n${child.output()}`);
};
