/**
 * Small files that must be whole or absent: written beside the target, flushed, then renamed over it.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, openSync, writeSync, fsyncSync, closeSync, renameSync, rmSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Replaces `path` with `text`, readable by its owner alone. The folder is made when missing. Throws what the disk says. */
export const writeWhole = (path: string, text: string): void => {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = join(folder, `.${basename(path)}.${randomUUID()}`);
  try {
    const file = openSync(beside, "wx", 0o600);
    try {
      writeSync(file, text);
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
