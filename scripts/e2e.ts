/**
 * `npm run e2e`: the story of two people on real parts. Builds the windows when they are older than their sources,
 * finds Chromium, runs the browser specs, and the desktop specs where Electron's binary is present.
 * Words after `--` go to Playwright, e.g. `npm run e2e -- story`.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { needChromium, NoBrowser } from "./browser.ts";
import { nodeStep, ROOT, say, tool } from "./check/step.ts";

const BUILT = resolve(ROOT, "build/renderer/index.html");
const WINDOW_SOURCES = ["renderer", "electron/bridge", "sync-server/core", "vite.config.ts", "package-lock.json"];

/** Answers whether everything passed. `desktop` says in words on which shells the specs ran. */
export const runE2e = async (args: readonly string[] = []): Promise<boolean> => {
  const browser = chromiumOrSentence();
  if (browser === null) return false;
  if (!(await buildWindows())) return false;
  const projects = electronBinary() === null ? ["--project=browser"] : ["--project=browser", "--project=desktop"];
  say(shellLine());
  const { code } = await nodeStep(tool("@playwright/test/cli.js"), ["test", ...projects, ...args], { env: { BULKHEAD_CHROMIUM: browser } });
  return code === 0;
};

/** Says which shells this machine can test. */
export const shellLine = (): string => {
  const electron = electronBinary();
  return electron === null
    ? "End-to-end: browser shell in Chromium. Electron's binary is not installed here, so the desktop specs are not part of this run."
    : `End-to-end: browser shell in Chromium, and the desktop shell on Electron ${electron.version}.`;
};

export const electronBinary = (): { path: string; version: string } | null => {
  const folder = resolve(ROOT, "node_modules/electron");
  const named = join(folder, "path.txt");
  if (!existsSync(named)) return null;
  const path = join(folder, "dist", readFileSync(named, "utf8").trim());
  if (!existsSync(path)) return null;
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return { path, version };
};

/** Builds the windows unless the built page is newer than everything it is made from. */
export const buildWindows = async (): Promise<boolean> => {
  const newest = Math.max(...WINDOW_SOURCES.map((place) => newestIn(resolve(ROOT, place))));
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= newest) return true;
  return (await nodeStep(tool("vite/bin/vite.js"), ["build", "--logLevel", "warn"])).code === 0;
};

const newestIn = (path: string): number => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
};

const chromiumOrSentence = (): string | null => {
  try {
    return needChromium();
  } catch (error) {
    if (!(error instanceof NoBrowser)) throw error;
    say(error.message);
    return null;
  }
};

if (import.meta.main) process.exitCode = (await runE2e(process.argv.slice(2))) ? 0 : 1;
