import { expect, test } from "vitest";
import { putNewest } from "#core/protocol/newest.ts";

test("the newest stay, what is put again is new again, and the oldest go", () => {
  const map = new Map<string, number>();
  for (const [at, key] of ["a", "b", "a", "c"].entries()) putNewest(map, key, at, 2);
  expect([...map]).toEqual([
    ["a", 2],
    ["c", 3],
  ]);
  putNewest(map, "d", 4, 1);
  expect([...map]).toEqual([["d", 4]]);
});
