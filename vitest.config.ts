import { defineConfig } from "vitest/config";

/** Browser specs (`test/e2e`) and measurements (`test/bench`) have runners of their own. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["test/{unit,property,attack,compat,contract,pins,simulation,integration}/**/*.test.ts"],
    // Native modules and child processes misbehave in worker threads; a process per file also isolates a crash.
    pool: "forks",
    // Most tests wait for child processes, so more of them than cores are under way.
    maxWorkers: 4,
    // Longer than several waits of a test are patient (test/helpers/wait.ts), so that it says what it waited for in vain, and
    // than what only computes may take on a slow machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: 60_000, interval: 10 } },
    restoreMocks: true,
    passWithNoTests: false,
  },
});
