/** Room for the journal of a SQLite file, made before it is needed. */
/** A SQLite database, as the stores have it. */
interface Database {
  readonly inTransaction: boolean;
  pragma(source: string, options?: { simple?: boolean }): unknown;
  exec(source: string): unknown;
}

/** SQLite's own measure, 4 MB. */
const PAGES = 1_000;
/** A page of 4 kB with its header, and what lists pages. */
const PAGE_BYTES = 4_300;
/**
 * Fills the WAL file with a transaction that is rolled back, so that commits overwrite it in place: a flush that must
 * also make the file longer takes twice as long. The small cache makes SQLite write before there is a commit.
 *
 * A WAL is written from its start again after a checkpoint, which the commit that reaches `pages` makes.
 */
export const reserveWal = (db: Database, pages: number = PAGES): void => {
  db.pragma(`wal_autocheckpoint = ${pages}`);
  const kept = Number(db.pragma("cache_size", { simple: true }));
  db.pragma("cache_size = 10");
  try {
    db.exec(
      `begin immediate; create table reserve (bytes blob); insert into reserve values (zeroblob(${pages * PAGE_BYTES}))`,
    );
  } catch (error) {
    // A full disk is no reason not to start: what is stored can be read.
    if (!isFull(error)) throw error;
  } finally {
    if (db.inTransaction) db.exec("rollback");
  }
  db.pragma(`cache_size = ${kept}`);
};

const isFull = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "SQLITE_FULL";
