import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { PassThrough } from "node:stream";
import { join } from "node:path";
import { expect, test } from "vitest";
import { causeOf } from "../../../electron/shell/cause.ts";
import { eachLine, openLogFile } from "../../../electron/shell/log-file.ts";
import { refused } from "#bridge/refused.ts";
import { factWords } from "#text/facts.ts";
import { createShellLog } from "../../../electron/shell/shell-log.ts";
import { createLog } from "../../../electron/host/log.ts";
import { tempDir } from "../../helpers/temp.ts";

const CANARY = "canary-of-a-private-text";

test("a log is for this account alone and never grows past its files, and the newest lines stay", () => {
  const path = join(tempDir(), "logs", "a.log");
  const log = openLogFile(path, 1_000, 3);
  for (let n = 0; n < 500; n++) log.write(`line ${n} ${"x".repeat(40)}`);
  expect(readdirSync(join(path, "..")).sort()).toEqual(["a.log", "a.log.1", "a.log.2"]);
  for (const name of ["", ".1", ".2"]) expect(statSync(path + name).size).toBeLessThanOrEqual(1_000);
  if (process.platform !== "win32")
    expect([statSync(path).mode & 0o777, statSync(join(path, "..")).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(readFileSync(path, "utf8").trimEnd().split("\n").at(-1)).toMatch(/^line 499 /);
  // One that was there before is carried on, and not begun again.
  openLogFile(path, 1_000_000, 3).write("after a restart");
  expect(readFileSync(path, "utf8")).toMatch(/line 499 .*\nafter a restart\n$/);
});

test("a log that cannot be written costs nothing, and goes on when it can be", () => {
  const folder = tempDir();
  mkdirSync(join(folder, "a.log"));
  const log = openLogFile(join(folder, "a.log"));
  log.write("lost");
  rmSync(join(folder, "a.log"), { recursive: true });
  log.write("kept");
  expect(readFileSync(join(folder, "a.log"), "utf8")).toBe("kept\n");
});

test("lines of a child come whole, however they were cut, and one without end is cut", () => {
  const [stream, lines] = [new PassThrough(), [] as string[]];
  eachLine(stream, (line) => lines.push(line));
  for (const part of ["fir", "st\nsec", "ond\n", "x".repeat(100_000), "\nlast"]) stream.write(part);
  stream.end();
  return expect
    .poll(() => lines.map((line) => line.slice(0, 10)).join())
    .toBe(`first,second,${"x".repeat(10)},last`)
    .then(() => expect(lines[2]?.length).toBe(8_192));
});

const written = () => {
  const lines: string[] = [];
  const log = createShellLog({ write: (line) => lines.push(line) }, "main", () => 0);
  return {
    log,
    lines,
    entries: () =>
      lines.map((line) => JSON.parse(line) as { process: string; event: string; error?: { stack: string[] } }),
  };
};

test("[T23] the shell's log says time, process, version, event and where an error came from, and never its message", () => {
  const { log, lines, entries } = written();
  log.fault("request.failed", new RangeError(CANARY), "server.start");
  log.fault("start.failed", refused("address-gone", CANARY));
  log.note("host.away", CANARY.repeat(9));
  expect(lines.join("\n")).not.toContain(CANARY);
  expect(entries()[0]).toMatchObject({
    time: "1970-01-01T00:00:00.000Z",
    process: "main",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
    event: "request.failed",
    what: "server.start",
    error: { name: "RangeError" },
  });
  expect(entries()[0]?.error?.stack[0]).toMatch(/log\.test\.ts/);
  expect(entries()[1]).toMatchObject({ error: { name: "Refusal", code: "address-gone" } });
});

test("[T23] the host's own lines are kept with their frames, those of its windows as theirs, and anything else is withheld", () => {
  const { log, lines, entries } = written();
  const host = createLog(
    (line) => log.hostLine(line.trimEnd()),
    () => 0,
  );
  host.fault("run.stumbled", new TypeError(CANARY), { what: "call" });
  host.note("window.error", { code: "TypeError", frames: [`at render (index.js:1:2)`, `at ${CANARY} text`] });
  log.hostLine(`TypeError: ${CANARY}`);
  log.hostLine(JSON.stringify({ at: 1, event: `private\n${CANARY}`, said: CANARY, frames: [CANARY] }));
  log.hostLine(JSON.stringify({ at: 1, event: "fine", said: CANARY }));
  expect(lines.join("\n")).not.toContain(CANARY);
  expect(entries().map(({ process, event }) => [process, event])).toEqual([
    ["host", "run.stumbled"],
    ["window", "window.error"],
    ["host", "output.withheld"],
    ["host", "output.withheld"],
    ["host", "fine"],
  ]);
  expect(entries()[0]?.error?.stack[0]).toMatch(/log\.test\.ts/);
  expect(entries()[1]).toMatchObject({ error: { name: "TypeError", stack: ["at render (index.js:1:2)"] } });
});

test("an error that the system names is said as what it is, and any other with the place of its log", () => {
  const words = (error: Error, step: string) => factWords(causeOf(error, step));
  expect(words(Object.assign(new Error(CANARY), { code: "ENOSPC" }), "server.start")).toMatch(/^The disk is full\. /);
  expect(words(Object.assign(new Error(CANARY), { code: "EACCES" }), "start")).toMatch(/data folder/);
  const other = words(new TypeError(CANARY), "server.start");
  expect(other).toContain("TypeError in server.start");
  expect(other).toContain("logs/bulkhead.log");
  expect(other).not.toContain(CANARY);
});
