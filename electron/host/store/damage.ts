/** What shows that the store is damaged, beyond what SQLite says by itself. */
import { existsSync, openSync, closeSync, readSync, statSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migrations/list.ts";

/** A version of the schema that no later release will have reached: the number itself is damaged. */
const VERSIONS_AHEAD = 10_000;
const WAL_HEADER = 32;

/**
 * Looked at before SQLite is, since it would take an empty file for a new one and a journal that it cannot read for none.
 * `gone`: there was one, as what stands beside it shows.
 */
export const damageOf = (file: string, backup: string): "gone" | "empty" | "folder" | "journal" | null => {
  if (!existsSync(file)) return existsSync(backup) || existsSync(`${file}-wal`) ? "gone" : null;
  const stat = statSync(file);
  if (stat.isDirectory()) return "folder";
  if (stat.size === 0) return "empty";
  return existsSync(`${file}-wal`) && !walBegins(`${file}-wal`) ? "journal" : null;
};

/** Whether a journal is empty or begins as one: the sum in its header is right. */
const walBegins = (wal: string): boolean => {
  const stat = statSync(wal);
  if (stat.isDirectory()) return false;
  if (stat.size < WAL_HEADER) return true;
  const head = Buffer.alloc(WAL_HEADER);
  const from = openSync(wal, "r");
  try {
    readSync(from, head, 0, WAL_HEADER, 0);
  } finally {
    closeSync(from);
  }
  const magic = head.readUInt32BE(0);
  if (magic !== 0x37_7f_06_82 && magic !== 0x37_7f_06_83) return false;
  const word = (at: number): number => (magic === 0x37_7f_06_83 ? head.readUInt32BE(at) : head.readUInt32LE(at));
  let [a, b] = [0, 0];
  for (let at = 0; at < 24; at += 8) {
    a = (a + word(at) + b) >>> 0;
    b = (b + word(at + 4) + a) >>> 0;
  }
  return head.readUInt32BE(24) === a && head.readUInt32BE(28) === b;
};

/** Throws as SQLite does for a damaged file where the schema is not what its version has. */
export const checkSchema = (db: Database, steps: readonly Migration[]): void => {
  const version = Number(db.pragma("user_version", { simple: true }));
  const newest = steps.at(-1)?.id ?? 0;
  if (version > newest && version < newest + VERSIONS_AHEAD) return;
  const there = names(db);
  const due = namesAt(steps, version);
  const early =
    version < newest ? namesAt(steps, newest).filter((name) => !due.includes(name) && there.includes(name)) : [];
  // A store has its first version from its first byte on.
  if (version < 1 || version > newest || early.length > 0 || due.some((name) => !there.includes(name)))
    throw new Sqlite.SqliteError("the schema is not whole", "SQLITE_CORRUPT");
};

const names = (db: Database): string[] =>
  db
    .prepare<[], { name: string }>("SELECT type || ' ' || name AS name FROM sqlite_schema")
    .all()
    .map(({ name }) => name);

const namesAt = (steps: readonly Migration[], version: number): string[] => {
  const db = new Sqlite(":memory:");
  try {
    migrate(
      db,
      steps.filter(({ id }) => id <= version),
    );
    return names(db);
  } finally {
    db.close();
  }
};
