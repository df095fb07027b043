/** The check that keeps texts in one place, with what it must find. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { findTexts } from "../../../scripts/check/texts.ts";
import { tempDir } from "../../helpers/temp.ts";

const breachesOf = (file: string, text: string): string[] => {
  const root = tempDir();
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  return findTexts(root).map((breach) => `${breach.file}:${breach.line} ${breach.sentence}`);
};

test("the real tree says nothing outside of its texts", () => {
  expect(findTexts(resolve(import.meta.dirname, "../../.."))).toEqual([]);
});

test.each([
  ["renderer/pages/a.tsx", `export const A = () => <p>Nothing waits</p>;`],
  ["renderer/pages/a.tsx", `export const A = ({ on }) => <p>{on ? "on" : words.off}</p>;`],
  ["renderer/pages/a.tsx", "export const A = ({ n }) => <p>{`${n} left`}</p>;"],
  ["renderer/parts/a.tsx", `export const A = () => <input placeholder="name" />;`],
  ["renderer/parts/a.tsx", `export const A = () => <div aria-label="Notices" />;`],
  ["renderer/parts/a.tsx", `export const A = ({ on }) => <b title={on ? "on" : undefined} />;`],
  ["renderer/state/a.ts", `told("Nothing was sent.");`],
  ["renderer/parts/a.tsx", `export const A = ({ n }) => <p>{countWords(n, "item", words.items)}</p>;`],
  ["electron/main/a.ts", `dialog.showErrorBox("Bulkhead could not start", why);`],
  ["electron/browser-shell/a.ts", "say(`Bulkhead is at ${address}`);"],
])("finds in %s what %s says", (file, text) => {
  expect(breachesOf(file, text)).toEqual([expect.stringMatching(/:1 “.*” belongs in renderer\/text$/)]);
});

test.each([
  ["every text", `export const aWords = { close: "Close it" };`],
  ["a text under another name", `export const aWords = words("b.aWords", { close: "Close it" });`],
  ["what a function says", "export const aWords = (n: number): string => `${n} tools are there`;"],
])("finds in the texts %s that another language would not have", (_, text) => {
  expect(breachesOf("renderer/text/a.ts", text)).toEqual([
    `renderer/text/a.ts:1 every text passes words("a.aWords", …)`,
  ]);
});

test.each([
  ["renderer/pages/a.tsx", `export const A = () => <p className="row wrap" data-kind="kind">{words.title}</p>;`],
  ["renderer/pages/a.tsx", `export const A = ({ on }) => <p>{on === "yes" ? <Key>Enter</Key> : null}</p>;`],
  ["renderer/pages/a.tsx", `export const A = () => <input placeholder="https://" />;`],
  ["renderer/text/a.ts", `export const aWords = words("a.aWords", { close: "Close it" });`],
  ["renderer/text/deep/a.ts", `export const aWords = words("deep/a.aWords", { close: "Close it" });`],
  ["renderer/text/a.ts", `const inner = "Close it";\nexport type A = "Close it";\nexport const a = (x: string) => x;`],
])("lets in %s stand what is no text of its own: %s", (file, text) => {
  expect(breachesOf(file, text)).toEqual([]);
});
