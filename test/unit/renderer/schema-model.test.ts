import { expect, test } from "vitest";
import {
  formFromSchema,
  readForm,
  readJson,
  startValues,
  type FormField,
} from "../../../renderer/parts/schema-model.ts";

const fieldsOf = (schema: Record<string, unknown>): readonly FormField[] => {
  const model = formFromSchema(schema);
  if (model.kind !== "fields") throw new Error("expected fields");
  return model.fields;
};
const object = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: "object",
  properties,
  required,
});

test("each simple type of a schema gets its own kind of field", () => {
  const fields = fieldsOf(
    object(
      {
        path: { type: "string" },
        content: { type: "string" },
        n: { type: "integer" },
        on: { type: "boolean" },
        mode: { enum: ["a", "b"] },
        tags: { type: "array", items: { type: "string" } },
        deep: object({ x: { type: "number" } }),
      },
      ["path"],
    ),
  );
  expect(fields.map((field) => [field.name, field.kind, field.required])).toEqual([
    ["path", "text", true],
    ["content", "text", false],
    ["n", "number", false],
    ["on", "boolean", false],
    ["mode", "choice", false],
    ["tags", "texts", false],
    ["deep", "group", false],
  ]);
  expect(fields.map((field) => field.kind === "text" && field.long)).toEqual([
    false,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("what a form cannot show faithfully becomes a JSON editor", () => {
  expect(formFromSchema({ type: "object", oneOf: [{}, {}] })).toEqual({ kind: "json" });
  expect(formFromSchema({ type: "object", additionalProperties: { type: "string" } })).toEqual({ kind: "json" });
  expect(
    fieldsOf(
      object({
        any: {},
        many: { type: "array", items: { type: "object" } },
        one: { oneOf: [{ type: "string" }, { type: "number" }] },
      }),
    ).map((field) => field.kind),
  ).toEqual(["json", "json", "json"]);
});

test("a reference is followed inside the schema, and a circle ends in the JSON editor", () => {
  const schema = {
    ...object({
      a: { $ref: "#/$defs/name" },
      b: { $ref: "#/$defs/loop" },
      c: { $ref: "https://elsewhere.example/schema" },
    }),
    $defs: { name: { type: "string", maxLength: 5 }, loop: { $ref: "#/$defs/loop" } },
  };
  expect(fieldsOf(schema).map((field) => field.kind)).toEqual(["text", "json", "json"]);
});

test("a type that may be null is a field that may be left out", () => {
  const fields = fieldsOf(
    object({ a: { anyOf: [{ type: "integer" }, { type: "null" }] }, b: { type: ["string", "null"] } }),
  );
  expect(fields.map((field) => field.kind)).toEqual(["number", "text"]);
  expect(readForm(fields, {})).toEqual({ ok: true, args: "{}" });
});

test("what was typed becomes exactly the JSON of the call", () => {
  const fields = fieldsOf(
    object(
      {
        path: { type: "string" },
        n: { type: "number" },
        on: { type: "boolean" },
        mode: { enum: [1, 2] },
        tags: { type: "array", items: { type: "string" } },
        deep: object({ x: { type: "integer" } }),
        free: {},
      },
      ["path"],
    ),
  );
  const read = readForm(fields, {
    path: ' a "b" ',
    n: "1.5",
    on: false,
    mode: "2",
    tags: ["x", "", "y"],
    "deep.x": "3",
    free: '{"k":[1]}',
  });
  expect(read.ok && JSON.parse(read.args)).toEqual({
    path: ' a "b" ',
    n: 1.5,
    on: false,
    mode: 2,
    tags: ["x", "y"],
    deep: { x: 3 },
    free: { k: [1] },
  });
});

test("a field that breaks the schema gets a sentence, and nothing is sent", () => {
  const fields = fieldsOf(
    object(
      {
        path: { type: "string" },
        n: { type: "integer", minimum: 1, maximum: 9 },
        code: { type: "string", pattern: "^[A-Z]+$", minLength: 2, maxLength: 3 },
        free: {},
      },
      ["path"],
    ),
  );
  const read = readForm(fields, { n: "0", code: "ab", free: "{" });
  expect(read).toEqual({
    ok: false,
    problems: {
      path: "This is needed.",
      n: "At least 1.",
      code: "This must match ^[A-Z]+$.",
      free: "This is not JSON yet.",
    },
  });
  expect(readForm(fields, { path: "x", n: "1.5" })).toEqual({ ok: false, problems: { n: "Write a whole number." } });
  expect(readForm(fields, { path: "x", n: "ten" })).toEqual({ ok: false, problems: { n: "Write a number." } });
});

test("an optional group that is left empty is left out, a required one is checked", () => {
  const inner = object({ x: { type: "integer" } }, ["x"]);
  expect(readForm(fieldsOf(object({ deep: inner })), {})).toEqual({ ok: true, args: "{}" });
  expect(readForm(fieldsOf(object({ deep: inner }, ["deep"])), {})).toEqual({
    ok: false,
    problems: { "deep.x": "This is needed." },
  });
});

test("a required text may be empty once somebody emptied it on purpose, as for an empty file", () => {
  const fields = fieldsOf(object({ content: { type: "string" } }, ["content"]));
  expect(readForm(fields, {}).ok).toBe(false);
  expect(readForm(fields, { content: "" })).toEqual({ ok: true, args: '{"content":""}' });
});

test("defaults of the schema are where a form starts", () => {
  const schema = object({
    mode: { enum: ["a", "b"], default: "b" },
    n: { type: "integer", default: 3 },
    on: { type: "boolean", default: true },
    deep: object({ x: { type: "string", default: "y" } }),
    fixed: { const: "only" },
  });
  expect(startValues(schema, fieldsOf(schema))).toEqual({ mode: "b", n: "3", on: true, "deep.x": "y", fixed: "only" });
});

test("the raw editor takes one JSON object and nothing else", () => {
  expect(readJson('{ "a" : 1 }')).toEqual({ ok: true, args: '{"a":1}' });
  expect(readJson("[1]").ok).toBe(false);
  expect(readJson("{").ok).toBe(false);
});
