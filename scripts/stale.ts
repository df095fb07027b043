/** Whether something built is older than what it is built from. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Newest change among files and, recursively, folders; ms. What does not exist does not count. */
export const newest = (paths: readonly string[]): number => {
  let latest = 0;
  const visit = (path: string) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    // A folder's own time changes when a file in it is removed.
    latest = Math.max(latest, stat.mtimeMs);
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  for (const path of paths) visit(path);
  return latest;
};

export const isStale = (built: string, sources: readonly string[]): boolean =>
  !existsSync(built) || statSync(built).mtimeMs < newest(sources);
