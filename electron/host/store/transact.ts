import type { Database } from "better-sqlite3";
import type { AtOnce } from "#core/protocol/at-once.ts";

/** Runs `work` in one immediate transaction of its own: all of it is kept, or nothing. */
export const transact = <T>(db: Database, work: () => AtOnce<T>): T => db.transaction(work).immediate() as T;
