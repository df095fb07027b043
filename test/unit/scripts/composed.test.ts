/** The check that keeps sentences out of the host and the client, with what it must find. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { findComposed } from "../../../scripts/check/composed.ts";
import { COMPOSED } from "../../../scripts/check/composed-places.ts";
import { tempDir } from "../../helpers/temp.ts";

const breachesOf = (file: string, text: string, allowed = {}): string[] => {
  const root = tempDir();
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  return findComposed(root, allowed).map((breach) => `${breach.file}:${breach.line}`);
};
const ROOT = resolve(import.meta.dirname, "../../..");

test("the real tree composes no sentence but those that are counted, and the count sees them (control)", () => {
  expect(findComposed(ROOT)).toEqual([]);
  const counted = findComposed(ROOT, {}).map(({ file }) => file);
  expect([...new Set(counted)].filter((file) => COMPOSED[file] === undefined)).toEqual([]);
});

test.each([
  ["electron/host/gate/a.ts", `throw new Refusal("gone", "This tool is gone. Nothing was run.");`],
  ["electron/host/gate/a.ts", "throw new Refusal(`gone`, `The tool is gone: ${name}`);"],
  ["electron/host/tools/a.ts", `const why = { code: "gone", message: "It is gone now." };`],
  ["electron/shell/a.ts", `refused("keys", told("note", "The keys cannot be read."));`],
  ["electron/host/store/a.ts", `const a = [db.prepare("SELECT 1"), "The row is gone now."];`],
  ["sync-server/client/link/a.ts", `const text = (n) => "Try again in " + n;`],
])("finds in %s what %s says", (file, text) => {
  expect(breachesOf(file, text)).toEqual([`${file}:1`]);
  expect(breachesOf(file, text, { [file]: 1 })).toEqual([]);
});

test.each([
  ["electron/host/gate/a.ts", `throw refused("gone", name);`],
  ["electron/host/gate/a.ts", `throw new Error("the ledger has this call already");`],
  ["electron/host/store/a.ts", "const a = db.prepare<[string]>(`SELECT ${COLUMNS} FROM calls WHERE id = ?`);"],
  ["electron/shell/a.ts", `const folder = join(home, "Application Support");`],
  ["electron/host/agent/words.ts", `export const NOTE = "The call was not made.";`],
  ["sync-server/core/a.ts", `const other = "Another folder has a check of its own.";`],
])("lets in %s stand what nobody is shown: %s", (file, text) => {
  expect(breachesOf(file, text)).toEqual([]);
});

test("a number that is higher than what is composed is refused, also of a file that is gone", () => {
  const list = "scripts/check/composed-places.ts:1";
  const [file, text] = ["electron/host/gate/a.ts", `const why = { code: "gone", message: "It is gone now." };`];
  expect(breachesOf(file, text, { [file]: 1 })).toEqual([]);
  expect(breachesOf(file, text, { [file]: 2 })).toEqual([list]);
  expect(breachesOf(file, text, { [file]: 1, "electron/host/gate/gone.ts": 1 })).toEqual([list]);
});
