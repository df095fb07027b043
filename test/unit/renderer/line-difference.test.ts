import fc from "fast-check";
import { expect, test } from "vitest";
import { lineDifference } from "../../../renderer/parts/line-difference.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));
const side = (before: string, after: string, without: "added" | "removed") =>
  lineDifference(before, after)
    .filter((line) => line.change !== without)
    .map((line) => line.text)
    .join("\n");

test("[T27] both texts can be read back whole from their difference", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(side(before, after, "added")).toBe(before);
      expect(side(before, after, "removed")).toBe(after);
    }),
  );
});

test("lines that stay are told as staying", () => {
  expect(lineDifference("a\nb\nc", "a\nc")).toEqual([
    { change: "same", text: "a" },
    { change: "removed", text: "b" },
    { change: "same", text: "c" },
  ]);
});

test("[T27] texts too long to compare line by line are still shown whole", () => {
  const before = Array.from({ length: 2_000 }, (_, n) => `old ${n}`).join("\n");
  const after = Array.from({ length: 2_000 }, (_, n) => `new ${n}`).join("\n");
  expect(lineDifference(before, after)).toHaveLength(4_000);
});
