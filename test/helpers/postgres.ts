/** A PostgreSQL of the test's own on a free loopback port, which can be stopped, killed and started again. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { freePort } from "../../electron/shell/free-port.ts";
import { randomId } from "./node-crypto.ts";
import { findEngine, program } from "./postgres-engine.ts";
import { PATIENCE_MS } from "./wait.ts";

export interface Postgres {
  /** Makes an empty database and answers its address. */
  database(): Promise<string>;
  query(url: string, text: string): Promise<Record<string, unknown>[]>;
  start(): Promise<void>;
  /** Ends all connections and stops. */
  stop(): Promise<void>;
  /** What a power cut leaves: nothing is said to anybody. */
  kill(): Promise<void>;
  /** Stops and removes everything. */
  remove(): Promise<void>;
}

/** How long a test waits for it to be ready: after a crash it flushes everything it has to a disk that may be busy. */
export const READY_MS = 300_000;
const SUPERUSER = "bulkhead";

const query = async (url: string, text: string, connectWithinMs = PATIENCE_MS): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectWithinMs });
  // A server that goes away says so twice: to the query and to the connection.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** A process that serves one connection outlives the one that started it by a moment, in which it may still commit. */
const childrenOf = (parent: number): number[] =>
  process.platform === "win32"
    ? []
    : execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
        .split("\n")
        .map((line) => line.trim().split(/\s+/).map(Number))
        .flatMap(([pid = 0, of]) => (of === parent ? [pid] : []));
const killNow = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
};

export const startPostgres = async (): Promise<Postgres> => {
  const engine = findEngine();
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-postgres-"));
  const data = join(folder, "data");
  const secret = join(folder, "password");
  const password = randomId();
  const port = await freePort();
  const urlOf = (database: string): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  writeFileSync(secret, password);
  if (engine.account !== undefined)
    for (const path of [folder, secret]) chownSync(path, engine.account.uid, engine.account.gid);
  const made = spawnSync(
    program(engine.bin, "initdb"),
    ["-D", data, "-U", SUPERUSER, "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync"],
    { ...engine.account, cwd: folder, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);

  let server: { readonly child: ChildProcess; readonly ended: Promise<void> } | undefined;
  const launch = (): void => {
    const flags = [
      "-D",
      data,
      "-p",
      String(port),
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      "unix_socket_directories=",
      "-c",
      "max_connections=200",
      "-c",
      "shared_buffers=16MB",
      "-c",
      "max_wal_size=64MB",
    ];
    const child = spawn(program(engine.bin, "postgres"), flags, { ...engine.account, cwd: folder, stdio: "ignore" });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
    const mine = { child, ended };
    server = mine;
    void ended.then(() => {
      if (server === mine) server = undefined;
    });
  };
  const start = async (): Promise<void> => {
    const until = Date.now() + READY_MS;
    for (;;) {
      // After a kill the first attempts may end at once: children of the old one still let go of its memory.
      if (server === undefined) launch();
      try {
        await query(urlOf("postgres"), "select 1", 2_000);
        return;
      } catch (error) {
        if (Date.now() > until) throw new Error("PostgreSQL did not become ready.", { cause: error });
      }
      await wait(50);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = server?.ended;
    server?.child.kill(signal);
    await ended;
  };
  const killAtExit = (): void => void server?.child.kill("SIGQUIT");
  process.once("exit", killAtExit);
  await start();
  let databases = 0;
  return {
    database: async () => {
      databases += 1;
      await query(urlOf("postgres"), `create database d${databases}`);
      return urlOf(`d${databases}`);
    },
    query,
    start,
    stop: () => end("SIGINT"),
    kill: async () => {
      const children = childrenOf(server?.child.pid ?? -1);
      await end("SIGKILL");
      for (const child of children) killNow(child);
    },
    remove: async () => {
      await end("SIGINT");
      process.off("exit", killAtExit);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      engine.remove();
    },
  };
};
