/** Where a damaged store stands: kept under a name with its date, never written to, the newest few of them. */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** More are removed, oldest first: a disk that damages the file at every start must not be filled by it. */
export const ASIDE_MAX = 5;
const NAME = /^bulkhead-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:-(\d+))?\.corrupt$/;
const STAMPED = "bulkhead-2026-11-30T00-00-00".length;
/** A database and what SQLite keeps beside it. */
export const SUFFIXES = ["", "-wal", "-shm", "-journal"] as const;

/** Everything of one database file. */
export const removeFiles = (file: string): void => {
  for (const suffix of SUFFIXES) rmSync(file + suffix, { force: true, recursive: true });
};

/** Moves the database, or whatever stands in its place; answers the name it has now, or null where there was nothing. */
export const keepAside = (dir: string, file: string, at: number): string | null => {
  const there = SUFFIXES.filter((suffix) => existsSync(file + suffix));
  if (there.length === 0) return null;
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(":", "-");
  // One of the same second counts on, so that names stand in the order in which they came.
  const last = asides(dir)
    .filter((name) => name.includes(stamp))
    .at(-1);
  const name = last === undefined ? `bulkhead-${stamp}.corrupt` : `bulkhead-${stamp}-${numberOf(last) + 1}.corrupt`;
  // The database last: while it is there the next start finds the damage and moves the rest under a name of its own.
  for (const suffix of there.toReversed()) renameSync(file + suffix, join(dir, name + suffix));
  for (const old of asides(dir).slice(0, -ASIDE_MAX)) removeFiles(join(dir, old));
  return name;
};

/** Oldest first. */
const asides = (dir: string): string[] => {
  const day = (name: string): string => name.slice(0, STAMPED);
  return readdirSync(dir)
    .filter((name) => NAME.test(name))
    .toSorted((a, b) => (day(a) === day(b) ? numberOf(a) - numberOf(b) : day(a) < day(b) ? -1 : 1));
};
const numberOf = (name: string): number => Number(NAME.exec(name)?.[1] ?? 1);
