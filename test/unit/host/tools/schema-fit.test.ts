import { worded, wordsOf } from "../../../helpers/worded.ts";
import { Script } from "node:vm";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { misfit } from "../../../../electron/host/tools/schema-fit.ts";

const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "object",
  properties,
  ...more,
});
const path = object({ path: { type: "string" } }, { required: ["path"], additionalProperties: false });

test.each([
  [path, { path: "notes.txt" }, null],
  [path, {}, /must have “path”/],
  [path, { path: 3 }, /“path” must be a text in quotes/],
  [path, { path: "a", mode: "w" }, /must not have “mode”/],
  [object({ n: { type: "integer", minimum: 1 } }), { n: 0 }, /“n” must be >= 1/],
  [object({ kind: { enum: ["a", "b"] } }), { kind: "c" }, /“kind” must be equal to one of/],
  [
    object({ to: { $ref: "#/$defs/to" } }, { $defs: { to: { type: "array", items: { type: "string" } } } }),
    { to: [1] },
    /“to.0” must be a text in quotes/,
  ],
  // Draft 7 reads an array of `items` as a tuple, 2020-12 does not.
  [
    object(
      { pair: { items: [{ type: "string" }, { type: "number" }] } },
      { $schema: "http://json-schema.org/draft-07/schema#" },
    ),
    { pair: ["a", "b"] },
    /“pair.1” must be a number/,
  ],
])("arguments are held against the schema: %j %j", (schema, args, wanted) => {
  const said = misfit(schema, JSON.stringify(args));
  if (wanted === null) expect(said).toBeNull();
  else expect(wordsOf(said)).toMatch(wanted);
});

test("a schema that cannot be judged here refuses nothing", () => {
  for (const schema of [
    { type: "nonsense" },
    object({ a: { $ref: "https://elsewhere.example/schema" } }),
    object({ a: { type: "string", pattern: "[" } }),
    object({ a: { type: "string", format: "made-up" } }),
    object({ a: { const: "x".repeat(70_000) } }),
  ])
    expect(misfit(schema, `{"a":"b"}`)).toBeNull();
});

test("a pattern that could take for ever is not tried, one that is quick is", () => {
  const of = (pattern: string) => object({ a: { type: "string", pattern } });
  expect(misfit(of("^(a+)+$"), JSON.stringify({ a: `${"a".repeat(40)}!` }))).toBeNull();
  expect(misfit(of("^(a|a)*$"), JSON.stringify({ a: `${"a".repeat(40)}!` }))).toBeNull();
  expect(misfit(of("^[a-z]+$"), `{"a":"A"}`)).toEqual(worded(/must match pattern/));
});

test("a schema that takes longer than a call is worth refuses nothing, and one beside it is judged", () => {
  const of = (pattern: string) => object({ a: { type: "string", pattern } });
  const text = JSON.stringify({ a: "a".repeat(60) });
  // Each is over in the end, and would then say what does not fit.
  expect(misfit(of(`^${"a?".repeat(25)}b$`), text)).toBeNull();
  expect(misfit(of(`^${"(a|a)".repeat(25)}b$`), text)).toBeNull();
  const steps = Array.from({ length: 27 }, (_, step) => {
    const next = { $ref: `#/$defs/d${step + 1}` };
    return [`d${step}`, { allOf: [next, next] }] as const;
  });
  const doubling = { $defs: { ...Object.fromEntries(steps), d27: { type: "object" } } };
  expect(misfit({ ...doubling, allOf: [{ $ref: "#/$defs/d0" }, { type: "string" }] }, "{}")).toBeNull();
  expect(misfit(of("^b$"), text)).toEqual(worded(/must match pattern/));
});

test("a plain schema is judged by no clock, however busy the machine is, and any other by one", () => {
  const watched = vi.spyOn(Script.prototype, "runInContext");
  onTestFinished(() => watched.mockRestore());
  expect(misfit(object({ path: { type: "string" } }, { required: ["path"] }), "{}")).toEqual(
    worded(/must have “path”/),
  );
  expect(watched).not.toHaveBeenCalled();
  expect(misfit(object({ a: { type: "string", pattern: "^b$" } }), `{"a":"c"}`)).toEqual(worded(/must match pattern/));
  expect(watched).toHaveBeenCalled();
});

test("whatever the schema and the arguments are, the host gets a sentence or nothing", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (schema, args) => {
      const said = misfit({ properties: schema } as Record<string, unknown>, JSON.stringify(args));
      expect(said === null || (wordsOf(said)?.length ?? 0) < 700).toBe(true);
    }),
  );
});
