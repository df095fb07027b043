/** What a person can hand on when something went wrong: the shell's log, read from the disk, and figures of this computer. */
import { readFileSync } from "node:fs";
import { arch, homedir, platform, release } from "node:os";
import { join } from "node:path";
import { LOG_FILE, LOG_FILES, LOG_FOLDER } from "#bridge/log-place.ts";
import { VERSION } from "#bridge/version.ts";
import type { AppView, ReportView } from "#bridge/app.ts";

/** Enough for the story of a failure, little enough to read and to send. */
export const REPORT_LINES = 200;

export const reportOf = (dir: string, shell: AppView["shell"]): ReportView => ({
  place: atHome(join(dir, LOG_FOLDER, LOG_FILE), homedir()),
  lines: lastLines(join(dir, LOG_FOLDER, LOG_FILE)),
  about: {
    version: VERSION,
    shell: shell.detail,
    node: process.versions.node,
    system: `${platform()} ${release()} ${arch()}`,
  },
});

/** The name of the account is nobody's business who reads a report. */
export const atHome = (path: string, home: string): string =>
  home !== "" && path.startsWith(home) ? `~${path.slice(home.length)}` : path;

const lastLines = (path: string): string[] => {
  const lines: string[] = [];
  for (let age = 0; age < LOG_FILES && lines.length < REPORT_LINES; age++)
    lines.unshift(...linesOf(age === 0 ? path : `${path}.${age}`));
  return lines.slice(-REPORT_LINES);
};

const linesOf = (path: string): string[] => {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    // There is none yet, or it was put aside just now.
    return [];
  }
};
