import fc from "fast-check";
import { expect, test } from "vitest";
import { visible } from "#bridge/plain-text.ts";
import { argumentView } from "../../../renderer/parts/argument-view.ts";
import { folded, lineCount } from "../../../renderer/parts/fold.ts";

const marks = (text: string) =>
  folded(text)
    .filter((piece) => piece.kind !== "text")
    .map(({ kind, count }) => [kind, count]);
const shown = (text: string) =>
  folded(text)
    .map((piece) => (piece.kind === "text" ? piece.text : ""))
    .join("");

test("[T31] nothing is lost by folding, whatever the text", () => {
  const text = fc
    .array(
      fc.constantFrom(
        "a",
        "\n",
        "\n\n\n\n\n",
        " ",
        " ".repeat(50),
        "\t",
        "\t".repeat(12),
        "\u00a0",
        "\u200b",
        "\u3000".repeat(60),
        "end",
      ),
      { maxLength: 30 },
    )
    .map((parts) => visible(parts.join("")));
  fc.assert(
    fc.property(
      text,
      (each) =>
        folded(each)
          .map((piece) => piece.text)
          .join("") === each,
    ),
  );
  fc.assert(fc.property(text, (each) => !/(?:[ \t]*\n){6}/.test(shown(each)) && !/ {41}/.test(shown(each))));
});

test.each([
  ["empty lines", `a\n${"\n".repeat(120)}b`, [["lines", 120]]],
  ["lines of spaces", `a\n${"   \n".repeat(9)}b`, [["lines", 9]]],
  ["lines of other blanks", visible(`a\n${"\u00a0\u3000\t\n".repeat(9)}b`), [["lines", 9]]],
  ["lines of what cannot be seen", visible(`a\n${"\u200b\n\u2800\n".repeat(5)}b`), [["lines", 10]]],
  ["spaces", `a${" ".repeat(41)}b`, [["spaces", 41]]],
  ["tabs", `a${"\t".repeat(11)}b`, [["spaces", 44]]],
  ["mixed blanks", visible(`a${" \u2003\u00a0".repeat(14)}b`), [["spaces", 42]]],
  ["blank at the end", `a\n\n\n\n\n\n`, [["lines", 6]]],
  [
    "both",
    `a${" ".repeat(100)}\n\n\n\n\nb`,
    [
      ["spaces", 100],
      ["lines", 4],
    ],
  ],
] as const)("[T31] %s are folded and counted", (_what, text, found) => expect(marks(text)).toEqual(found));

test.each([
  ["three empty lines", "a\n\n\n\nb"],
  ["forty spaces", `a${" ".repeat(40)}b`],
  ["indented code", "if x:\n        y()\n\n    z()"],
  ["nothing", ""],
])("[T31] %s stay as they are", (_what, text) => {
  expect(marks(text)).toEqual([]);
  expect(shown(text)).toBe(text);
});

test("[T31] lines and bytes are counted for each argument and in all", () => {
  expect(["", "a", "a\n", "a\nb", "\n\n"].map(lineCount)).toEqual([0, 1, 1, 2, 2]);
  expect(argumentView(JSON.stringify({ a: "one\ntwo", b: 1, c: "ü" }))).toMatchObject({
    lines: 4,
    count: 3,
    bytes: 31,
  });
});
