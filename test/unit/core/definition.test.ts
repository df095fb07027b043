/** The text by whose hash a team names what a tool says of itself. These bytes are compared between computers for ever. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  definitionJson,
  definitionText,
  DEFINITION_DEPTH,
  DEFINITION_MAX,
  stableText,
} from "#core/protocol/definition.ts";
import { crypto } from "../../helpers/node-crypto.ts";

const vectors: readonly [title: string, definition: Record<string, unknown>, text: string, hash: string][] = [
  [
    "the least that a tool is",
    { name: "t", inputSchema: { type: "object" } },
    '{"inputSchema":{"type":"object"},"name":"t"}',
    "BmQK4H9FxXYnYyAMkRB70gHX0hRGuN40xM3a6Y5n9YY",
  ],
  [
    "keys in whatever order, and what nobody decides by",
    { _meta: { x: 1 }, icons: [], name: "t", inputSchema: { type: "object" }, zebra: 1 },
    '{"inputSchema":{"type":"object"},"name":"t"}',
    "BmQK4H9FxXYnYyAMkRB70gHX0hRGuN40xM3a6Y5n9YY",
  ],
  [
    "every field, keys sorted by code unit and nothing normalised",
    {
      title: "T",
      outputSchema: { "\u00e9": 1, "e\u0301": 2, Z: 3, a: [1.0, 1e21, -0, "\u2028", null, true] },
      name: "t",
      inputSchema: {},
      description: "d",
      annotations: { readOnlyHint: true },
    },
    '{"annotations":{"readOnlyHint":true},"description":"d","inputSchema":{},"name":"t","outputSchema":{"Z":3,"a":[1,1e+21,0,"\u2028",null,true],"e\u0301":2,"\u00e9":1},"title":"T"}',
    "",
  ],
];

test.each(vectors)("[TD4] %s", (_title, definition, text, hash) => {
  expect(definitionJson(definition)).toBe(text);
  if (hash !== "") expect(crypto.sha256(definitionText(text))).toBe(hash);
});

test("[TD4] what is too deep or too large has no text, so that nobody can be made to accept it", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  expect(definitionJson({ name: "t", inputSchema: nested(DEFINITION_DEPTH - 1) })).toBeDefined();
  expect(definitionJson({ name: "t", inputSchema: nested(DEFINITION_DEPTH) })).toBeUndefined();
  expect(definitionJson({ name: "t", description: "x".repeat(DEFINITION_MAX) })).toBeUndefined();
});

test("[TD4] two values have one text only where JSON cannot tell them apart", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 5 }),
      (value) => void expect(JSON.parse(stableText(value, 64) ?? "")).toEqual(JSON.parse(JSON.stringify(value))),
    ),
  );
});
