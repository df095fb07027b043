/** Every failure of SQLite as a `Refusal`, in words that name the cause: see open.ts for the codes. */
import { LOG_WORDS } from "#bridge/log-place.ts";
import Sqlite from "better-sqlite3";
import { Refusal } from "#core/facts/refusal.ts";

export const isSqlite = (error: unknown): error is InstanceType<typeof Sqlite.SqliteError> =>
  error instanceof Sqlite.SqliteError;

const sentences: readonly (readonly [RegExp, string, string])[] = [
  [
    /^SQLITE_FULL/,
    "disk-full",
    "The disk is full. Nothing was lost, but this could not be saved. Free some space and try again.",
  ],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    "store-locked",
    "Another Bulkhead has your threads open. Close it, or wait until it has closed, and try again.",
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    "store-corrupt",
    "The file with your threads is damaged, so this was not saved. Start Bulkhead again: it keeps the damaged file aside, brings over what can be read, and tells you what that was.",
  ],
  [
    /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/,
    "store-unwritable",
    "Bulkhead may not read and write in its folder. Give yourself the right to do both there, or start it with another folder, and try again. Nothing was changed.",
  ],
  [
    /^SQLITE_IOERR/,
    "store-unreadable",
    "The disk did not answer as it should while saving. Check the disk, then start Bulkhead again.",
  ],
];

/** Nothing was kept, and it may be tried again. */
export const isStoreRefusal = (error: unknown): error is Refusal =>
  error instanceof Refusal && (error.code === "disk-full" || error.code.startsWith("store-"));

/** Any error of this room as a `Refusal`. The text of SQLite stays out: it can quote what was being written. */
export const storeRefusal = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  const code = isSqlite(error) ? error.code : systemCode(error);
  for (const [pattern, name, sentence] of sentences) if (pattern.test(code)) return new Refusal(name, sentence);
  return new Refusal(
    "store-failed",
    `Your threads could not be opened or saved. Start Bulkhead again; if this stays, ${LOG_WORDS} says which step failed.`,
    error,
  );
};

const systemCode = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC") return "SQLITE_FULL";
  return ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code) ? "SQLITE_PERM" : code;
};
