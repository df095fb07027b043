import { transact } from "./transact.ts";
import type { Database } from "better-sqlite3";
import { refused } from "#bridge/refused.ts";
import type { Migration } from "./migrations/list.ts";

/**
 * Brings the schema to the newest step, each step in one transaction, so that a kill leaves a whole version.
 * Throws `Refusal("store-newer")` for a file that a newer version of the app has written.
 */
export const migrate = (db: Database, steps: readonly Migration[]): void => {
  const present = Number(db.pragma("user_version", { simple: true }));
  if (present > (steps.at(-1)?.id ?? 0)) throw refused("store-newer");
  let last = 0;
  for (const step of steps) {
    if (step.id <= last) throw new Error(`migration ${step.name} is number ${step.id}, after ${last}`);
    last = step.id;
    if (step.id <= present) continue;
    transact(db, () => {
      db.exec(step.sql);
      db.pragma(`user_version = ${step.id}`);
    });
  }
};
