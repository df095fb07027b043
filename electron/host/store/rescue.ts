/**
 * A way back after damage. What can be read of the damaged file, over the last backup where there is one, becomes a store
 * beside it; only when that is whole on the disk is the damaged file moved aside and the new one put in its place. A kill
 * at any moment leaves either the damaged file, or the rescued store that the next start puts in place.
 */
import { refused } from "#bridge/refused.ts";
import type { Refusal } from "#core/facts/refusal.ts";
import { transact } from "./transact.ts";
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite, { type Database } from "better-sqlite3";
import { keepAside, removeFiles } from "./aside.ts";
import { mend, quietly } from "./mend.ts";
import type { Brought } from "./mend.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migrations/list.ts";
import { salvage } from "./salvage.ts";

export const filesIn = (dir: string) => {
  const at = (name: string): string => join(dir, name);
  return {
    file: at("bulkhead.db"),
    fresh: at("bulkhead.new"),
    backup: at("bulkhead.backup"),
    partial: at("bulkhead.backup-partial"),
    copy: at("bulkhead.copy"),
    rescuing: at("bulkhead.rescuing"),
    rescued: at("bulkhead.rescued"),
  };
};

export interface RescueDeps {
  readonly dir: string;
  readonly steps: readonly Migration[];
  readonly now: number;
}
export interface Rescued {
  /** Name under which the damaged file is kept, or null where there was none. */
  readonly aside: string | null;
  /** Null where nothing could be brought over. */
  readonly brought: Brought | null;
  /** Day of the backup that is part of it, or null. */
  readonly backup: string | null;
  /** Whether something of the damaged file could not be read. */
  readonly lost: boolean;
}

/** What an earlier start left: work that was not done is thrown away, and a rescued store takes its place. */
export const finishRescue = ({ dir, now }: Pick<RescueDeps, "dir" | "now">): void => {
  const { file, fresh, partial, copy, rescuing, rescued } = filesIn(dir);
  for (const path of [fresh, partial, copy, rescuing]) removeFiles(path);
  if (!existsSync(rescued)) return;
  keepAside(dir, file, now);
  renameSync(rescued, file);
};

/** A store that is new from its first byte on: an empty file is damage and never a beginning. */
export const beginStore = ({ dir, steps }: Pick<RescueDeps, "dir" | "steps">): void => {
  const { file, fresh } = filesIn(dir);
  if (existsSync(file)) return;
  made(fresh, (db) => migrate(db, steps));
  renameSync(fresh, file);
};

/** Throws what the disk says; then the damaged file is where it was, and nothing of the attempt takes up room. */
export const rescue = (deps: RescueDeps): Rescued => {
  try {
    return rescued(deps);
  } catch (error) {
    for (const path of [filesIn(deps.dir).copy, filesIn(deps.dir).rescuing]) removeFiles(path);
    throw error;
  }
};

const rescued = (deps: RescueDeps): Rescued => {
  const { dir, now } = deps;
  const { file, backup, copy, rescuing, rescued: done } = filesIn(dir);
  const day = existsSync(backup) ? new Date(statSync(backup).mtimeMs).toISOString().slice(0, 10) : null;
  let best: { rows: number; lost: boolean; journal: boolean } | null = null;
  // A journal of another file does more harm than good, so it is tried with and without.
  for (const journal of existsSync(file) && statSync(file).isFile() ? [true, false] : []) {
    const read = attempt(deps, journal);
    if (best === null || (best.lost && !read.lost) || (best.lost === read.lost && read.rows > best.rows))
      best = { ...read, journal };
    if (!read.lost) break;
  }
  const read = attempt(deps, best?.journal ?? false);
  removeFiles(copy);
  if (read.rows === 0 && day === null) {
    removeFiles(rescuing);
    return { aside: keepAside(dir, file, now), brought: null, backup: null, lost: true };
  }
  renameSync(rescuing, done);
  const aside = keepAside(dir, file, now);
  renameSync(done, file);
  return { aside, brought: read.brought, backup: read.lost ? day : null, lost: read.lost };
};

/** Makes the store that would take the place of the damaged one. */
const attempt = (
  { dir, steps, now }: RescueDeps,
  journal: boolean,
): { rows: number; lost: boolean; brought: Brought } => {
  const { file, backup, copy, rescuing } = filesIn(dir);
  for (const path of [copy, rescuing]) removeFiles(path);
  const isThere = existsSync(file) && statSync(file).isFile();
  if (isThere) copyFileSync(file, copy);
  if (isThere && journal && existsSync(`${file}-wal`) && statSync(`${file}-wal`).isFile())
    copyFileSync(`${file}-wal`, `${copy}-wal`);
  if (existsSync(backup)) copyFileSync(backup, rescuing);
  let salvaged = { rows: 0, lost: true };
  let brought: Brought = { threads: 0, messages: 0, workspaces: 0 };
  const own = isThere ? steps.filter(({ id }) => id <= versionOf(copy, steps)) : steps;
  made(rescuing, (db) => {
    migrate(db, own.length < steps.length && Number(db.pragma("user_version", { simple: true })) === 0 ? own : steps);
    if (isThere)
      transact(db, () =>
        quietly(db, () => {
          salvaged = salvage(copy, db);
        }),
      );
    migrate(db, steps);
    brought = mend(db, now);
  });
  return { ...salvaged, brought };
};

/** The schema that the damaged file says it has; the newest where it says nothing that can be. */
const versionOf = (copy: string, steps: readonly Migration[]): number => {
  const newest = steps.at(-1)?.id ?? 0;
  try {
    const db = new Sqlite(copy);
    try {
      const version = Number(db.pragma("user_version", { simple: true }));
      return version > 0 && version <= newest ? version : newest;
    } finally {
      db.close();
    }
  } catch {
    // The copy cannot say how old it is: it is read as the newest.
    return newest;
  }
};

/** Opens or makes a database, and leaves it closed, whole and on the disk: one file, readable by its owner alone. */
const made = (path: string, work: (db: Database) => void): void => {
  if (!existsSync(path)) writeFileSync(path, "", { mode: 0o600 });
  const db = new Sqlite(path);
  try {
    db.pragma("journal_mode = DELETE");
    db.pragma("foreign_keys = OFF");
    db.pragma("temp_store = MEMORY");
    work(db);
  } finally {
    db.close();
  }
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

export const rescueRefusal = ({ aside, brought, backup, lost }: Rescued): Refusal =>
  refused(
    "store-corrupt",
    aside,
    brought === null ? null : [brought.threads, brought.messages, brought.workspaces],
    backup,
    lost,
  );
