/** Whether an argument is what a rule names, or could be taken for it. `WHY.md` says where the doubt ends. */
import { decodings, folded, nameOf, type Fit } from "./likeness.ts";

export const equal = (leaf: unknown, value: string): Fit => {
  if (typeof leaf === "object" && leaf !== null) return "unclear";
  const text = String(leaf);
  if (text === value) return "yes";
  return sameWord(text, value) ||
    sameNumber(text, value) ||
    decodings(text).some((one) => sameName(one, value) || names(one, value))
    ? "unclear"
    : "no";
};

/** What servers take for one value: texts, numbers and the words of programs. */
const ALIKE = [
  new Set(["true", "1", "yes", "on", "y", "t"]),
  new Set(["false", "0", "no", "off", "n", "f", ""]),
  new Set(["null", "none", "nil", "undefined", ""]),
];
const sameWord = (text: string, value: string): boolean =>
  ALIKE.some((set) => set.has(folded(text).trim()) && set.has(folded(value).trim()));

const numbersIn = (text: string): number[] => {
  const digits = folded(text).replace(/[\s_'’]/g, "");
  return [digits.replaceAll(",", ""), digits.replaceAll(",", "."), digits.replaceAll(".", "").replace(",", ".")]
    .filter((one) => one !== "")
    .map(Number)
    .filter((one) => !Number.isNaN(one));
};
const sameNumber = (text: string, value: string): boolean =>
  numbersIn(text).some((one) => numbersIn(value).includes(one));

/** A name that holds neither letters nor digits is compared by what surrounds it alone. */
const sameName = (text: string, value: string): boolean =>
  nameOf(value) === ""
    ? text.trim() === value.trim() || (value.trim() !== "" && text.includes(value.trim()))
    : nameOf(text) === nameOf(value);

const wordsOf = (text: string): string =>
  ` ${folded(text)
    .split(/[^\p{L}\p{Mc}\p{N}_-]+/u)
    .map((word) => word.replace(/^[_-]+|[_-]+$/g, ""))
    .filter((word) => word !== "")
    .join(" ")} `;
/** The text names it among other words: `public.users`, `users; drop`, `refs/heads/main`. A part of a word is another word. */
const names = (text: string, value: string): boolean =>
  wordsOf(value).trim() !== "" && wordsOf(text).includes(wordsOf(value));
