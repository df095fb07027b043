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
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    passWithNoTests: false,
  },
});
