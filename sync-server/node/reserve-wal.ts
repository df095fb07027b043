/** Room for the journal of a SQLite file, made before it is needed. */
/** A SQLite database, as the stores have it. */
interface Database {
  readonly inTransaction: boolean;
  pragma(source: string, options?: { simple?: boolean }): unknown;
  exec(source: string): unknown;
}

/** A WAL is written from its start again after a checkpoint, which SQLite makes at 1,000 pages of 4 kB. */
const WAL_BYTES = 4_300_000;
/**
 * Fills the WAL file with a transaction that is rolled back, so that commits overwrite it in place: a flush that must
 * also make the file longer takes twice as long. The small cache makes SQLite write before there is a commit.
 */
export const reserveWal = (db: Database): void => {
  const kept = Number(db.pragma("cache_size", { simple: true }));
  db.pragma("cache_size = 10");
  try {
    db.exec(`begin immediate; create table reserve (bytes blob); insert into reserve values (zeroblob(${WAL_BYTES}))`);
  } catch (error) {
    // A full disk is no reason not to start: what is stored can be read.
    if (!isFull(error)) throw error;
  } finally {
    if (db.inTransaction) db.exec("rollback");
  }
  db.pragma(`cache_size = ${kept}`);
};

const isFull = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "SQLITE_FULL";
