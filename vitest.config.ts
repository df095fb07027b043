import { defineConfig } from "vitest/config";

/** Browser specs (`test/e2e`) and measurements (`test/bench`) have runners of their own. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["test/{unit,property,attack,contract,pins,simulation,integration}/**/*.test.ts"],
    // Native modules and child processes misbehave in worker threads; a process per file also isolates a crash.
    pool: "forks",
    // Most tests wait for child processes, so more of them than cores are under way.
    maxWorkers: 4,
    // Longer than a wait in a test is patient (test/helpers/wait.ts): a test then says what it waited for in vain.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    expect: { poll: { timeout: 60_000, interval: 10 } },
    restoreMocks: true,
    passWithNoTests: false,
  },
});
