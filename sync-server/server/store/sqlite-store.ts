/**
 * The default store: one SQLite file. A commit is on the disk before anybody hears of it (WAL, synchronous FULL), so
 * what was acknowledged survives `kill -9` and a power cut.
 */
import type { AtOnce } from "#core/protocol/at-once.ts";
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import Database from "better-sqlite3";
import type { DocName, WorkspaceId } from "#core/protocol/ids.ts";
import { reserveWal } from "#node/reserve-wal.ts";
import { StoreProblem } from "./store.ts";
import type { ChainStore, Entries, Lengths, StoredEntry } from "./store.ts";
import { chain } from "./migrations/0001-chain.ts";

/** Position in this list is the version; a step that was released is never edited. */
const MIGRATIONS: readonly string[] = [chain];
export const FILE = "workspaces.sqlite";
export const BACKUP = "backup.sqlite";

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const problem = (error: unknown, folder: string): StoreProblem => {
  if (error instanceof StoreProblem) return error;
  const code = codeOf(error);
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED"))
    return new StoreProblem(
      "in-use",
      `Another sync server is already using ${folder}. Stop it first, or choose another folder with --data.`,
    );
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB")
    return new StoreProblem(
      "corrupt",
      `${join(folder, FILE)} is damaged. Restore it from a backup; nothing was changed.`,
    );
  if (code === "SQLITE_FULL" || code === "ENOSPC")
    return new StoreProblem("full", `The disk that holds ${folder} is full. Free some space; nothing was lost.`);
  if (
    code.startsWith("SQLITE_CANTOPEN") ||
    code.startsWith("SQLITE_READONLY") ||
    code.startsWith("SQLITE_PERM") ||
    ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT"].includes(code)
  ) {
    return new StoreProblem(
      "unwritable",
      `Cannot write to ${folder}. Choose a folder that this account may write to with --data.`,
    );
  }
  return new StoreProblem("failed", `The store in ${folder} failed (${code === "" ? "unknown" : code}).`);
};

/** One level at a time: Node's own recursive mkdir never returns where the parent exists and takes no folders. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
};

const open = (folder: string): Database.Database => {
  makeFolder(resolve(folder));
  const file = join(folder, FILE);
  const db = new Database(file, { timeout: 1_000 });
  try {
    // One process owns the file: a second one would answer from a fold that is behind.
    db.pragma("locking_mode = EXCLUSIVE");
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    chmodSync(file, 0o600);
    migrate(db, folder);
    if (db.pragma("quick_check(1)", { simple: true }) !== "ok")
      throw new StoreProblem("corrupt", `${file} is damaged. Restore it from a backup; nothing was changed.`);
    reserveWal(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

const migrate = (db: Database.Database, folder: string): void => {
  db.transaction((): void => {
    const version = Number(db.pragma("user_version", { simple: true }));
    if (version > MIGRATIONS.length)
      throw new StoreProblem("newer", `${folder} was written by a newer sync server. Update this one.`);
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  }).immediate();
};

export interface SqliteStore extends ChainStore {
  /**
   * Copies everything committed so far to `backup.sqlite` in the same folder, while the server goes on. Nobody else can
   * read the file meanwhile, because one process owns it. Resolves with the copy's bytes; rejects with `StoreProblem`.
   */
  backup(): Promise<number>;
}

const COPIED = "copied";
const SET_BACK = "set-back-at";
/** Says in the copy that it is one: a server that is started on it knows that it may have lost something. */
const markCopy = (file: string): void => {
  const copy = new Database(file);
  copy.prepare("insert or ignore into secret (name, value) values (?, '')").run(COPIED);
  copy.close();
};

/** A copy that breaks off never replaces the one before it. */
const backupTo = async (db: Database.Database, folder: string): Promise<number> => {
  const [unfinished, finished] = [join(folder, `${BACKUP}.part`), join(folder, BACKUP)];
  rmSync(unfinished, { force: true });
  closeSync(openSync(unfinished, "wx", 0o600));
  await db.backup(unfinished);
  markCopy(unfinished);
  renameSync(unfinished, finished);
  return statSync(finished).size;
};

/** Whether there is a store in the folder, whatever it is worth. A disk that is not there leaves its folder empty. */
export const hasSqliteStore = (folder: string): boolean => {
  try {
    return (statSync(join(folder, FILE), { throwIfNoEntry: false })?.size ?? 0) > 0;
  } catch {
    // Opening it says why it cannot be looked at.
    return true;
  }
};

