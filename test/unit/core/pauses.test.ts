import { expect, test } from "vitest";
import { pauseBefore } from "#core/protocol/pauses.ts";

const NS = [1, 2, 3, 7, 20, 5_000];

test("pauses grow from the first to the longest, and stay there however often something fails", () => {
  expect(NS.map((n) => pauseBefore(n, { first: 500, most: 30_000 }))).toEqual([
    500, 1_000, 2_000, 30_000, 30_000, 30_000,
  ]);
  expect([1, 2, 3].map((n) => pauseBefore(n, { first: 1_000, most: 15_000, by: 4 }))).toEqual([1_000, 4_000, 15_000]);
});

test("those who failed together come back between half a pause and a whole one", () => {
  const pauses = { first: 500, most: 30_000 };
  expect(pauseBefore(3, pauses, () => 0)).toBe(1_000);
  expect(pauseBefore(3, pauses, () => 1)).toBe(2_000);
});
