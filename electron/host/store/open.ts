/**
 * Opens the one SQLite file of this person. Every failure of SQLite leaves this room as a `Refusal`:
 *
 *   store-locked   another Bulkhead holds the file          store-newer     written by a newer version
 *   store-above    a log in it is above what this one knows
 *   store-corrupt  damaged; kept aside, what could be read  store-unwritable the folder refuses reading or writing
 *                  is what the next start opens             store-failed    anything else
 *   disk-full      no room; nothing of the write was kept
 */
import { refused } from "#bridge/refused.ts";
import type { AtOnce } from "#core/protocol/at-once.ts";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import Sqlite, { type Database } from "better-sqlite3";
import type { Refusal } from "#core/facts/refusal.ts";
import { VERSION } from "#bridge/version.ts";
import { KNOWS } from "#core/protocol/levels.ts";
import type { Knows } from "#core/rules/state.ts";
import { reserveWal } from "#node/reserve-wal.ts";
import { migrate } from "./migrate.ts";
import { isSqlite, storeRefusal } from "./refusals.ts";
import { createSoon } from "./soon.ts";
import type { Soon, SoonParts } from "./soon.ts";
import { transact } from "./transact.ts";
import { removeFiles } from "./aside.ts";
import { checkSchema, damageOf } from "./damage.ts";
import { migrations, type Migration } from "./migrations/list.ts";
import { beginStore, filesIn, finishRescue, rescue, rescueRefusal } from "./rescue.ts";
import { createUnreadable } from "./unreadable.ts";
import type { Unreadable } from "./unreadable.ts";
import { checkWriter, nameWriter } from "./writer.ts";

/** The journal has room for twice what SQLite gives it, so that quiet moments come in time. */
const JOURNAL_PAGES = 2_000;
const BUILD: Knows = { version: VERSION, knows: KNOWS };

export interface Store extends Soon {
  readonly db: Database;
  readonly file: string;
  /** Runs `work` in one immediate transaction. All or nothing is kept; a nested call joins the outer one. */
  write<T>(work: () => AtOnce<T>): T;
  /**
   * As `write`, and no file holds any more what `work` deletes: `words` where it stands in the search index too. Where
   * another program reads the file just now, its journal is emptied with one of the next writes.
   */
  erase<T>(what: "words" | "rows", work: () => AtOnce<T>): T;
  /** Brings into the file what only the journal has. For quiet moments: the commit that fills the journal waits for it. */
  drainJournal(): void;
  /** Rows that cannot be read: left out, and named once. */
  readonly unreadable: Unreadable;
  /** How often something was erased: what was copied before and after another number may hold it. */
  erasures(): number;
  close(): void;
}

export interface OpenOptions {
  readonly dir: string;
  readonly steps?: readonly Migration[];
  readonly busyMs?: number;
  readonly now?: () => number;
  /** Version, and the newest level that is known; this build's, but for tests. */
  readonly build?: Knows;
  readonly soon?: SoonParts;
}

export const openStore = ({
  dir,
  steps = migrations,
  busyMs = 3_000,
  now = Date.now,
  build = BUILD,
  soon = {},
}: OpenOptions): Store => {
  const files = filesIn(dir);
  const { file, backup } = files;
  const lock = takeLock(dir);
  let db: Database | null = null;
  try {
    finishRescue({ dir, now: now() });
    if (damageOf(file, backup) !== null) throw new Sqlite.SqliteError("damaged before it was opened", "SQLITE_CORRUPT");
    beginStore({ dir, steps });
    check(file, busyMs, steps, build);
    db = opened(file, busyMs);
    migrate(db, steps);
    nameWriter(db, build);
    // A kill between a deletion and the cut of its journal leaves it to this start.
    cutJournal(db);
    reserveWal(db, JOURNAL_PAGES);
    if (process.platform !== "win32") chmodSync(file, 0o600);
    return storeOf(db, lock, files, createSoon(db, file, soon));
  } catch (error) {
    db?.close();
    const refusal = storeRefusal(error);
    const told = refusal.code === "store-damaged" ? rescuedFrom(dir, steps, now()) : refusal;
    lock.close();
    throw told;
  }
};

