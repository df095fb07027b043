/** Which script a letter belongs to, and which letters of a word do not belong there. By Unicode property, for display. */
import { passesFor } from "./likeness.ts";

/** Written together in ordinary words: Japanese, Chinese and Korean count as one. */
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}]/u;
const SCRIPTS = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Armenian",
  "Georgian",
  "Cherokee",
  "Coptic",
  "Lisu",
  "Hebrew",
  "Arabic",
  "Syriac",
  "Thaana",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Oriya",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
  "Thai",
  "Lao",
  "Tibetan",
  "Myanmar",
  "Khmer",
  "Ethiopic",
  "Mongolian",
] as const;
const TESTS = SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "u")] as const);
const NO_SCRIPT = /[\p{Script=Common}\p{Script=Inherited}]/u;

const known = new Map<string, string | null>();
const KNOWN_MAX = 20_000;

/** Null for what every script shares, such as digits; "other" for scripts that this table does not tell apart. */
export const scriptOf = (char: string): string | null => {
  const before = known.get(char);
  if (before !== undefined) return before;
  const script = NO_SCRIPT.test(char)
    ? null
    : EAST_ASIAN.test(char)
      ? "East Asian"
      : (TESTS.find(([, test]) => test.test(char))?.[0] ?? "other");
  if (known.size < KNOWN_MAX) known.set(char, script);
  return script;
};

/** Scripts whose letters are drawn so much like Latin ones that a word never mixes them in earnest. */
const FAMILY = new Set(["Latin", "Cyrillic", "Armenian", "Georgian", "Cherokee", "Coptic", "Lisu"]);

/** The letters of one word that stand among letters of another script and could be taken for them; empty for an ordinary word. */
export const strangers = (word: string): ReadonlySet<string> => {
  const counts = new Map<string, number>();
  for (const char of word) {
    const script = scriptOf(char);
    if (script !== null) counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  if (counts.size < 2) return NONE;
  const home = [...counts].toSorted(([a, x], [b, y]) => y - x || Number(b === "Latin") - Number(a === "Latin"))[0]?.[0];
  // A word may end in another script, as in `APIها`; a letter in the midst of one stands in for another.
  const enclosed = Array.from(word.replace(/[\p{M}\p{N}_]/gu, "")).every(
    (char, at, all) => (at > 0 && at < all.length - 1) || scriptOf(char) === home,
  );
  const strange = (char: string): boolean => {
    const script = scriptOf(char);
    if (script === null || script === home) return false;
    if (script === "East Asian" || home === "East Asian") return false;
    // Greek letters that look like no other stand in ordinary words of mathematics.
    if (script === "Latin") return home !== undefined && (FAMILY.has(home) || home === "Greek");
    return FAMILY.has(script) || (passesFor(char) !== null && (script === "Greek" || enclosed));
  };
  return new Set(Array.from(word).filter(strange));
};
const NONE: ReadonlySet<string> = new Set();

/** Whether a word mixes scripts so that a letter could be taken for another. */
export const mixedScripts = (word: string): boolean => strangers(word).size > 0;

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u;
/** Whether a line runs in both directions: it may be read in another order than it is carried out. */
export const runsBothWays = (text: string): boolean =>
  RIGHT_TO_LEFT.test(text) &&
  text
    .split("\n")
    .some(
      (line) =>
        RIGHT_TO_LEFT.test(line) && /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}/\\=<>|&;]/u.test(line),
    );
