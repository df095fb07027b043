/**
 * `npm run e2e`: the story of two people on real parts. Builds the windows when they are older than their sources,
 * finds Chromium and runs the browser specs; the desktop specs have a script of their own (desktop.ts).
 * Words after `--` go to Playwright, e.g. `npm run e2e -- story`.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { needChromium, NoBrowser } from "./browser.ts";
import { nodeStep, ROOT, say, tool } from "./check/step.ts";

const BUILT = resolve(ROOT, "build/renderer/index.html");
const WINDOW_SOURCES = ["renderer", "electron/bridge", "sync-server/core", "vite.config.ts", "package-lock.json"];

/** Answers whether everything passed. */
export const runE2e = async (args: readonly string[] = []): Promise<boolean> => {
  const browser = chromiumOrSentence();
  if (browser === null) return false;
  if (!(await buildWindows())) return false;
  const { code } = await nodeStep(tool("@playwright/test/cli.js"), ["test", "--project=browser", ...args], {
    env: { BULKHEAD_CHROMIUM: browser },
  });
  return code === 0;
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
