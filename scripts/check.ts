/** `npm run check`: types, lint, form, unused code, the direction of imports, silent errors, long functions and texts. Runs all, then says what failed. */
import { findBreaches } from "./check/imports.ts";
import { findSilences } from "./check/silences.ts";
import { findLong } from "./check/sizes.ts";
import type { Finding } from "./check/source.ts";
import { nodeStep, ROOT, say, tool } from "./check/step.ts";
import { findComposed } from "./check/composed.ts";
import { findTexts } from "./check/texts.ts";

const SOURCES = ["electron", "renderer", "sync-server", "scripts", "test"];

interface Check {
  readonly name: string;
  run(): Promise<boolean>;
}

const checks: readonly Check[] = [
  { name: "types", run: () => passes("typescript/bin/tsc", ["-b"]) },
  { name: "lint", run: () => passes("oxlint/bin/oxlint", ["--type-aware", "--deny-warnings", ...SOURCES]) },
  { name: "form (npm run format mends it)", run: () => passes("oxfmt/bin/oxfmt", ["--check", "."]) },
  { name: "direction of imports", run: () => nothing(findBreaches(ROOT)) },
  { name: "errors that vanish", run: () => nothing(findSilences(ROOT)) },
  { name: "length of functions", run: () => nothing(findLong(ROOT)) },
  { name: "texts where they belong", run: () => nothing(findTexts(ROOT)) },
  { name: "facts told as codes", run: () => nothing(findComposed(ROOT)) },
  { name: "unused code", run: () => passes("knip/bin/knip.js", ["--no-progress", "--treat-config-hints-as-errors"]) },
];

/** Answers the names of the checks that failed. */
export const runChecks = async (): Promise<{ passed: number; failed: string[] }> => {
  const failed: string[] = [];
  for (const check of checks) {
    say(`check: ${check.name}`);
    if (!(await check.run())) failed.push(check.name);
  }
  return { passed: checks.length - failed.length, failed };
};

async function passes(path: string, args: readonly string[]): Promise<boolean> {
  return (await nodeStep(tool(path), args)).code === 0;
}

function nothing(findings: readonly Finding[]): Promise<boolean> {
  for (const found of findings) say(`${found.file}:${found.line} ${found.sentence}`);
  return Promise.resolve(findings.length === 0);
}

if (import.meta.main) {
  const { failed } = await runChecks();
  say(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
