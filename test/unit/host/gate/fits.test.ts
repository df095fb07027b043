import { describe, expect, test } from "vitest";
import type { Condition } from "#core/protocol/command.ts";
import { factWords } from "#text/facts.ts";
import { argumentsOf, misfit } from "../../../../electron/host/gate/fits.ts";
import type { Schema } from "../../../../electron/host/gate/fits.ts";

const write: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    path: { type: "string" },
    mode: { enum: ["text", "binary"] },
    amount: { type: ["integer", "null"] },
    force: { type: "boolean" },
    options: { $ref: "#/$defs/options" },
    edits: {
      type: "array",
      items: { type: "object", additionalProperties: false, properties: { oldText: { type: "string" } } },
    },
    "a.b": { type: "string" },
  },
  $defs: { options: { type: "object", additionalProperties: false, properties: { target: { type: "string" } } } },
};
const says = (path: string, op: Condition["op"] = "equals", value = "x", schema: Schema = write): string | null => {
  const found = misfit(schema, { path, op, value });
  return found === null ? null : `${found.sure ? "sure" : "perhaps"}: ${factWords(found.what)}`;
};

describe("[T20] whether a condition can hold for any call of a tool", () => {
  test("a name that the schema has not is found, with the one that was meant", () => {
    expect(says("pth")).toBe("sure: has no argument named “pth”; did you mean “path”?");
    expect(says("Path")).toBe("sure: has no argument named “Path”; did you mean “path”?");
    expect(says("options.tagret")).toBe("sure: has no argument named “options.tagret”; did you mean “options.target”?");
    expect(says("edits.newText")).toMatch(/^sure/);
    for (const there of ["path", "options.target", "edits.oldText", "a.b"]) expect(says(there)).toBeNull();
  });

  test("where the schema leaves room for other names nothing is certain", () => {
    expect(says("pth", "equals", "x", { type: "object", properties: { path: { type: "string" } } })).toBe(
      "perhaps: has no argument named “pth”; did you mean “path”?",
    );
    expect(
      says("pth", "equals", "x", {
        type: "object",
        properties: { path: {} },
        patternProperties: { "^p": {} },
        additionalProperties: false,
      }),
    ).toMatch(/^perhaps/);
    expect(
      says("pth", "equals", "x", {
        type: "object",
        properties: { path: {} },
        anyOf: [{ $ref: "https://elsewhere.example/x" }],
      }),
    ).toMatch(/^perhaps/);
    // A schema that lists nothing says nothing.
    expect(says("pth", "equals", "x", {})).toBeNull();
    expect(
      says("deep.er", "equals", "x", { type: "object", additionalProperties: false, properties: { deep: {} } }),
    ).toMatch(/^perhaps/);
  });

  test("a comparison that no value can pass is found by kind, list and number", () => {
    expect(says("path", "at-most", "5")).toBe("sure: takes a text as “path”, and this comparison wants a number");
    expect(says("amount", "under", "/srv")).toMatch(/takes a number as “amount”, and this comparison wants a path/);
    expect(says("mode", "equals", "texts")).toBe("sure: takes only “text”, “binary” as “mode”");
    expect(says("force", "equals", "yes")).toBe("sure: takes yes or no as “force”, which “yes” is not");
    expect(says("amount", "equals", "many")).toMatch(/^sure/);
    expect(says("options", "equals")).toMatch(/takes a group of arguments/);
    for (const [path, op, value] of [
      ["amount", "at-most", "5"],
      ["amount", "equals", "5"],
      ["force", "equals", "true"],
      ["mode", "equals", "text"],
      ["path", "under", "/srv"],
    ] as const)
      expect(says(path, op, value)).toBeNull();
  });

  test("branches are read together, and a circle ends", () => {
    const either: Schema = {
      type: "object",
      properties: {
        to: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
        at: { anyOf: [{ type: "number" }, { type: "null" }] },
      },
      additionalProperties: false,
    };
    expect(says("to", "host-in", "example.org", either)).toBeNull();
    expect(says("at", "matches", "*x", either)).toMatch(/^sure/);
    expect(says("next.next.next", "equals", "x", { type: "object", properties: { next: { $ref: "#" } } })).toBeNull();
    expect(misfit({ $ref: "#" } as Schema, { path: "a", op: "equals", value: "" })).toBeNull();
  });

  test("a schema that a server made to be endless ends: it refuses nothing, lists what it can, and holds nobody up", () => {
    const many = Array.from({ length: 5_000 }, () => ({ $ref: "#/$defs/a" }));
    for (const a of [
      { anyOf: [{ $ref: "#/$defs/a" }] },
      { allOf: many },
      { anyOf: many, allOf: many },
      { items: { $ref: "#/$defs/a" } },
      { properties: { x: { allOf: many } } },
    ]) {
      const endless: Schema = {
        type: "object",
        allOf: [{ $ref: "#/$defs/a" }],
        properties: { path: { type: "string" } },
        $defs: { a },
      };
      expect(says("path", "under", "/srv", endless)).toBeNull();
      expect(says("options.target", "equals", "x", endless)).not.toMatch(/^sure/);
      expect(argumentsOf(endless).map(({ path }) => path)).toContain("path");
    }
    expect(argumentsOf({ properties: { ["x".repeat(100_000)]: {}, path: {} } }).map(({ path }) => path)).toEqual([
      "path",
    ]);
  });

  test("arguments are listed with their kinds, nested ones by dots", () => {
    expect(argumentsOf(write)).toEqual([
      { path: "path", types: ["string"] },
      { path: "mode", types: [] },
      { path: "amount", types: ["integer"] },
      { path: "force", types: ["boolean"] },
      { path: "options", types: ["object"] },
      { path: "options.target", types: ["string"] },
      { path: "edits", types: ["array", "object"] },
      { path: "edits.oldText", types: ["string"] },
      { path: "a.b", types: ["string"] },
    ]);
    expect(argumentsOf({ properties: { next: { $ref: "#" } } }).length).toBeLessThan(10);
  });
});
