/** Words for two people on a bad line: far apart, the same on both sides, and different for anything that differs. */
import { describe, expect, test } from "vitest";
import type { Hash } from "#core/protocol/ids.ts";
import { createFingerprints } from "../../../../electron/host/audit/fingerprint.ts";
import { SPOKEN_WORDS } from "../../../../electron/host/audit/spoken-words.ts";

const apart = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, x] of a.split("").entries()) {
    const next = [i + 1];
    for (const [j, y] of b.split("").entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (x === y ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
};
/** Consonants that are hard to tell apart on the telephone become one; vowels count only at the start. */
const sound = (word: string): string => {
  const plain = word
    .replaceAll("ph", "f")
    .replaceAll("ck", "k")
    .replaceAll("qu", "k")
    .replaceAll("wh", "w")
    .replaceAll("kn", "n")
    .replaceAll("wr", "r")
    .replaceAll("x", "ks")
    .replaceAll(/c(?=[eiy])/g, "s");
  const merged = plain
    .split("")
    .map((letter) => ({ c: "k", q: "k", z: "s", v: "f", j: "g", d: "t", b: "p" })[letter] ?? letter)
    .join("");
  return (
    (/^[aeiouy]/.test(merged) ? "a" : (merged[0] ?? "")) +
    merged
      .slice(1)
      .replaceAll(/[aeiouyhw]/g, "")
      .replaceAll(/(.)\1+/g, "$1")
  );
};

describe("the list of words", () => {
  test("has 256, short and plain, no two of which are easily taken for each other", () => {
    expect(new Set(SPOKEN_WORDS).size).toBe(256);
    expect(SPOKEN_WORDS).toHaveLength(256);
    for (const word of SPOKEN_WORDS) expect(word).toMatch(/^[a-z]{4,8}$/);
    expect(new Set(SPOKEN_WORDS.map((word) => word.slice(0, 3))).size).toBe(256);
    expect(new Set(SPOKEN_WORDS.map(sound)).size).toBe(256);
    const close = SPOKEN_WORDS.flatMap((a, i) =>
      SPOKEN_WORDS.slice(i + 1)
        .filter((b) => apart(a, b) < 3)
        .map((b) => `${a} ${b}`),
    );
    expect(close).toEqual([]);
  });

  test("the rule sees words that are easily taken for each other", () => {
    expect([
      apart("paper", "pepper"),
      apart("canoe", "canoe"),
      sound("beach") === sound("peach"),
      sound("castle") === sound("candle"),
    ]).toEqual([2, 0, true, false]);
  });
});

describe("[CP1] a fingerprint", () => {
  const head = "h".repeat(43) as Hash;
  test("is the same words for the same head wherever it is made, for ever", async () => {
    const words = await createFingerprints("w".repeat(22)).of(412, head);
    expect(await createFingerprints("w".repeat(22)).of(412, head)).toEqual(words);
    // Pinned: two versions of the app must read out the same.
    expect(words).toEqual(["cloud", "vapor", "hotel", "ankle", "diamond", "cabin", "queen", "gopher"]);
  });

  test("differs for another head, position or workspace", async () => {
    const [mine, other] = [createFingerprints("w".repeat(22)), createFingerprints("v".repeat(22))];
    const all = await Promise.all([
      mine.of(412, head),
      mine.of(413, head),
      mine.of(412, "i".repeat(43) as Hash),
      other.of(412, head),
    ]);
    expect(new Set(all.map((words) => words.join(" "))).size).toBe(4);
  });

  test("is made once for each head", () => {
    const prints = createFingerprints("w".repeat(22));
    expect(prints.of(1, head)).toBe(prints.of(1, head));
  });
});
