import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argumentDifference, sameArguments } from "../../../renderer/parts/argument-difference.ts";
import { valuesFrom } from "../../../renderer/parts/form-values.ts";
import { formFromSchema, readForm, type FormField } from "../../../renderer/parts/schema-model.ts";

const said = (before: string, after: string) =>
  argumentDifference(before, after).map(({ name, change, lines }) => [
    name,
    change,
    lines.map((line) =>
      line.change === "gap" ? line.count : `${{ same: " ", removed: "-", added: "+" }[line.change]}${line.text}`,
    ),
  ]);

describe("[T20] what an edit changed", () => {
  test("is told field by field, whole, and nothing else", () => {
    expect(
      said('{"path":"/a","content":"one\\ntwo","mode":1}', '{"content":"one\\nthree","path":"/a","force":true}'),
    ).toEqual([
      ["content", "changed", [" one", "-two", "+three"]],
      ["mode", "removed", ["-1"]],
      ["force", "added", ["+true"]],
    ]);
    expect(said('{"a":{"x":1,"y":2}}', '{"a":{"y":2,"x":1}}')).toEqual([
      [null, "changed", ['-{"a":{"x":1,"y":2}}', '+{"a":{"y":2,"x":1}}']],
    ]);
    expect(argumentDifference('{"a":1}', '{"a":1}')).toEqual([]);
  });

  test("tells a number from a text that looks like it, and shows what would hide", () => {
    expect(said('{"n":5}', '{"n":"5"}')).toEqual([["n", "changed", ["-5", '+"5"']]]);
    expect(said('{"n":null}', "{}")).toEqual([["n", "removed", ["-null"]]]);
    expect(said('{"p":"a.txt"}', '{"p":"a\u202Etxt"}')).toEqual([["p", "changed", ["-a.txt", "+a⟨U+202E⟩txt"]]]);
  });

  test("leaves out long runs of lines that did not change, and no line that did", () => {
    const before = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const after = before.with(20, "other").concat("end");
    const [[, , lines] = []] = said(
      JSON.stringify({ text: before.join("\n") }),
      JSON.stringify({ text: after.join("\n") }),
    );
    expect(lines).toEqual([
      17,
      " line 17",
      " line 18",
      " line 19",
      "-line 20",
      "+other",
      " line 21",
      " line 22",
      " line 23",
      13,
      " line 37",
      " line 38",
      " line 39",
      "+end",
    ]);
  });

  test("compares the exact texts where fields would not show all of them", () => {
    const twice = '{"path":"/a","path":"/b"}';
    expect(said('{"path":"/b"}', twice)).toEqual([[null, "changed", ['-{"path":"/b"}', `+${twice}`]]]);
    expect(sameArguments('{"path":"/b"}', twice)).toBe(false);
    expect(sameArguments('{"n":12345678901234567890}', '{"n":12345678901234567891}')).toBe(false);
    expect(sameArguments('{"a":1,"b":[1,2]}', '{ "b": [1, 2], "a": 1 }')).toBe(true);
    expect(sameArguments('{"b":[1,2]}', '{"b":[2,1]}')).toBe(false);
  });
});

describe("a form that starts with a call", () => {
  const schema = {
    type: "object",
    required: ["path"],
    properties: {
      path: { type: "string" },
      content: { type: "string" },
      times: { type: "integer" },
      force: { type: "boolean" },
      tags: { type: "array", items: { type: "string" } },
      any: {},
      how: { type: "object", properties: { mode: { enum: ["a", "b"] } } },
    },
  };
  const model = formFromSchema(schema);
  const fields: readonly FormField[] = model.kind === "fields" ? model.fields : [];

  test.each([
    '{"path":"/a"}',
    '{"path":"","content":"x\\ny","times":3,"force":false,"tags":["a","b"],"any":{"b":[1]},"how":{"mode":"b"}}',
  ])("says exactly what the call says: %s", (args) => {
    const values = valuesFrom(args, fields);
    expect(values).not.toBeNull();
    const read = readForm(fields, values ?? {});
    expect(read.ok && JSON.parse(read.args)).toEqual(JSON.parse(args));
  });

  test.each([
    '{"path":"/a","more":1}',
    '{"path":1}',
    '{"path":"/a","times":"3"}',
    '{"path":"/a","tags":["a",""]}',
    '{"path":"/a","tags":[]}',
    '{"path":"/a","force":"yes"}',
    '{"path":"/a","path":"/b"}',
    "[]",
    "{",
    '{"path":"/a","how":{"mode":"c"}}',
    '{"content":{"toString":{}}}',
    '{"tags":[{"toString":{}}]}',
  ])("is JSON where its fields could not say it: %s", (args) => expect(valuesFrom(args, fields)).toBeNull());

  test("never says something else, whatever the call says", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            path: fc.oneof(fc.string(), fc.integer()),
            content: fc.jsonValue(),
            times: fc.oneof(fc.integer(), fc.double(), fc.string()),
            tags: fc.jsonValue(),
            how: fc.jsonValue(),
            any: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        (value) => {
          const args = JSON.stringify(value);
          const values = valuesFrom(args, fields);
          if (values === null) return;
          const read = readForm(fields, values);
          expect(read.ok && sameArguments(args, read.args)).toBe(true);
        },
      ),
    );
  });
});
