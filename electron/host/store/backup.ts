/**
 * The last good copy of the store, in the same folder and for the same eyes: the way back where the file cannot be read
 * at all. It is made while the app runs, from a file that was checked at the start, and removed before anything in it is
 * erased.
 */
import { existsSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { removeFiles } from "./aside.ts";
import type { Store } from "./open.ts";
import { storeRefusal } from "./refusals.ts";
import { filesIn } from "./rescue.ts";

const DAY_MS = 24 * 3_600_000;
/** Copied at once, between two turns of everything else; 4 KB each. */
const PAGES = 100;

export interface Backups {
  /** Makes one where the last is older than a day or was removed. Rejects with `Refusal`; then there is the last one, or none. */
  look(): Promise<void>;
}

export const createBackups = (store: Store, now: () => number): Backups => {
  const { backup, partial } = filesIn(dirname(store.file));
  let under: Promise<void> | null = null;

  const make = async (): Promise<void> => {
    try {
      removeFiles(partial);
      writeFileSync(partial, "", { mode: 0o600 });
      const before = store.erasures();
      await store.db.backup(partial, { progress: () => PAGES });
      if (store.erasures() === before) renameSync(partial, backup);
    } catch (error) {
      throw storeRefusal(error);
    } finally {
      removeFiles(partial);
    }
  };
  return {
    look: async () => {
      if (existsSync(backup) && Math.abs(now() - statSync(backup).mtimeMs) < DAY_MS) return;
      under ??= make().finally(() => {
        under = null;
      });
      await under;
    },
  };
};
