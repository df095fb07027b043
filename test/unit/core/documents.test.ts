import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bodies } from "#core/protocol/command.ts";
import { acceptedFields, SYNCED_FIELDS } from "#core/protocol/documents.ts";
import { fieldPaths, int, list, nullable, pair, record, tagged, text } from "#core/protocol/parse.ts";
import type { Parser } from "#core/protocol/parse.ts";
import { FIELDS_PAGE, fieldsPage } from "../../helpers/fields-page.ts";

const sorted = (groups: Record<string, readonly string[]>) =>
  Object.fromEntries(Object.entries(groups).map(([group, paths]) => [group, [...paths].sort()]));

test("[FI1] [T25] the documented list of fields is the list that the parsers take", () => {
  const documented = Object.fromEntries(
    Object.entries(SYNCED_FIELDS).map(([group, fields]) => [group, Object.keys(fields)]),
  );
  expect(sorted(documented)).toEqual(sorted(acceptedFields()));
  expect(Object.keys(bodies).filter((kind) => !Object.hasOwn(SYNCED_FIELDS, kind))).toEqual([]);
});

test("[FI1] [T25] the page that people read is written from that list", () => {
  expect(readFileSync(FIELDS_PAGE, "utf8"), "run test/helpers/fields-page.ts").toBe(fieldsPage());
});

test("[FI1] a field at any depth is found, once", () => {
  const leaf = text(1);
  const of = record({
    a: leaf,
    b: nullable(list(record({ c: leaf }), 1)),
    d: tagged<unknown>("k", { x: record({ k: leaf, e: leaf }), y: record({ k: leaf }) }),
    f: pair(int(0, 1), leaf),
  });
  expect(fieldPaths(of as Parser<unknown>, "")).toEqual(["a", "b[].c", "d.k", "d.e", "f[]"]);
});