/** One that is being made is open, and Windows does not let it go; it is thrown away when it is done. */
const discard = (path: string): void => {
  try {
    removeFiles(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
};

const storeOf = (
  db: Database,
  lock: Database,
  { file, backup, partial }: ReturnType<typeof filesIn>,
  ahead: ReturnType<typeof createSoon>,
): Store => {
  let erasures = 0;
  const write = <T>(work: () => AtOnce<T>): T => {
    // What was under way while the host closed ends as it does on a full disk: nothing of it was kept.
    if (!db.open) throw refused("store-closed");
    if (db.inTransaction) return work() as T;
    try {
      const done = ahead.waiting(() => transact(db, work));
      written = true;
      if (owed) emptyJournal();
      return done;
    } catch (error) {
      throw isSqlite(error) ? storeRefusal(error) : error;
    }
  };
  const soon = <T>(work: () => AtOnce<T>): T => {
    // Where the journal must be cut, the commit that does so waits for the disk anyway.
    if (!db.open || db.inTransaction || owed) return write(work);
    const done = ahead.soon(work);
    written = true;
    return done;
  };
  /** The journal keeps pages as they were until it is cut. The deletion is committed, so no trouble here undoes it. */
  let owed = false;
  let written = false;
  const drainJournal = (): void => {
    if (!written || !db.open || db.inTransaction) return;
    written = false;
    try {
      db.pragma("wal_checkpoint(PASSIVE)");
    } catch (error) {
      // All of it is committed and stays in the journal; on a full disk the next quiet moment tries again.
      if (!isSqlite(error)) throw error;
      written = true;
    }
  };
  const emptyJournal = (): void => {
    try {
      owed = !cutJournal(db);
    } catch (error) {
      if (!isSqlite(error)) throw error;
    }
  };
  const erase = <T>(what: "words" | "rows", work: () => AtOnce<T>): T =>
    write<T>(() => {
      // Within one that does not wait the journal would keep what is deleted until something else is written.
      ahead.insist();
      const result = work();
      // A deleted word stays in its segment of the index, marked, until segments are merged.
      if (what === "words") db.exec("INSERT INTO search (search) VALUES ('optimize')");
      // Before the commit: where the backup cannot be removed, nothing was deleted. It is made again soon.
      rmSync(backup, { force: true });
      discard(partial);
      erasures += 1;
      owed = true;
      return result;
    });
  const close = (): void => {
    if (db.open) {
      ahead.close();
      db.close();
    }
    if (lock.open) lock.close();
  };
  return {
    db,
    file,
    write,
    soon,
    flushed: ahead.flushed,
    insist: ahead.insist,
    erase,
    drainJournal,
    unreadable: createUnreadable(),
    erasures: () => erasures,
    close,
  };
};

/**
 * Two hosts over one file would both resume the same runs and call the same tools. SQLite's own lock lasts only for a
 * statement in WAL mode, so a second tiny file is kept locked for the life of the process; a kill releases it.
 */
const takeLock = (dir: string): Database => {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    try {
      return locked(dir);
    } catch (error) {
      // There is nothing in it, so there is nothing to lose.
      if (storeRefusal(error).code !== "store-damaged") throw error;
      rmSync(join(dir, LOCK));
      return locked(dir);
    }
  } catch (error) {
    throw storeRefusal(error);
  }
};

const LOCK = "bulkhead.lock";
const locked = (dir: string): Database => {
  const lock = new Sqlite(join(dir, LOCK), { timeout: 0 });
  try {
    lock.pragma("locking_mode = EXCLUSIVE");
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
};

/** False where somebody reads it just now. */
const cutJournal = (db: Database): boolean => {
  const [row] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
  return row?.busy === 0;
};

/** By a reader, since whoever may write puts the journal into the file when it closes: a damaged file is kept as it was. */
const check = (file: string, busyMs: number, steps: readonly Migration[], build: Knows): void => {
  const db = new Sqlite(file, { readonly: true, timeout: busyMs });
  try {
    const verdict = db.pragma("quick_check(1)", { simple: true });
    if (verdict !== "ok") throw new Sqlite.SqliteError("quick_check failed", "SQLITE_CORRUPT");
    checkSchema(db, steps);
    checkWriter(db, build);
  } finally {
    db.close();
  }
};

const opened = (file: string, busyMs: number): Database => {
  const db = new Sqlite(file, { timeout: busyMs });
  try {
    db.pragma("journal_mode = WAL");
    // The ledger row must be on the disk before a tool is called: NORMAL would lose it when the power goes.
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
    // Also what an update leaves behind: a thread that is deleted later must not live on in pages that nothing points to.
    db.pragma("secure_delete = ON");
    db.pragma("temp_store = MEMORY");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

/** What the person is told once what could be saved is in its place; or why nothing was done yet. */
const rescuedFrom = (dir: string, steps: readonly Migration[], now: number): Refusal => {
  try {
    return rescueRefusal(rescue({ dir, steps, now }));
  } catch (error) {
    return storeRefusal(error);
  }
};
