import { resolve } from "node:path";
import { expect, test } from "vitest";
import { requirements } from "../requirements.ts";
import { claimsIn, disagreements, idsIn } from "../verifies.ts";

const standings = Object.fromEntries(Object.entries(requirements).map(([id, { standing }]) => [id, standing.kind]));

test("every promise is claimed by a test, or says why not", () => {
  expect(disagreements(standings, claimsIn(resolve(import.meta.dirname, "..")))).toEqual([]);
});

test("the list is T1 to T46, each with words", () => {
  expect(Object.keys(requirements)).toEqual(Array.from({ length: 46 }, (_, i) => `T${i + 1}`));
  for (const { promise, standing } of Object.values(requirements)) {
    expect(promise.length).toBeGreaterThan(20);
    if (standing.kind !== "proven")
      expect(("missing" in standing ? standing.missing : standing.why).length).toBeGreaterThan(10);
  }
});

test("the gate sees an unknown id, an unclaimed promise and a claim for what is deferred", () => {
  const claims = new Map([
    ["T1", ["a.test.ts"]],
    ["T9", ["a.test.ts"]],
    ["T77", ["a.test.ts"]],
  ]);
  expect(disagreements({ T1: "proven", T2: "partly", T9: "deferred" }, claims)).toEqual([
    "T77 is claimed and not a promise",
    "T2 is promised and no test claims it",
    "T9 is claimed and marked as deferred",
  ]);
});

test("a title claims by its first words only", () => {
  const open = "[";
  expect([
    ...idsIn(`test("${open}T19] runs once", f); it('${open}AP4] ${open}T20] x', f); // ${open}T3] in a comment`),
  ]).toEqual(["T19", "T20"]);
  expect([...idsIn(`test("says ${open}T5] later", f)`)]).toEqual([]);
});
