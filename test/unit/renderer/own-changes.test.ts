import fc from "fast-check";
import { expect, test } from "vitest";
import { changedHere, pastOwn } from "../../../renderer/state/own-changes.ts";

test("[T20] what a person published in this window is no news to an editor that opened meanwhile; what somebody else did is", () => {
  changedHere("w", { before: 4, after: 5 });
  changedHere("w", { before: 5, after: 6 });
  expect(pastOwn("w", 4)).toBe(6);
  // Somebody else's entry lies between: the next own step begins behind it.
  changedHere("w", { before: 7, after: 8 });
  expect(pastOwn("w", 4)).toBe(6);
  expect(pastOwn("w", 7)).toBe(8);
  expect(pastOwn("other workspace", 4)).toBe(4);
});

test("following own changes ends and never leads back, whatever was answered", () => {
  const step = fc.record({ before: fc.integer({ min: 0, max: 20 }), after: fc.integer({ min: 0, max: 20 }) });
  let wid = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 20 }), (changes, base) => {
      wid += 1;
      for (const each of changes) changedHere(`p${wid}`, each);
      const past = pastOwn(`p${wid}`, base);
      expect(past).toBeGreaterThanOrEqual(base);
      expect(pastOwn(`p${wid}`, past)).toBe(past);
    }),
  );
});
