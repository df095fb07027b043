/**
 * Patterns of rules: `*` for any run of characters, `?` for one. An allowing rule takes them for plain characters only,
 * so that no second command, path or address hides in a run; a stricter one takes them for anything, in every spelling.
 * No regular expression: a pattern that takes for ever would stop the host.
 */
import { decodings, folded, isPlain, type Fit } from "./likeness.ts";

const TEXT_MAX = 10_000;
const WORDS_MAX = 400;
/** The folder above, or this one within a path. */
const STEPS = /(?:^|[ /,:=@])\.\.(?:[ /,:=@]|$)|(?:^|\/)\.(?:\/|$)/;
const PLAIN_WILD = /^[\p{L}\p{M}\p{N} _.,:@+=#-]$/u;

export const matching = (leaf: string, pattern: string): Fit => {
  if (leaf.length > TEXT_MAX || isForPlaces(pattern)) return "unclear";
  if (isPlain(leaf) && !STEPS.test(leaf) && glob(pattern, leaf, (char) => PLAIN_WILD.test(char))) return "yes";
  const meant = readingsOf(leaf);
  const wanted = [pattern, tidy(pattern)];
  return meant === null || wanted.some((one) => meant.some((text) => glob(one, text, () => true))) ? "unclear" : "no";
};

/** A folder or an address cannot be kept by the look of a text: `/notes/*` also fits what leads out of it again. */
export const isForPlaces = (pattern: string): boolean =>
  /^\s*(?:[/~\\]|[a-z]:)|\\|:\/\/|(?:^|\/)\.\.?(?:\/|$)/i.test(pattern);

const tidy = (text: string): string => folded(text).replaceAll("\\", "/").replace(/\s+/g, " ").trim();
/** Quotes, brackets and marks around a text, and dots, slashes and separators after it. */
const bare = (text: string): string => text.replace(/^[^\p{L}\p{N}._/~*-]+|[^\p{L}\p{N}_*-]+$/gu, "");
const resolved = (text: string): string => {
  const parts: string[] = [];
  for (const part of text.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return `${text.startsWith("/") ? "/" : ""}${parts.join("/")}`;
};

/** Everything that the text could be read as: each command in it, each name, with and without what surrounds it. Null if too much. */
const readingsOf = (leaf: string): string[] | null => {
  const whole = decodings(leaf).flatMap((text) => [text, tidy(text)]);
  // Before white space is made one: a line end separates commands.
  const pieces = decodings(leaf)
    .flatMap((text) => text.split(/[\n\r;|&]+|\$\(|`/))
    .map(tidy);
  const names = [...whole, ...pieces].flatMap((text) => text.split(/[/\\:]+/));
  const all = new Set(
    [...whole, ...pieces, ...names].flatMap((text) => [text, bare(text), resolved(bare(text)), text.trim()]),
  );
  return all.size > WORDS_MAX ? null : [...all];
};

/** @param wild which characters `*` and `?` stand for */
export const glob = (pattern: string, text: string, wild: (char: string) => boolean): boolean => {
  let p = 0;
  let t = 0;
  let star = -1;
  let from = 0;
  while (t < text.length) {
    const char = text[t] ?? "";
    if (pattern[p] === "*") {
      star = p;
      from = t;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === char || (pattern[p] === "?" && wild(char)))) {
      p += 1;
      t += 1;
    } else if (star >= 0 && wild(text[from] ?? "")) {
      p = star + 1;
      from += 1;
      t = from;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
};
