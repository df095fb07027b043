/**
 * What stands now in the file that a call would write, so that whoever decides sees a difference and not only the new
 * text. Read on the computer on which the tool runs, and only from what is surely meant: an absolute path in an argument
 * of a known name, a new text in another, a regular file of UTF-8.
 *
 * Nothing here decides where the text goes: `gate/WHY.md` says what leaves this computer, and when.
 */
import { constants } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { isAbsolute, normalize, relative, sep } from "node:path";
import { PRESENT_MAX, type Before } from "#bridge/card.ts";
import type { Launch } from "#bridge/tool.ts";
import type { Present, PresentText } from "../seams.ts";
import { namedIn } from "./named-file.ts";
import type { Named } from "./named-file.ts";

export interface PresentDeps {
  readonly launch: (wid: string, server: string) => Launch | null;
  readonly readOnly: (wid: string, server: string, tool: string) => boolean;
}

/** A folder behind a network may never answer; a call does not wait for it. */
const PATIENCE_MS = 2_000;
const PATH_MAX = 1_024;
/** The new text does not take the place of the old one there, so their difference would mislead. */
const ADDS = /append|insert|prepend|concat/i;

export const createPresentText =
  ({ launch: launchOf, readOnly }: PresentDeps): PresentText =>
  async ({ wid, server, tool, args }) => {
    const launch = launchOf(wid, server);
    if (launch?.kind !== "stdio" || ADDS.test(tool) || readOnly(wid, server, tool)) return null;
    const named = namedIn(args);
    if (named === null || !isPlainPath(named.path)) return null;
    // What is there now is a help for whoever decides; the call says exactly what it does without it.
    return inTime(present(named, launch.args).catch(() => null));
  };

/** A path with two slashes first asks another computer on Windows, and would send it this person's name. */
const isPlainPath = (path: string): boolean =>
  path.length <= PATH_MAX && isAbsolute(path) && !/^[\\/]{2}/.test(path) && !path.includes("\0");

const present = async ({ argument, path }: Named, launchArgs: readonly string[]): Promise<Present | null> => {
  const place = await realpath(path);
  // Never a device or a pipe: opening one could wait for ever, or do something.
  if (!(await stat(place)).isFile()) return null;
  const file = await open(place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const read = await textOf(file);
    // What was a file in this place may be a link out of it by now.
    const [opened, there] = [await file.stat(), (await realpath(path)) === place ? await stat(place) : null];
    if (read === null || there === null || opened.ino !== there.ino || opened.dev !== there.dev) return null;
    return { before: { argument, path, ...read }, withinLaunch: await isWithin(place, launchArgs) };
  } finally {
    await file.close();
  }
};

/** Null where it is no text. A file of the system that says to be empty and is not has none either. */
const textOf = async (file: FileHandle): Promise<Pick<Before, "text" | "cut"> | null> => {
  const { size } = await file.stat();
  const cut = size > PRESENT_MAX;
  const wanted = cut ? PRESENT_MAX : size;
  const bytes = Buffer.alloc(wanted + 1);
  let have = 0;
  while (have < bytes.length) {
    const { bytesRead } = await file.read(bytes, have, bytes.length - have, have);
    if (bytesRead === 0) break;
    have += bytesRead;
  }
  if (cut ? have < wanted : have !== wanted) return null;
  try {
    // A cut may fall inside a character: that one is left out, and anything else that is no UTF-8 is refused.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, wanted), {
      stream: cut,
    });
    return text.includes("\0") ? null : { text, cut };
  } catch {
    // A file that is not there, may not be read or is no text has nothing to compare.
    return null;
  }
};

/** Whether the file lies in a folder that the server was started with, both without links. */
const isWithin = async (place: string, launchArgs: readonly string[]): Promise<boolean> => {
  for (const arg of launchArgs.filter(isPlainPath)) {
    // An argument that is no folder.
    const folder = await realpath(normalize(arg)).catch(() => null);
    if (folder === null || !(await stat(folder)).isDirectory()) continue;
    const way = relative(folder, place);
    if (way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return true;
  }
  return false;
};

const inTime = async (work: Promise<Present | null>): Promise<Present | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
