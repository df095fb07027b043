/** Every failure of SQLite as a `Refusal` that names the cause: see open.ts for the codes. */
import { refused } from "#bridge/refused.ts";
import { told } from "#bridge/told.ts";
import Sqlite from "better-sqlite3";
import { Refusal } from "#core/facts/refusal.ts";

export const isSqlite = (error: unknown): error is InstanceType<typeof Sqlite.SqliteError> =>
  error instanceof Sqlite.SqliteError;

const CODES = [
  [/^SQLITE_FULL/, "disk-full"],
  [/^SQLITE_(BUSY|LOCKED)/, "store-locked"],
  [/^SQLITE_(CORRUPT|NOTADB)/, "store-damaged"],
  [/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/, "store-unwritable"],
  [/^SQLITE_IOERR/, "store-unreadable"],
] as const;

/** Nothing was kept, and it may be tried again. */
export const isStoreRefusal = (error: unknown): error is Refusal =>
  error instanceof Refusal && (error.code === "disk-full" || error.code.startsWith("store-"));

/** Any error of this room as a `Refusal`. The text of SQLite stays out: it can quote what was being written. */
export const storeRefusal = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  const code = isSqlite(error) ? error.code : systemCode(error);
  const known = CODES.find(([pattern]) => pattern.test(code))?.[1];
  return known === undefined ? new Refusal(told("store-failed"), error) : refused(known);
};

const systemCode = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC") return "SQLITE_FULL";
  return ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code) ? "SQLITE_PERM" : code;
};
