/** `npm run demo`, as somebody runs it who wants to see two people at once. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "@playwright/test";
import { expect } from "./fixtures.ts";

base("the demo starts a server and two apps, prints both addresses, and leaves nothing behind", () => {
  const own = mkdtempSync(join(tmpdir(), "bulkhead-demo-test-"));
  const run = spawnSync(process.execPath, ["scripts/demo.ts", "--smoke"], {
    encoding: "utf8",
    env: { ...process.env, TMPDIR: own, TEMP: own, TMP: own },
    timeout: 240_000,
  });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(/Ada's app: {2}http:\/\/127\.0\.0\.1:\d+\/#token=/);
  expect(run.stdout).toMatch(/Ben's app: {2}http:\/\/127\.0\.0\.1:\d+\/#token=/);
  const folder = /The tool works on (\S+)/.exec(run.stdout)?.[1] ?? "";
  expect(folder).toContain(own);
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(own).filter((name) => name.startsWith("bulkhead-demo-"))).toEqual([]);
  rmSync(own, { recursive: true });
});
