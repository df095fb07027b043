import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { targetsFrom } from "../../../scripts/build.ts";
import { failedLately, findElectron, programName, RETRY_AFTER_MS } from "../../../scripts/electron-binary.ts";
import { isStale, newest } from "../../../scripts/stale.ts";
import { chooseShell } from "../../../scripts/start.ts";
import { tempDir } from "../../helpers/temp.ts";

const has = () => Promise.resolve("/electron");
const hasNot = () => Promise.resolve(null);

test("Electron is chosen where it can be had, else the browser shell with one sentence why", async () => {
  const screen = { DISPLAY: ":0" };
  expect(await chooseShell(screen, "linux", has)).toEqual({ shell: "electron", program: "/electron" });
  expect(await chooseShell({}, "darwin", has)).toEqual({ shell: "electron", program: "/electron" });
  const fallback = await chooseShell(screen, "linux", hasNot);
  expect(fallback).toMatchObject({ shell: "browser" });
  expect("because" in fallback && fallback.because).toMatch(/^[^.]*Electron[^.]*browser shell\.$/);
  expect(await chooseShell({}, "linux", () => Promise.reject(new Error("asked")))).toMatchObject({ shell: "browser" });
});

test("BULKHEAD_SHELL decides, and says when it cannot be so", async () => {
  expect(
    await chooseShell({ BULKHEAD_SHELL: "browser", DISPLAY: ":0" }, "linux", () => Promise.reject(new Error("asked"))),
  ).toEqual({ shell: "browser", because: null });
  expect(await chooseShell({ BULKHEAD_SHELL: "electron" }, "linux", has)).toMatchObject({ shell: "electron" });
  expect(await chooseShell({ BULKHEAD_SHELL: "electron" }, "linux", hasNot)).toMatchObject({ shell: "none" });
});

test("a failed fetch is remembered for an hour", () => {
  const note = join(tempDir(), "note");
  expect(failedLately(note, Date.now())).toBe(false);
  writeFileSync(note, "");
  const now = Date.now() + 1_000;
  expect(failedLately(note, now)).toBe(true);
  expect(failedLately(note, now + RETRY_AFTER_MS)).toBe(false);
});

test("Electron's program is found in its package, in a named distribution or by its own path", () => {
  const folder = tempDir();
  expect(findElectron({}, folder)).toBeNull();
  const program = join(folder, "dist", programName(process.platform));
  mkdirSync(join(program, ".."), { recursive: true });
  writeFileSync(program, "");
  expect(findElectron({}, folder)).toBe(program);
  expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: join(folder, "dist") }, "/none")).toBe(program);
  expect(findElectron({ BULKHEAD_ELECTRON: program }, "/none")).toBe(program);
  expect(findElectron({ BULKHEAD_ELECTRON: "/none/electron" }, folder)).toBeNull();
});

test("something built is stale when any source is newer, also after a file was removed", () => {
  const folder = tempDir();
  const [source, built] = [join(folder, "source"), join(folder, "built")];
  mkdirSync(join(source, "deep"), { recursive: true });
  const file = join(source, "deep", "a.ts");
  writeFileSync(file, "");
  expect(isStale(built, [source])).toBe(true);
  const at = (path: string, seconds: number) => utimesSync(path, seconds, seconds);
  writeFileSync(built, "");
  for (const path of [file, join(source, "deep"), source]) at(path, 1_000);
  at(built, 2_000);
  expect(newest([source, join(folder, "missing")])).toBe(1_000_000);
  expect(isStale(built, [source])).toBe(false);
  at(file, 3_000);
  expect(isStale(built, [source])).toBe(true);
  rmSync(file);
  expect(isStale(built, [source])).toBe(true);
});

test("an older Electron gets its own targets and a CommonJS main", () => {
  expect(targetsFrom(undefined)).toEqual({ main: "node24", preload: "chrome140", mainFormat: "es" });
  expect(targetsFrom("chrome100/node16")).toEqual({ main: "node16", preload: "chrome100", mainFormat: "cjs" });
  expect(targetsFrom("nonsense")).toEqual(targetsFrom(undefined));
});
