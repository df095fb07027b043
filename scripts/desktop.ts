/**
 * Runs the desktop specs on real Electron and says on which version, or says in one sentence that there is none here.
 *
 *   node scripts/desktop.ts [words for Playwright]
 *
 * BULKHEAD_ELECTRON names Electron's program and ELECTRON_OVERRIDE_DIST_PATH its folder; otherwise the one in
 * node_modules is taken. BULKHEAD_APP names a folder with another build, for an older Electron.
 */
import { spawnSync } from "node:child_process";
import { nodeStep, say, tool } from "./check/step.ts";
import { freshElectron, freshRenderer } from "./build.ts";
import { findElectron } from "./electron-binary.ts";

/** Version that the program itself states. */
const versionOf = (program: string): string => {
  const asked = spawnSync(program, ["-p", "process.versions.electron"], { env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" }, encoding: "utf8", timeout: 15_000 });
  return asked.status === 0 ? asked.stdout.trim() : "of an unknown version";
};

const runDesktop = async (args: readonly string[]): Promise<number> => {
  const program = findElectron();
  if (program === null) {
    say("Desktop: Electron's program is not on this computer, so the desktop specs did not run.");
    return 0;
  }
  await freshRenderer();
  if (process.env["BULKHEAD_APP"] === undefined) await freshElectron();
  const { code } = await nodeStep(tool("@playwright/test/cli.js"), ["test", "--project=desktop", "--workers=1", ...args]);
  say(`Desktop: the specs above ran on Electron ${versionOf(program)}.`);
  return code;
};

if (import.meta.main) process.exitCode = await runDesktop(process.argv.slice(2));
