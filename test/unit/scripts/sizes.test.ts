import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { LINES_MAX } from "../../../scripts/check/long-functions.ts";
import { findLong } from "../../../scripts/check/sizes.ts";
import { tempDir } from "../../helpers/temp.ts";

const KEY = "renderer/a.ts createA";
/** `lines` are those of the function, its first and its last among them. */
const longOf = (lines: number, allowed: Record<string, number> = {}): string[] => {
  const root = tempDir();
  mkdirSync(join(root, "renderer"));
  const body = Array.from({ length: lines - 2 }, () => "  go();\n").join("");
  writeFileSync(join(root, "renderer/a.ts"), `export const createA = () => {\n${body}};\n`);
  return findLong(root, allowed).map(({ file, line, sentence }) => `${file}:${line} ${sentence}`);
};

test("no function of the real tree is longer than it may be", () => {
  expect(findLong(resolve(import.meta.dirname, "../../.."))).toEqual([]);
});

test("a function may have so many lines and not one more", () => {
  expect(longOf(LINES_MAX)).toEqual([]);
  expect(longOf(LINES_MAX + 1)).toEqual([
    expect.stringMatching(`^renderer/a.ts:1 createA has ${LINES_MAX + 1} lines of at most ${LINES_MAX}`),
  ]);
});

test("one in the list may be as long as it is there, and leaves the list when it is short", () => {
  expect(longOf(200, { [KEY]: 200 })).toEqual([]);
  expect(longOf(201, { [KEY]: 200 })).toEqual([expect.stringContaining("201 lines of at most 200")]);
  expect(longOf(LINES_MAX, { [KEY]: 200 })).toEqual([expect.stringContaining("take it out")]);
});