/** Opens or makes the store in `folder`; throws `StoreProblem`. */
export const openSqliteStore = (folder: string): SqliteStore => {
  const guarded = <T>(work: () => AtOnce<T>): T => {
    try {
      return work() as T;
    } catch (error) {
      throw problem(error, folder);
    }
  };
  const db = guarded(() => open(folder));
  const insert = db.prepare<[string, string, number, string]>(
    "insert into chain_entry (wid, doc, seq, entry) values (?, ?, ?, ?)",
  );
  const newest = db.prepare<[string, string], { seq: number | null }>(
    "select max(seq) as seq from chain_entry where wid = ? and doc = ?",
  );
  /** Of many documents at once; the names as a JSON list. */
  const newestOf = db.prepare<[string, string], { doc: DocName; seq: number | null }>(
    "select value as doc, (select max(seq) from chain_entry where wid = ? and doc = value) as seq from json_each(?)",
  );
  const from = db.prepare<[string, string, number, number], { entry: string }>(
    "select entry from chain_entry where wid = ? and doc = ? and seq >= ? order by seq limit ?",
  );
  const one = db.prepare<[string, string, number], { entry: string }>(
    "select entry from chain_entry where wid = ? and doc = ? and seq = ?",
  );
  const all = db.prepare<[], { wid: string }>("select distinct wid from chain_entry where doc = 'log' and seq = 1");
  const readSecret = db.prepare<[string], { value: string }>("select value from secret where name = ?");
  const keepSecret = db.prepare<[string, string]>("insert into secret (name, value) values (?, ?)");

  const lengthOf = (wid: string, doc: string): number => newest.get(wid, doc)?.seq ?? 0;
  const append = db.transaction(
    (wid: WorkspaceId, batch: readonly StoredEntry[], judgedAt: Lengths): "appended" | "conflict" => {
      for (const [doc, length] of judgedAt) if (lengthOf(wid, doc) !== length) return "conflict";
      for (const { doc, seq, entry } of batch) insert.run(wid, doc, seq, entry);
      return "appended";
    },
  );
  const read = (wid: string, doc: string, seq: number, limit: { entries: number; characters: number }): string[] => {
    const rows: string[] = [];
    let characters = 0;
    for (const { entry } of from.iterate(wid, doc, seq, limit.entries)) {
      rows.push(entry);
      characters += entry.length;
      if (characters >= limit.characters) break;
    }
    return rows;
  };

  const at = (wid: string, positions: Lengths): Map<DocName, string> => {
    const found = new Map<DocName, string>();
    for (const [doc, seq] of positions) {
      const row = one.get(wid, doc, seq);
      if (row !== undefined) found.set(doc, row.entry);
    }
    return found;
  };

  const entries: Entries = {
    append: async (wid, batch, judgedAt) => guarded(() => append.immediate(wid, batch, judgedAt)),
    read: async (wid, doc, seq, limit) => guarded(() => read(wid, doc, seq, limit)),
    length: async (wid, doc) => guarded(() => lengthOf(wid, doc)),
    lengths: async (wid, docs) =>
      guarded(() => {
        const [only, ...more] = docs;
        // What every sign-in asks.
        if (only !== undefined && more.length === 0) return new Map([[only, lengthOf(wid, only)]]);
        return new Map(newestOf.all(wid, JSON.stringify(docs)).map(({ doc, seq }) => [doc, seq ?? 0]));
      }),
    entriesAt: async (wid, positions) => guarded(() => at(wid, positions)),
  };

  return {
    ...entries,
    alone: true,
    // One process, one file: nobody else appends.
    hold: (_wid, work) => work(entries),
    workspaces: async () => guarded(() => all.all().map((row) => row.wid as WorkspaceId)),
    kept: async (name) => guarded(() => readSecret.get(name)?.value),
    secret: async (name, make) =>
      guarded(() => {
        const kept = readSecret.get(name)?.value;
        if (kept !== undefined) return kept;
        const made = make();
        keepSecret.run(name, made);
        return made;
      }),
    setBackAt: async (now) =>
      guarded(() => {
        const copied = db.prepare("delete from secret where name = ?").run(COPIED).changes > 0;
        if (copied) db.prepare("insert or replace into secret (name, value) values (?, ?)").run(SET_BACK, String(now));
        const at = readSecret.get(SET_BACK)?.value;
        return at === undefined ? null : Number(at);
      }),
    onRemoteAppend: () => () => undefined,
    tellNodes: async () => false,
    onNodeWord: () => () => undefined,
    backup: async () => {
      try {
        return await backupTo(db, folder);
      } catch (error) {
        throw problem(error, folder);
      }
    },
    close: async () => void db.close(),
  };
};
