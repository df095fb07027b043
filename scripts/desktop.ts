/**
 * `npm run desktop`: the desktop specs on real Electron, and on which version they ran; or one sentence where there is none.
 *
 *   npm run desktop -- [--electron PROGRAM] [words for Playwright]
 *
 * Without `--electron` the pinned Electron is taken where its program is installed (see electron-binary.ts), else the
 * program that BULKHEAD_OLD_ELECTRON names. For an Electron older than the pinned one the app is built anew (older.ts).
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { nodeStep, ROOT, say, tool } from "./check/step.ts";
import { freshElectron, freshRenderer } from "./build.ts";
import { buildForOlder, isOlder } from "./desktop/older.ts";
import type { Versions } from "./desktop/older.ts";
import { desktopLine } from "./desktop/line.ts";
import type { DesktopReport } from "./desktop/line.ts";
import { openScreen } from "./desktop/screen.ts";
import { findElectron, pinnedElectron } from "./electron-binary.ts";

export const DESKTOP_REPORT = resolve(ROOT, "test-results/desktop.json");
const NO_ELECTRON = "Desktop: no Electron on this computer, so the desktop specs did not run.";
const NO_SCREEN =
  "Desktop: no screen for Electron on this computer (Xvfb and xrandr make one), so the desktop specs did not run.";

/** The program to run the specs on, or null where there is none. */
export const chooseElectron = (
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  find: (env: NodeJS.ProcessEnv) => string | null,
): { readonly program: string | null; readonly rest: string[] } => {
  const at = args.indexOf("--electron");
  const rest = at < 0 ? [...args] : args.filter((_, index) => index !== at && index !== at + 1);
  const old = env["BULKHEAD_OLD_ELECTRON"];
  return {
    program: at < 0 ? (find(env) ?? (old === undefined || old === "" ? null : old)) : (args[at + 1] ?? ""),
    rest,
  };
};

/** What the program states of itself, or null where it does not run. */
const versionsOf = (program: string): Versions | null => {
  const asked = spawnSync(
    program,
    ["-p", "JSON.stringify({ electron: process.versions.electron, node: process.versions.node })"],
    { env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" }, encoding: "utf8", timeout: 30_000 },
  );
  return asked.status === 0 ? (JSON.parse(asked.stdout) as Versions) : null;
};

export interface DesktopRun {
  readonly passed: boolean;
  /** Which Electron ran how many specs, or why none ran. */
  readonly line: string;
}

export const runDesktop = async (args: readonly string[] = []): Promise<DesktopRun> => {
  const { program, rest } = chooseElectron(args, process.env, findElectron);
  if (program === null) return { passed: true, line: NO_ELECTRON };
  const screen = await openScreen();
  if (screen === null) return { passed: true, line: NO_SCREEN };
  try {
    const versions = existsSync(program) ? versionsOf(program) : null;
    if (versions === null) return { passed: false, line: `Desktop: ${program} is no Electron that runs here.` };
    rmSync(DESKTOP_REPORT, { force: true });
    const code = await runSpecs(program, versions, rest, screen.env);
    const report = existsSync(DESKTOP_REPORT)
      ? (JSON.parse(readFileSync(DESKTOP_REPORT, "utf8")) as DesktopReport)
      : { suites: [] };
    return { passed: code === 0, line: desktopLine(report, versions.electron) };
  } finally {
    screen.close();
  }
};

const runSpecs = async (
  program: string,
  versions: Versions,
  args: readonly string[],
  env: Record<string, string>,
): Promise<number> => {
  const playwright = async (own: Record<string, string>) =>
    (
      await nodeStep(
        tool("@playwright/test/cli.js"),
        ["test", "--project=desktop", "--workers=1", "--output=test-results/desktop", ...args],
        { env: { ...env, BULKHEAD_REPORT: DESKTOP_REPORT, ...own } },
      )
    ).code;
  // Teammates in the specs are browser shells: they need the windows as every app does.
  await freshRenderer();
  if (!isOlder(versions.electron, pinnedElectron())) {
    await freshElectron();
    return playwright({ BULKHEAD_ELECTRON: program });
  }
  say(`Desktop: building the app for Electron ${versions.electron}.`);
  const older = await buildForOlder(program, versions);
  try {
    return await playwright({
      BULKHEAD_ELECTRON: older.program,
      BULKHEAD_APP: older.app,
      BULKHEAD_HOST_NODE: process.execPath,
    });
  } finally {
    older.remove();
  }
};

if (import.meta.main) {
  const { passed, line } = await runDesktop(process.argv.slice(2));
  say(line);
  process.exitCode = passed ? 0 : 1;
}
