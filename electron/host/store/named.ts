import Sqlite from "better-sqlite3";
import { storeRefusal } from "./refusals.ts";

/** A kept name as what it names. A text that is no such name is damage, and is told as that. */
export const named = <T>(as: (value: unknown) => T | undefined, text: string): T => {
  const name = as(text);
  if (name === undefined) throw storeRefusal(new Sqlite.SqliteError("a row names nothing", "SQLITE_CORRUPT"));
  return name;
};
