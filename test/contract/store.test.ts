import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { FILE, openSqliteStore } from "../../sync-server/server/store/sqlite-store.ts";
import { StoreProblem } from "../../sync-server/server/store/store.ts";
import { createMemory } from "../helpers/memory-store.ts";
import { tempDir } from "../helpers/temp.ts";
import { storeContract } from "./store-contract.ts";

storeContract("SQLite", () => {
  const folder = tempDir();
  return { open: async () => openSqliteStore(folder) };
});

storeContract("memory, as tests share it between nodes", () => {
  const memory = createMemory();
  return { open: async () => memory.connect() };
});

const wid = "W".repeat(22) as WorkspaceId;
const log = "log" as DocName;
const problemOf = (work: () => unknown): string => {
  try {
    work();
    return "none";
  } catch (error) {
    return error instanceof StoreProblem ? error.code : String(error);
  }
};

test("[ST6] a second server on the same folder is refused with a sentence", async () => {
  const folder = tempDir();
  const store = openSqliteStore(folder);
  expect(problemOf(() => openSqliteStore(folder))).toBe("in-use");
  await store.close();
  await openSqliteStore(folder).close();
});

test("[ST18] commits overwrite the log file of SQLite in place: it has its length from the start, and the store has nothing of that", async () => {
  const folder = tempDir();
  const store = openSqliteStore(folder);
  const sizes = () => [`${FILE}-wal`, FILE].map((name) => statSync(join(folder, name)).size) as [number, number];
  const [wal, main] = sizes();
  expect(wal).toBeGreaterThan(4_096_000);
  expect(main).toBeLessThan(100_000);
  for (let seq = 1; seq <= 100; seq += 1)
    await store.append(wid, [{ doc: log, seq, entry: "x".repeat(900) }], new Map([[log, seq - 1]]));
  expect(sizes()[0]).toBe(wal);
  expect(await store.length(wid, log)).toBe(100);
  await store.close();
  expect(statSync(join(folder, FILE)).size).toBeLessThan(400_000);
});

test("[ST7] a file that is not a database is refused and left as it is", () => {
  const folder = tempDir();
  const file = join(folder, FILE);
  writeFileSync(file, "this is not a database, but somebody's letter".repeat(100));
  expect(problemOf(() => openSqliteStore(folder))).toBe("corrupt");
  expect(readFileSync(file, "utf8")).toContain("somebody's letter");
});

test("[ST7] a database with a damaged page is refused", async () => {
  const folder = tempDir();
  const store = openSqliteStore(folder);
  await store.append(
    wid,
    Array.from({ length: 200 }, (_, i) => ({ doc: log, seq: i + 1, entry: "x".repeat(500) })),
    new Map([[log, 0]]),
  );
  await store.close();
  const bytes = readFileSync(join(folder, FILE));
  bytes.fill(0xff, 8_192, 20_480);
  writeFileSync(join(folder, FILE), bytes);
  expect(problemOf(() => openSqliteStore(folder))).toBe("corrupt");
});

test("[ST8] a store of a newer server is refused and not changed", () => {
  const folder = tempDir();
  const newer = new Database(join(folder, FILE));
  newer.pragma("user_version = 99");
  newer.close();
  expect(problemOf(() => openSqliteStore(folder))).toBe("newer");
  const again = new Database(join(folder, FILE));
  expect(again.pragma("user_version", { simple: true })).toBe(99);
  again.close();
});

test("[ST9] a folder that cannot be made is refused with a sentence", () => {
  const folder = tempDir();
  writeFileSync(join(folder, "file"), "");
  expect(problemOf(() => openSqliteStore(join(folder, "file", "data")))).toBe("unwritable");
  // A parent that exists and takes no folders: a recursive mkdir would never return.
  if (existsSync("/proc/self")) expect(problemOf(() => openSqliteStore("/proc/bulkhead/data"))).toBe("unwritable");
});

test("[ST10] only the server's own account can read the store", async () => {
  const folder = join(tempDir(), "data");
  const store = openSqliteStore(folder);
  expect(statSync(folder).mode & 0o077).toBe(0);
  expect(statSync(join(folder, FILE)).mode & 0o077).toBe(0);
  await store.close();
  chmodSync(folder, 0o700);
  expect(existsSync(join(folder, FILE))).toBe(true);
});
