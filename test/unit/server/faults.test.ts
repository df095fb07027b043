import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../../helpers/temp.ts";

const CANARY = "canary-of-a-private-text";
const LOG = new URL("../../../sync-server/server/system/log.ts", import.meta.url).href;
/** A process whose own code fails, as the server's could. */
const run = (body: string) => {
  const script = join(tempDir(), "fails.mjs");
  writeFileSync(
    script,
    `import { createLog, logFaults } from "${LOG}"; logFaults(createLog((line) => process.stderr.write(line), () => 0)); ${body}`,
  );
  return spawnSync(process.execPath, [script], { encoding: "utf8" });
};

test("[T23] a server that fails says where, without the error's message, and ends; a promise that nobody heard does not end it", () => {
  const ended = run(
    `setTimeout(function failHere() { throw Object.assign(new TypeError("${CANARY}"), { code: "ENOSPC" }); });`,
  );
  expect(ended.status).toBe(1);
  expect(ended.stderr).not.toContain(CANARY);
  expect(JSON.parse(ended.stderr)).toMatchObject({
    event: "uncaught-exception",
    error: "TypeError",
    frames: expect.arrayContaining([expect.stringMatching(/^at .*failHere \(fails\.mjs:1:\d+\)$/)]) as string[],
  });
  const goesOn = run(
    `void Promise.reject(new RangeError("${CANARY}")); setTimeout(() => process.stdout.write("goes on"), 50);`,
  );
  expect([goesOn.status, goesOn.stdout]).toEqual([0, "goes on"]);
  expect(goesOn.stderr).not.toContain(CANARY);
  expect(JSON.parse(goesOn.stderr)).toMatchObject({ event: "unhandled-rejection", error: "RangeError" });
});
