/** Which schemas need no watch over the time that they take. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { misfit } from "../../../../electron/host/tools/schema-fit.ts";
import { isPlainSchema } from "../../../../electron/host/tools/plain-schema.ts";

const text = { type: "string" };
const of = (a: unknown): Record<string, unknown> => ({ type: "object", properties: { a } });

test.each([
  of(text),
  of({ type: "array", items: { type: "object", properties: { n: { type: "integer", minimum: 1 } } } }),
  of({ enum: ["a", 1, null, true] }),
  { ...of(text), required: ["a"], additionalProperties: false, $schema: "http://json-schema.org/draft-07/schema#" },
])("what tools usually say is plain: %j", (schema) => {
  expect(isPlainSchema(schema)).toBe(true);
});

const deep = (levels: number): unknown => (levels === 0 ? text : { properties: { a: deep(levels - 1) } });
test.each([
  ["a pattern", { type: "string", pattern: "^(a|a)*$" }],
  ["names by pattern", { patternProperties: { "^(a|a)*$": text } }],
  ["names by schema", { propertyNames: { pattern: "a" } }],
  ["a reference", { $ref: "#/$defs/a" }],
  ["a reference that moves", { $dynamicRef: "#a" }],
  ["alternatives", { anyOf: [text] }],
  ["parts that differ", { type: "array", uniqueItems: true }],
  ["a count of parts", { contains: text }],
  ["a long list", { enum: Array.from({ length: 65 }, (_, index) => index) }],
  ["things to compare whole", { enum: [{ a: 1 }] }],
  ["a value to compare whole", { const: { a: [1] } }],
  ["a tuple", { items: [text] }],
  ["many levels", deep(40)],
  ["a large one", { ...text, description: "x".repeat(9_000) }],
  ["a word that nobody knows", { "x-anything": true }],
  ["no schema", 3],
])("%s is not", (_, part) => {
  expect(isPlainSchema(of(part))).toBe(false);
  // Positive control: it is that part.
  expect(isPlainSchema(of(text))).toBe(true);
});

test("a plain schema gives the verdict that it gave under watch", () => {
  const value = fc.record({ a: fc.oneof(fc.string(), fc.integer(), fc.array(fc.integer({ max: 3 }))) });
  const plain = of({ type: "array", items: { type: "integer", minimum: 0 } });
  const same = { ...plain, $defs: {} };
  expect([isPlainSchema(plain), isPlainSchema(same)]).toEqual([true, false]);
  fc.assert(
    fc.property(value, (args) => {
      const json = JSON.stringify(args);
      expect(misfit(plain, json)).toEqual(misfit(same, json));
    }),
    { numRuns: 60 },
  );
});
