/**
 * Reads what can be read of a damaged database into a whole one, table by table and row by row. Nothing is believed of
 * it: each row must fit the schema, and what only makes sense whole is looked at again in mend.ts.
 */
import { closeSync, existsSync, openSync, statSync, writeSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";

/** Rows that are tried one by one past a place that cannot be read. */
const TRIES_MAX = 5_000;
const HEADER = 100;

export interface Salvaged {
  /** Rows brought over. */
  readonly rows: number;
  /** Whether something of what there was could not be read. */
  readonly lost: boolean;
}
interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rowid: boolean;
}

/** `from` is a copy that may be written to. */
export const salvage = (from: string, into: Database): Salvaged => {
  const source = opened(from, into);
  if (source === null) return { rows: 0, lost: true };
  try {
    const there = new Map(tablesOf(source).map((table) => [table.name, table]));
    let [rows, lost] = [0, false];
    for (const table of tablesOf(into)) {
      const found = there.get(table.name);
      if (found === undefined) {
        lost = true;
        continue;
      }
      const columns = table.columns.filter((column) => found.columns.includes(column));
      const copied = copy(source, into, { ...table, columns });
      rows += copied.rows;
      lost ||= copied.lost;
    }
    return { rows, lost };
  } finally {
    source.close();
  }
};

/** Opens the copy, with its own header or, where that is damaged, with that of a whole database of the same schema. */
const opened = (file: string, like: Database): Database | null => {
  for (const mended of [false, true]) {
    if (mended && !mendHeader(file, like)) return null;
    let db: Database | null = null;
    try {
      db = new Sqlite(file);
      db.pragma("cell_size_check = ON");
      if (tablesOf(db).length > 0) return db;
    } catch (error) {
      if (!(error instanceof Sqlite.SqliteError)) throw error;
    }
    db?.close();
  }
  return null;
};

const mendHeader = (file: string, like: Database): boolean => {
  if (!existsSync(file) || statSync(file).size < HEADER) return false;
  const head = like.serialize().subarray(0, HEADER);
  // No free pages are known, the size is that of the file, and there is no journal to look for.
  for (const at of [28, 32, 36, 92]) head.writeUInt32BE(0, at);
  head.writeUInt8(1, 18);
  head.writeUInt8(1, 19);
  const to = openSync(file, "r+");
  try {
    writeSync(to, head, 0, HEADER, 0);
  } finally {
    closeSync(to);
  }
  return true;
};

/** Tables of our own, without those that make up the search index: that is made anew. */
const tablesOf = (db: Database): Table[] =>
  db
    .prepare<[], { name: string; wr: number }>(
      "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all()
    .map(({ name, wr }) => ({
      name,
      rowid: wr === 0,
      columns: db
        .prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?)")
        .all(name)
        .map((column) => column.name),
    }));

const copy = (source: Database, into: Database, { name, columns, rowid }: Table): Salvaged => {
  const all = rowid ? ["rowid", ...columns] : columns;
  const list = all.map((column) => `"${column}"`).join(", ");
  const put = into.prepare(`INSERT OR REPLACE INTO "${name}" (${list}) VALUES (${all.map(() => "?").join(", ")})`);
  let [rows, lost] = [0, false];
  /** Reads until the end or a place that cannot be read; answers whether it was the end, and the last rowid. */
  const read = (where: string, until: number | null): { whole: boolean; last: number | null } => {
    let last: number | null = null;
    try {
      for (const row of source.prepare<[], unknown[]>(`SELECT ${list} FROM "${name}" ${where}`).raw().iterate()) {
        if (until !== null && Number(row[0]) <= until) return { whole: true, last };
        last = rowid ? Number(row[0]) : null;
        if (kept(() => put.run(...row))) rows += 1;
        else lost = true;
      }
      return { whole: true, last };
    } catch (error) {
      if (!(error instanceof Sqlite.SqliteError)) throw error;
      lost = true;
      return { whole: false, last };
    }
  };
  const first = read(rowid ? "ORDER BY rowid" : "", null);
  if (first.whole) return { rows, lost };
  const back = read(rowid ? "ORDER BY rowid DESC" : backwards(source, name), first.last);
  // Between two places that cannot be read there may be whole ones.
  let at = first.last ?? 0;
  for (let tries = 0; back.last !== null && at + 1 < back.last && tries < TRIES_MAX; tries += 1) {
    const next = read(`WHERE rowid > ${at + 1} AND rowid < ${back.last} ORDER BY rowid`, null);
    at = Math.max(at + 1, next.last ?? 0);
    if (next.whole) break;
  }
  return { rows, lost: true };
};

const backwards = (source: Database, table: string): string => {
  const keys = source
    .prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk")
    .all(table);
  return `ORDER BY ${keys.map(({ name }) => `"${name}" DESC`).join(", ")}`;
};

/** A row that does not fit the schema is damage. A disk that is full is not. */
const kept = (work: () => unknown): boolean => {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_CONSTRAINT")) return false;
    throw error;
  }
};
