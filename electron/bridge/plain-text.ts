/**
 * Text as it is shown, wherever somebody reads a text that somebody else wrote. What cannot be seen, what reorders what is
 * seen, and letters that pass for others are written out, as in `⟨U+202E⟩`. Two texts that differ show differently.
 * It decides by Unicode property, so it stands outside the core and judges nothing but names that are typed here (UN1).
 */
import { scriptOf, strangers } from "./script-of.ts";
import { told } from "./told.ts";
import type { Told } from "./told.ts";

const mark = (char: string): string => `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

const ASCII = /^[\n\t\u0020-\u007e]*$/;
/** Blank although Unicode calls it a letter, a mark or a sign. */
const BLANK = "\\u2800\\u{1d159}\\u{13441}\\u{13442}\\u{16fe4}\\ufffc";
/** Default-ignorable, format, control, private, lone, unassigned, and every space and line end but the two plain ones. */
const HIDDEN = `(?! )[\\p{DI}\\p{Cf}\\p{Cc}\\p{Co}\\p{Cs}\\p{Cn}\\p{Zl}\\p{Zp}\\p{Zs}${BLANK}]`;
const IS_HIDDEN = new RegExp(`^${HIDDEN}$`, "u");
/** Emoji of several characters, as Unicode lists them. An engine that has no such list shows the joiners in them: as true, less pretty. */
const knowsEmoji = (): boolean => {
  try {
    return new RegExp("\\p{RGI_Emoji}", "v").test("👩‍💻");
  } catch {
    // An engine without the list refuses the pattern.
    return false;
  }
};
const [EMOJI_TEXT, SETS] = knowsEmoji() ? ["\\p{RGI_Emoji}", "v"] : ["\\p{Extended_Pictographic}\\ufe0f?", "u"];
const EMOJI = new RegExp(`^(?:${EMOJI_TEXT})$`, SETS);
const TOKEN = new RegExp(`${EMOJI_TEXT}|⟨(?=U\\+)|${HIDDEN}|\\p{M}+|[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_]*`, `g${SETS}`);

/** Letters of the Arabic script that join to nothing after them: a joiner there would change nothing that is seen. */
const UNJOINED = "آأؤإاةدذرزوٱ-ٳٵ-ٷڈ-ڙۀۃ-ۋۍۏےۓەۮۯݙ-ݛݫݬݱݳݴݸݹء";
const JOINS = "(?:(?=\\p{Script=Arabic})\\p{L})";
/** Scripts that write letters together by a sign between them, and that sign. */
const VIRAMAS = {
  Devanagari: "\\u094d",
  Bengali: "\\u09cd",
  Gurmukhi: "\\u0a4d",
  Gujarati: "\\u0acd",
  Oriya: "\\u0b4d",
  Tamil: "\\u0bcd",
  Telugu: "\\u0c4d",
  Kannada: "\\u0ccd",
  Malayalam: "\\u0d4d",
  Sinhala: "\\u0dca",
} as const;
const NUKTA = "[\\u093c\\u09bc\\u0a3c\\u0abc\\u0b3c\\u0cbc]";
/** Between letters, at the end of a word (a half letter), and before the sign: there a joiner changes what is seen. */
const joinersOf = ([script, virama]: readonly [string, string]): string => {
  const letter = `(?:(?=\\p{Script=${script}})\\p{L})`;
  const half = `(?<=${letter}${NUKTA}?${virama})`;
  return `${half}[\\u200c\\u200d](?=${letter})|${half}\\u200d(?![\\p{L}\\p{M}\\u200c\\u200d])|(?<=${letter})\\u200d(?=${virama})`;
};
/** Where a joiner changes how a script is written, as in Persian and Hindi; anywhere else it only hides. */
const JOINER = new RegExp(
  [
    `(?<=(?![${UNJOINED}])${JOINS}\\u0651?[\\u064b-\\u0650\\u0652-\\u0655\\u0670]?)\\u200c(?=${JOINS})`,
    ...Object.entries(VIRAMAS).map(joinersOf),
  ].join("|"),
  "uy",
);
const joinsAt = (text: string, at: number): boolean => {
  JOINER.lastIndex = at;
  return JOINER.test(text);
};

/** Marks that strike a letter through or enclose it: what stands below can no longer be read. */
const OVERLAY = /^[\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20e6\u20ea\u20eb\p{Me}]$/u;
const SHARED_MARKS = 3;
const ALL_MARKS = 6;

/** The marks after one letter: as many as any script needs stay, the rest would run over the lines around them. */
const marksOf = (marks: readonly string[], base: string | null): string => {
  const home = base === null ? null : scriptOf(base);
  let [shared, all, before] = [0, 0, ""];
  return marks
    .map((char) => {
      const script = scriptOf(char);
      const odd =
        IS_HIDDEN.test(char) ||
        OVERLAY.test(char) ||
        char === before ||
        base === null ||
        (script !== null && home !== null && script !== home && script !== "other");
      before = char;
      all += 1;
      if (script === null) shared += 1;
      return odd || all > ALL_MARKS || (script === null && shared > SHARED_MARKS) ? mark(char) : char;
    })
    .join("");
};

const wordOf = (word: string): string => {
  if (/^[\w]*$/.test(word)) return word;
  const strange = strangers(word);
  return word.replace(/([\p{L}\p{N}_])(\p{M}*)/gu, (_all, letter: string, marks: string) => {
    const shown = strange.has(letter) || IS_HIDDEN.test(letter) ? mark(letter) : letter;
    return marks === "" ? shown : shown + marksOf(Array.from(marks), shown === letter ? letter : null);
  });
};

/** What stands before a mark that no letter carries; null where nothing could carry it. */
const baseBefore = (text: string, at: number): string | null => {
  const before = Array.from(text.slice(Math.max(0, at - 2), at)).at(-1);
  if (before === undefined || /^[\s⟩]$/u.test(before)) return null;
  return IS_HIDDEN.test(before) && !joinsAt(text, at - before.length) ? null : before;
};

const shownToken = (token: string, at: number, text: string): string => {
  if (token === "\n" || token === "\t") return token;
  if (token === "⟨") return mark(token);
  if (token.length > 1 && EMOJI.test(token)) return token;
  if ((token === "\u200c" || token === "\u200d") && joinsAt(text, at)) return token;
  if (/^[\p{L}\p{N}_]/u.test(token) && !IS_HIDDEN.test(token)) return wordOf(token);
  if (/^\p{M}/u.test(token)) return marksOf(Array.from(token), baseBefore(text, at));
  return IS_HIDDEN.test(token) ? mark(token) : token;
};

/** A text of several lines with everything written out that could hide in it. Line ends and tabs stay. */
export const visible = (text: string): string => (ASCII.test(text) ? text : text.replace(TOKEN, shownToken));

/** A text that is read and not carried out, such as an answer: its odd spaces are plain ones, as they look. */
export const prose = (text: string): string => visible(text.replace(/\p{Zs}/gu, " "));

/** For whatever a window draws: what was written out before stays as it is. */
export const drawn = (text: string): string =>
  ASCII.test(text)
    ? text
    : text
        .split(/(⟨U\+[0-9A-F]{4,6}⟩)/)
        .map((part, at) => (at % 2 === 1 ? part : prose(part)))
        .join("");

/** A name or a title: one line, whose spaces at the ends and in a row are seen too. */
export const visibleName = (name: string): string => visible(name).replace(/[\n\t]|^ | $|(?<= ) /g, mark);

/** Whether something in the text cannot be seen. In `lines` its line ends and tabs may stand. */
export const hides = (text: string, lines = false): boolean => {
  const read = lines ? text.replace(/[\n\t]/g, " ") : text;
  return Array.from(read.matchAll(TOKEN)).some(
    (found) =>
      !EMOJI.test(found[0]) && Array.from(found[0]).some((char) => IS_HIDDEN.test(char) && !joinsAt(read, found.index)),
  );
};

/** Refused in every name by the core too, although an emoji may hold them. */
const TAGS = /[\u{e0000}-\u{e0fff}]/u;
export const NAME_MAX = 80;

/** Why the app takes no such name, or null. At least what the core refuses. */
export const nameProblem = (name: string, max = NAME_MAX): Told | null => {
  if (name === "") return told("name-empty");
  if (name.length > max) return told("name-too-long", max);
  if (hides(name) || TAGS.test(name)) return told("name-hides");
  return /^\s|\s$/u.test(name) ? told("name-edge") : null;
};
