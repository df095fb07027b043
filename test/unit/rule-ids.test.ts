import { resolve } from "node:path";
import { expect, test } from "vitest";
import { citedIn, statedIn, textsUnder } from "../rule-ids.ts";

const root = resolve(import.meta.dirname, "../..");
const stated = new Set(textsUnder(root, /^SPEC\.md$/).flatMap((text) => [...statedIn(text)]));
const cited = new Set(textsUnder(resolve(root, "test"), /\.tsx?$/).flatMap((text) => [...citedIn(text)]));

test("every rule of a SPEC is cited by a test", () => {
  expect([...stated].filter((id) => !cited.has(id))).toEqual([]);
});

test("every rule that a test cites stands in a SPEC", () => {
  expect([...cited].filter((id) => !stated.has(id))).toEqual([]);
});

test("rules are read as they are written: alone, in lists and in ranges", () => {
  expect([...statedIn("- **CH6, CH7** One. **SV30 to SV32** Three. **bold** none.")]).toEqual(
    expect.arrayContaining(["CH6", "CH7", "SV30", "SV31", "SV32"]),
  );
  const open = "[";
  expect([
    ...citedIn(`test("${open}T15] ${open}GB2] gaps", f); test("SV20, SV21 a write", f); // ${open}XX1] here`),
  ]).toEqual(["GB2", "SV20", "SV21"]);
  expect([...citedIn(`test("says ${open}CH5] later", f)`)]).toEqual([]);
});
