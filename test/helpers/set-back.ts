/** A server whose store is copied and put back, with everything that happened in between lost. Ends with the test. */
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { RecoveryNumbers } from "../../sync-server/server/connections/recovery.ts";
import { startServer } from "../../sync-server/server/server.ts";
import type { RunningServer } from "../../sync-server/server/server.ts";
import { openPostgresStore } from "../../sync-server/server/store/postgres-store.ts";
import { BACKUP, FILE, openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import type { ChainStore } from "../../sync-server/server/store/store.ts";
import { freePort } from "../../electron/shell/free-port.ts";
import type { App } from "./app.ts";
import type { Postgres } from "./postgres.ts";
import { tempDir } from "./temp.ts";
import { until } from "./wait.ts";

export interface KeptServer {
  readonly url: string;
  /** What it logged, a line each. */
  readonly lines: string[];
  stop(): Promise<void>;
  start(): Promise<void>;
  /** A copy of everything that is there now. */
  copy(): Promise<void>;
  /** Stops, puts the copy back, and starts again. `before` runs while nothing serves. */
  setBack(before?: () => Promise<void>): Promise<void>;
  /** Entries of a document as they are stored now. */
  stored(wid: string, doc: string): Promise<string[]>;
}

export interface Engine {
  open(): Promise<ChainStore>;
  copy(store: ChainStore): Promise<void>;
  putBack(): Promise<void>;
}

export const onSqlite = (): Engine => {
  const dir = tempDir();
  return {
    open: async () => openSqliteStore(dir),
    copy: async (store) => void (await (store as ReturnType<typeof openSqliteStore>).backup()),
    putBack: async () => {
      for (const end of ["", "-wal", "-shm"]) rmSync(join(dir, `${FILE}${end}`), { force: true });
      copyFileSync(join(dir, BACKUP), join(dir, FILE));
    },
  };
};

/** A copy is another database with the same tables: what a dump holds, without the tools for it. */
export const onPostgres = async (postgres: Postgres): Promise<Engine> => {
  let url = await postgres.database();
  let kept = "";
  const nameOf = (of: string): string => new URL(of).pathname.slice(1);
  const beside = (of: string, name: string): string => Object.assign(new URL(of), { pathname: `/${name}` }).toString();
  const from = async (template: string): Promise<string> => {
    const name = `copy${(copies += 1)}`;
    await postgres.query(beside(url, "postgres"), `create database ${name} template ${nameOf(template)}`);
    return beside(url, name);
  };
  let copies = Date.now() % 1_000_000;
  return {
    open: () => openPostgresStore({ url }),
    // A template may have no connection, so the server is down meanwhile.
    copy: async (store) => {
      await store.close();
      kept = await from(url);
    },
    putBack: async () => {
      url = await from(kept);
    },
  };
};

/** Short enough to wait for. */
const QUICK: Partial<RecoveryNumbers> = { quietMs: 1_000, graceMs: 1_500, stallMs: 20_000 };

export const startKept = async (
  engine: Engine = onSqlite(),
  numbers: Partial<RecoveryNumbers> = QUICK,
): Promise<KeptServer> => {
  const port = await freePort();
  const lines: string[] = [];
  let running: { readonly server: RunningServer; readonly store: ChainStore } | null = null;
  const start = async (): Promise<void> => {
    const store = await engine.open();
    const server = await startServer({
      store,
      host: "127.0.0.1",
      port,
      origins: [],
      create: "open",
      now: Date.now,
      log: (fields) => void lines.push(JSON.stringify(fields)),
      recovery: numbers,
      headEveryMs: 2_000,
      limits: { authWithinMs: 600_000 },
    });
    running = { server, store };
  };
  const stop = async (): Promise<void> => {
    const { server } = running ?? {};
    running = null;
    await server?.close();
  };
  await start();
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${port}`,
    lines,
    start,
    stop,
    copy: async () => {
      const store = running?.store as ChainStore;
      if ("backup" in store) return engine.copy(store);
      await stop();
      await engine.copy(store);
      await start();
    },
    setBack: async (before = async () => undefined) => {
      await stop();
      await engine.putBack();
      await before();
      await start();
    },
    stored: (wid, doc) =>
      running?.store.read(wid as never, doc as never, 1, { entries: 10_000, characters: 100_000_000 }) ??
      Promise.resolve([]),
  };
};

const kept = (app: App, wid: string) =>
  app.store.db
    .prepare<[string], { doc: string; length: number; head: number | null }>(
      "SELECT doc, max(seq) AS length, (SELECT max(seq) FROM signed_heads h WHERE h.wid = c.wid AND h.doc = c.doc) AS head FROM chain c WHERE wid = ? GROUP BY doc",
    )
    .all(wid);
/** Resolves once the app has the server's signature under everything that it verified. */
export const proven = (app: App, wid: string): Promise<true> =>
  until(() => kept(app, wid).every(({ length, head }) => length === head), `the server's heads at ${app.name}'s`);
/** What the app verified, whole. */
export const verifiedBy = (app: App, wid: string): Record<string, string[]> => {
  const all: Record<string, string[]> = {};
  for (const { doc, entry } of app.store.db
    .prepare<[string], { doc: string; entry: string }>("SELECT doc, entry FROM chain WHERE wid = ? ORDER BY doc, seq")
    .all(wid))
    (all[doc] ??= []).push(entry);
  return all;
};
