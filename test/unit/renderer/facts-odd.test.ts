/** Facts that are not as their code wants them: of another version, out of a damaged row, or made up to break a window. */
import { expect, test } from "vitest";
import type { Told } from "#bridge/told.ts";
import { factWords } from "#text/facts.ts";
import { SENTENCES } from "#text/sentences.ts";

const eight = (value: unknown): unknown[] => Array<unknown>(8).fill(value);
const ODD: readonly (readonly unknown[])[] = [
  [],
  ...[
    null,
    1,
    "a",
    [],
    {},
    [[]],
    "__proto__",
    { code: "constructor", args: [] },
    { code: "__proto__" },
    { toString: 1 },
  ].map(eight),
];

test("a fact with other arguments than its code takes is words or its code, and ends no window", () => {
  const broken: string[] = [];
  for (const code of [...Object.keys(SENTENCES), "said", "", "__proto__", "constructor", "toString"])
    for (const args of ODD) {
      let words: unknown;
      try {
        words = factWords({ code, args } satisfies Told);
      } catch (error) {
        // What a window would not have outlived.
        words = error;
      }
      if (typeof words !== "string") broken.push(`${code} of ${JSON.stringify(args[0])}`);
    }
  expect(broken).toEqual([]);
  expect(factWords({ code: "__proto__", args: [] })).toBe("__proto__");
  // Where they are right, it is worded.
  expect(factWords({ code: "host-silent", args: [] })).toContain("does not answer");
});
