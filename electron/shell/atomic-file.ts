/**
 * Small files that must be whole or absent: written beside the target, flushed, then renamed over it.
 */
import { randomUUID } from "node:crypto";
import {
  mkdirSync,
  openSync,
  writeFileSync,
  fsyncSync,
  closeSync,
  readdirSync,
  renameSync,
  rmSync,
  readFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Replaces `path` with `text`, readable by its owner alone. The folder is made when missing. Throws what the disk says. */
export const writeWhole = (path: string, text: string): void => {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = join(folder, `.${basename(path)}.${randomUUID()}`);
  try {
    const file = openSync(beside, "wx", 0o600);
    try {
      // All of it or an error: one call to write may take less, where the disk is nearly full.
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  flushFolder(folder);
};

/** Removes what a kill left beside `path` while it was written: it can hold what was deleted since. */
export const removeLeftovers = (path: string): void => {
  const begins = `.${basename(path)}.`;
  for (const name of attempted(dirname(path)))
    if (name.startsWith(begins) && UUID.test(name.slice(begins.length)))
      rmSync(join(dirname(path), name), { force: true });
};
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const attempted = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
};

/** The rename itself survives a power cut only when the folder is flushed; Windows cannot open folders and needs no such step. */
const flushFolder = (folder: string): void => {
  if (process.platform === "win32") return;
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** The file's text, or undefined when there is no such file. Every other failure throws. */
export const readWhole = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
};
