/**
 * Commits that do not wait for the disk: for what can be fetched or worked out again, and that nothing has acted on. They
 * outlive a kill as every commit does. When the power goes, those of the last moment may be missing; never one that is
 * older than a commit which did wait, because a journal is flushed as a whole. One that changed nothing did not wait either:
 * SQLite flushes where it wrote.
 */
import { closeSync, fdatasync, openSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import type { AtOnce } from "#core/protocol/at-once.ts";
import { isSqlite, storeRefusal } from "./refusals.ts";
import { transact } from "./transact.ts";

/** Long enough that a commit which waits mostly comes first, and its flush is the only one. */
const AFTER_MS = 30;

export interface Soon {
  /** As `write` of the store; the disk has it within a moment, or with the next commit that waits. */
  soon<T>(work: () => AtOnce<T>): T;
  /** Resolves once the disk has all that was committed until now. Rejects with `Refusal`. */
  flushed(): Promise<void>;
  /** Throws within a transaction that does not wait: for what somebody acts on as soon as it is committed. */
  insist(): void;
}
export interface SoonParts {
  readonly afterMs?: number | undefined;
  /** Flushes the file behind that descriptor. */
  readonly flush?: ((fd: number, done: (error: Error | null) => void) => void) | undefined;
}
interface Waiter {
  /** Waits for this commit, by its number. */
  readonly for: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export const createSoon = (
  db: Database,
  file: string,
  { afterMs = AFTER_MS, flush = fdatasync }: SoonParts = {},
): Soon & { /** Runs a commit that waits. */ waiting<T>(commit: () => T): T; close(): void } => {
  const journal = openOrNull(`${file}-wal`);
  /** How many commits were made that do not wait, and how many of them the disk has. */
  let [made, safe] = [0, 0];
  let within = false;
  let refuses = journal === null;
  let torn = false;
  let flushing = false;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;
  let waiters: Waiter[] = [];

  const tell = (upTo: number, to: (waiter: Waiter) => void): void => {
    const due = waiters.filter((waiter) => waiter.for <= upTo);
    waiters = waiters.filter((waiter) => waiter.for > upTo);
    due.forEach(to);
  };
  const has = (upTo: number): void => {
    safe = Math.max(safe, upTo);
    tell(safe, ({ done }) => done());
  };
  const caughtUp = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    has(made);
  };
  /** Before anything is written behind what may be lost. Throws. */
  const cutTorn = (): void => {
    if (!torn) return;
    const [row] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
    if (row?.busy !== 0) throw new Sqlite.SqliteError("the journal is read just now", "SQLITE_BUSY");
    torn = false;
  };
  const waiting = <T>(commit: () => T): T => {
    cutTorn();
    if (safe === made) return commit();
    const before = framesIn(db);
    const done = commit();
    const after = framesIn(db);
    if (before !== null && after !== null && before !== after) caughtUp();
    return done;
  };
  const letGo = (): void => {
    if (journal !== null) closeSync(journal);
  };
  const begin = (): void => {
    timer = null;
    if (closed || flushing || journal === null) return;
    flushing = true;
    const upTo = made;
    flush(journal, (error) => {
      flushing = false;
      if (closed) return letGo();
      if (error !== null) {
        // Pages that could not be written once may never be: from now on each commit waits, and says so itself. A start
        // reads a journal up to its first gap, so what was committed is brought into the file first.
        refuses = true;
        torn = true;
        return tell(made, ({ failed }) => failed(storeRefusal(error)));
      }
      has(upTo);
      if (safe < made) later();
    });
  };
  const later = (): void => {
    timer ??= setTimeout(begin, afterMs).unref();
  };

  const soon = <T>(work: () => AtOnce<T>): T => {
    db.exec(`PRAGMA synchronous = ${refuses ? "FULL" : "NORMAL"}`);
    within = !refuses;
    try {
      cutTorn();
      const result = transact(db, work);
      made += 1;
      if (refuses) caughtUp();
      return result;
    } catch (error) {
      throw isSqlite(error) ? storeRefusal(error) : error;
    } finally {
      within = false;
      db.exec("PRAGMA synchronous = FULL");
      if (!refuses) later();
    }
  };

  return {
    soon,
    waiting,
    flushed: () =>
      safe === made ? Promise.resolve() : new Promise((done, failed) => void waiters.push({ for: made, done, failed })),
    insist: () => {
      if (within) throw new Error("this commit must wait for the disk");
    },
    close: () => {
      closed = true;
      caughtUp();
      if (!flushing) letGo();
    },
  };
};

/** How long the journal is; null where nobody can say. Where it is written anew it may be as long again, and then is not told from one that was not. */
const framesIn = (db: Database): number | null => {
  try {
    const [row] = db.pragma("wal_checkpoint(NOOP)") as { log: number }[];
    return row?.log ?? null;
  } catch (error) {
    if (isSqlite(error)) return null;
    throw error;
  }
};

const openOrNull = (journal: string): number | null => {
  try {
    return openSync(journal, "r+");
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
};
