/**
 * Finds a Chromium for the end-to-end tests, and installs one where that is possible. Order: what BULKHEAD_CHROMIUM
 * names, a browser of this system, Playwright's own copy, then the system's package manager or Playwright's download.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { say, tool } from "./check/step.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

export class NoBrowser extends Error {}

/** Path of a Chromium, or `null` when there is none on this computer yet. */
export const findChromium = (env: NodeJS.ProcessEnv = process.env): string | null => {
  const named = env["BULKHEAD_CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (runs(named)) return named;
    throw new NoBrowser(
      `BULKHEAD_CHROMIUM names ${named}, which is not a program. Correct it, or unset it to let the tests look for Chromium.`,
    );
  }
  const folders = (env["PATH"] ?? "").split(delimiter).concat("/usr/bin", "/usr/local/bin", "/snap/bin");
  const candidates = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .concat(PLACES, chromium.executablePath());
  return candidates.find(runs) ?? null;
};

/** A Chromium, installed now if need be. Throws `NoBrowser` with one sentence when that fails. */
export const needChromium = (): string => {
  const found = findChromium();
  if (found !== null) return found;
  say("No Chromium on this computer; installing one for the end-to-end tests.");
  for (const install of [fromApt, fromPlaywright]) {
    install();
    const installed = findChromium();
    if (installed !== null) return installed;
  }
  throw new NoBrowser(
    "The end-to-end tests need Chromium and it could not be installed: install Chromium or Chrome, or set BULKHEAD_CHROMIUM to its path, and run the tests again.",
  );
};

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not a program: the next place is tried.
    return false;
  }
};

const fromApt = (): void => {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { stdio: "ignore", env } as const;
  spawnSync("apt-get", ["update"], options);
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], options);
};

const fromPlaywright = (): void => {
  spawnSync(process.execPath, [tool("@playwright/test/cli.js"), "install", "chromium"], { stdio: "inherit" });
};

if (import.meta.main) {
  try {
    say(needChromium());
  } catch (error) {
    if (!(error instanceof NoBrowser)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
