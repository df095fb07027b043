import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLog } from "../../../../electron/host/log.ts";
import { createApp } from "../../../../electron/host/app/app.ts";
import { atHome, REPORT_LINES } from "../../../../electron/host/app/report.ts";
import type { SettingsStore } from "../../../../electron/host/store/settings.ts";
import { tempDir } from "../../../helpers/temp.ts";

const report = (dir: string) => {
  const lines: string[] = [];
  const { handlers } = createApp({
    dir,
    shell: { kind: "electron", detail: "Electron 45.4.1, Chromium 150" },
    log: createLog(
      (line) => lines.push(line),
      () => 0,
    ),
    settings: {} as SettingsStore,
    publisher: { publish: () => undefined },
    rename: () => Promise.resolve({ told: 0, waiting: 0 }),
  });
  return { lines, handlers, get: () => handlers["report.get"]({} as never) };
};

test("a report has the last lines of every log file in their order, and the figures of this computer", async () => {
  const dir = tempDir();
  expect((await report(dir).get()).lines).toEqual([]);
  mkdirSync(join(dir, "logs"));
  for (const [name, from] of [
    ["bulkhead.log", 300],
    ["bulkhead.log.1", 150],
    ["bulkhead.log.2", 0],
  ] as const)
    writeFileSync(join(dir, "logs", name), Array.from({ length: 150 }, (_, n) => `${from + n}\n`).join(""));
  const { lines, about } = await report(dir).get();
  expect(lines).toEqual(Array.from({ length: REPORT_LINES }, (_, n) => String(450 - REPORT_LINES + n)));
  expect(about).toMatchObject({ shell: "Electron 45.4.1, Chromium 150", node: process.versions.node });
  expect(about.system).toContain(process.platform);
});

test("[T23] the place of the log does not name the account", () => {
  expect(atHome(join(homedir(), "data/logs"), homedir())).toBe("~/data/logs");
  expect(atHome("/srv/data/logs", "/home/ada")).toBe("/srv/data/logs");
});

test("[T23] what a window reports joins the log as its kind and its frames; a text in their place is withheld", async () => {
  const { handlers, lines } = report(tempDir());
  await handlers["fault.report"]({ event: "error", name: "TypeError", stack: ["at draw (index.js:1:2)"] });
  await handlers["fault.report"]({ event: "error", name: "what Ada wrote", stack: [] } as never);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    at: 0,
    event: "window.error",
    code: "TypeError",
    frames: ["at draw (index.js:1:2)"],
  });
  expect(lines[1]).not.toContain("Ada");
});
