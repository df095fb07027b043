/** What PostgreSQL and its driver say, as sentences for the person who runs the server. Never their own texts: those may name hosts, accounts and values. */
import { StoreProblem } from "./store.ts";

/** SQLSTATE, Node's code of a network error, or "" where the driver gave neither. */
export const codeOf = (error: unknown): string => (error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "");

/** Whether the database itself answered with an error, so that the connection is still in step. */
export const isAnswer = (error: unknown): boolean => /^[0-9A-Z]{5}$/.test(codeOf(error));

export const postgresProblem = (error: unknown): StoreProblem => {
  if (error instanceof StoreProblem) return error;
  const code = codeOf(error);
  if (code === "53100") return new StoreProblem("full", "The database's disk is full. Free some space; nothing was lost.");
  if (code.startsWith("28")) return new StoreProblem("unwritable", "The database refused this account. Check the user and the password in BULKHEAD_POSTGRES.");
  if (code === "42501") return new StoreProblem("unwritable", "This account may not make or write tables in the database. Make it the owner of the database.");
  if (code === "25006") return new StoreProblem("unwritable", "The database takes no writes now: it is a standby or set to read-only. Connect to the primary.");
  if (code === "3D000") return new StoreProblem("unwritable", "There is no database of the name in BULKHEAD_POSTGRES. Create it first.");
  if (code === "22021" || code === "22P05") return new StoreProblem("unwritable", "The database does not store UTF-8. Create it with encoding UTF8.");
  return new StoreProblem("failed", `The database does not answer${code === "" ? "" : ` (${code})`}. Commands are refused until it does; nothing acknowledged is lost.`);
};

export const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw postgresProblem(error);
  }
};
