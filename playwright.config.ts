import { defineConfig } from "@playwright/test";

/** The story on real parts. `scripts/e2e.ts` builds the windows, finds Chromium and passes its path. */
export default defineConfig({
  testDir: "test/e2e",
  outputDir: "test-results/e2e",
  // Each spec starts whole apps: two at a time is what a small machine carries without slowing the clocks in them.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // Once more, alone among what failed: a whole machine of apps may lose a second anywhere. `npm test` names each such spec.
  retries: 1,
  // Patient, so that only what never happens fails: on a busy machine a step may take long.
  timeout: 900_000,
  expect: { timeout: 60_000 },
  reporter: [["list"], ["json", { outputFile: process.env["BULKHEAD_REPORT"] ?? "test-results/e2e.json" }]],
  projects: [
    { name: "browser", testIgnore: "desktop/**" },
    // Run only where an Electron is present: see scripts/desktop.ts.
    {
      name: "desktop",
      testMatch: "desktop/**/*.spec.ts",
      testIgnore: process.platform === "linux" ? [] : "desktop/linux-*",
    },
  ],
  use: {
    launchOptions: { executablePath: process.env["BULKHEAD_CHROMIUM"] ?? "/usr/bin/chromium" },
    screenshot: "only-on-failure",
    actionTimeout: 60_000,
    locale: "en-GB",
  },
});
