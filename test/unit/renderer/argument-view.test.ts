import { expect, test } from "vitest";
import { visible } from "#bridge/plain-text.ts";
import { argumentView } from "../../../renderer/parts/argument-view.ts";

test("[T27] a 10 kB command is shown to its last character", () => {
  const command = `${"x".repeat(10_000)} && end`;
  const view = argumentView(JSON.stringify({ command }));
  expect(view.fields).toEqual([{ name: "command", kind: "long", text: command }]);
  expect(view.bytes).toBe(JSON.stringify({ command }).length);
  expect(view.doubt).toBeNull();
});

test("[T27] a repeated key, which fields would hide, forces the exact text", () => {
  expect(argumentView('{"path":"/notes/a","path":"/etc/passwd"}').doubt).toBe("says-more");
});

test("[T27] a number that loses digits forces the exact text", () => {
  expect(argumentView('{"amount":12345678901234567890}').doubt).toBe("says-more");
});

test("spaces, escapes and the order of keys are no reason for doubt", () => {
  expect(argumentView('{ "2": "\\u0061", "b": [1, {"c": null}], "1": true }').doubt).toBeNull();
});

test("[T27] characters that could disguise a text are written out", () => {
  expect(visible("photo\u202egpj.exe")).toBe("photo⟨U+202E⟩gpj.exe");
  expect(visible("a\u200bb\u0000c\u{e0041}")).toBe("a⟨U+200B⟩b⟨U+0000⟩c⟨U+E0041⟩");
  expect(visible("line\n\ttab é 漢")).toBe("line\n\ttab é 漢");
  expect(argumentView('{"a\u202eb":"x"}').fields[0]?.name).toBe("a⟨U+202E⟩b");
});

test("arguments that are no object are shown exactly", () => {
  expect(argumentView("[1]")).toMatchObject({ fields: [], bytes: 3, doubt: "not-an-object" });
  expect(argumentView("{").doubt).toBe("not-an-object");
});

test("text of one short line stands beside its name, other values below", () => {
  expect(argumentView('{"a":"short","b":"two\\nlines","c":{"d":1}}').fields.map((field) => field.kind)).toEqual([
    "short",
    "long",
    "long",
  ]);
});

const change = (text: string) => ({ " ": "same", "-": "removed", "+": "added" })[text[0] ?? " "];
const lines = (...written: string[]) => written.map((text) => ({ change: change(text), text: text.slice(1) }));

test("[T27] edits are shown line by line, and each line of both texts is there", () => {
  const edits = [
    { oldText: "a\nb\nc", newText: "a\nB\nc\nd" },
    { oldText: "x", newText: "" },
  ];
  const view = argumentView(JSON.stringify({ path: "/srv/a", edits, dryRun: false }));
  expect(view.fields.map((field) => [field.name, field.kind])).toEqual([
    ["path", "short"],
    ["edits", "edits"],
    ["dryRun", "short"],
  ]);
  expect(view.fields[1]?.edits).toEqual([lines(" a", "-b", "+B", " c", "+d"), lines("-x")]);
  expect(view.doubt).toBeNull();
});

test("[T27] a replaced text beside its replacement is shown as one edit", () => {
  const view = argumentView('{"file":"a","old_string":"one\\u202e","new_string":"two\\n"}');
  expect(view.fields.map((field) => field.name)).toEqual(["file", "old_string, new_string"]);
  expect(view.fields[1]?.edits).toEqual([lines("-one⟨U+202E⟩", "+two", "+")]);
});

test("[T27] an edit that says more than its two texts is shown as it is written", () => {
  const [field] = argumentView('{"edits":[{"oldText":"a","newText":"b","everywhere":true}]}').fields;
  expect(field?.kind).toBe("long");
  expect(field?.text).toContain("everywhere");
});
