/** The one equality of plain values, held against an independent one: their JSON with the fields in order. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isSame } from "#core/protocol/same.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const inOrder = (value: Json): unknown => {
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((each) => inOrder(each));
  const fields = Object.entries(value).map(([key, each]) => [key, inOrder(each)] as const);
  // Told apart from a list of pairs at every depth.
  return { fields: fields.toSorted(([a], [b]) => (a < b ? -1 : 1)) };
};
const kindOf = (value: Json): string => JSON.stringify(inOrder(value));
/** Few keys and small values, so that two of them are often the same. */
const json = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Json>(null, true, false, 0, 1, "", "a"),
    fc.array(tie("json"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("a", "b", "0"), tie("json"), { maxKeys: 2, noNullPrototype: true }),
  ),
})).json;

test("two values are the same where their JSON is, whatever the order of their fields", () => {
  let same = 0;
  fc.assert(
    fc.property(json, json, (a, b) => {
      const isEqual = kindOf(a) === kindOf(b);
      if (isEqual) same += 1;
      expect(isSame(a, b)).toBe(isEqual);
      expect(isSame(b, a)).toBe(isEqual);
      expect(isSame(a, structuredClone(a))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(same).toBeGreaterThan(20);
});

test.each([
  ["fields in another order", { a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 }, true],
  ["a field that is undefined, and none", { a: 1, b: undefined }, { a: 1 }, true],
  ["a list, and the same in another order", [1, 2], [2, 1], false],
  ["a list, and one that begins with it", [1], [1, 2], false],
  ["a list, and an object with its numbers", ["x"], { 0: "x" }, false],
  ["deeper, an empty list and an empty object", { 0: [] }, { 0: {} }, false],
  ["a field that is called as what all inherit, and none", JSON.parse('{"__proto__":{}}'), {}, false],
  ["nothing, and an empty object", null, {}, false],
  ["a number, and its text", { a: 1 }, { a: "1" }, false],
])("%s", (_, a, b, expected) => {
  expect([isSame(a, b), isSame(b, a)]).toEqual([expected, expected]);
});
