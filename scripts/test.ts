/**
 * `npm test`: checks, then unit, property, contract, attack and integration tests, then the end-to-end story, and the
 * desktop specs where there is an Electron. Runs all of it even after a failure and ends with one plain line of totals.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { needChromium, NoBrowser } from "./browser.ts";
import { runChecks } from "./check.ts";
import { nodeStep, ROOT, say, tool } from "./check/step.ts";
import { DESKTOP_REPORT, runDesktop } from "./desktop.ts";
import { runE2e } from "./e2e.ts";
import { failedSpecs, failedUnits, shakySpecs } from "./failed-tests.ts";
import type { E2eReport, UnitReport } from "./failed-tests.ts";
import { hostileLine } from "./hostile-line.ts";
import type { HostileReport } from "./hostile-line.ts";

const RESULTS = resolve(ROOT, "test-results");
const UNIT = resolve(RESULTS, "unit.json");
const E2E = resolve(RESULTS, "e2e.json");

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const main = async (): Promise<void> => {
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  installBrowser();
  const checks = await runChecks();
  const unitPassed =
    (
      await nodeStep(tool("vitest/vitest.mjs"), [
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${UNIT}`,
      ])
    ).code === 0;
  const e2ePassed = await runE2e();
  const desktop = await runDesktop();
  report(
    [
      { passed: checks.passed, failed: checks.failed.length, skipped: 0 },
      totalsOf(UNIT, unitTotals, unitPassed),
      totalsOf(E2E, e2eTotals, e2ePassed),
      totalsOf(DESKTOP_REPORT, e2eTotals, desktop.passed),
    ],
    desktop.line,
  );
  const units = told<UnitReport>(UNIT, failedUnits);
  if (!unitPassed && units.length === 0)
    units.push("Failed: the run of Vitest itself, and none of its tests: look for an unhandled error above.");
  for (const line of [
    ...units,
    ...told<E2eReport>(E2E, failedSpecs),
    ...told<E2eReport>(DESKTOP_REPORT, failedSpecs),
    ...told<E2eReport>(E2E, shakySpecs),
    ...told<E2eReport>(DESKTOP_REPORT, shakySpecs),
  ])
    say(line);
  if (checks.failed.length > 0) say(`Checks that failed: ${checks.failed.join(", ")}.`);
};

/** Before anything waits for it: an installation takes longer than a test may. Without a browser its tests fail by name. */
const installBrowser = (): void => {
  try {
    needChromium();
  } catch (error) {
    if (!(error instanceof NoBrowser)) throw error;
    say(error.message);
  }
};

/** The last line is what a person or a machine reads: `N passed, N failed`. */
const report = (parts: readonly Totals[], desktop: string): void => {
  const sum = (key: keyof Totals) => parts.reduce((total, part) => total + part[key], 0);
  const skipped = sum("skipped");
  if (existsSync(UNIT)) say(hostileLine(JSON.parse(readFileSync(UNIT, "utf8")) as HostileReport));
  say(desktop);
  process.exitCode = sum("failed") === 0 && skipped === 0 ? 0 : 1;
  process.on("exit", () =>
    say(`${sum("passed")} passed, ${sum("failed")} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`),
  );
};

const told = <R>(file: string, read: (report: R) => string[]): string[] =>
  existsSync(file) ? read(JSON.parse(readFileSync(file, "utf8")) as R) : [];

/** A run that failed without saying which test did (a crash, no browser) still counts as one failure. */
const totalsOf = <R>(file: string, read: (report: R) => Totals, passed: boolean): Totals => {
  const totals = existsSync(file)
    ? read(JSON.parse(readFileSync(file, "utf8")) as R)
    : { passed: 0, failed: 0, skipped: 0 };
  return !passed && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
};

const unitTotals = (report: {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}): Totals => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
  skipped: report.numPendingTests + report.numTodoTests,
});

const e2eTotals = (report: {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}): Totals => ({
  passed: report.stats.expected + report.stats.flaky,
  failed: report.stats.unexpected,
  skipped: report.stats.skipped,
});

await main();
