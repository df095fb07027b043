/**
 * A language that nobody speaks, made of the English one: accented, longer by two fifths, in brackets. A text of the
 * app that does not look so on a screen was written past `words`, and one that is cut there had no room for a language
 * longer than English. `en-XA` is the tag that such languages have; no computer is set to it.
 *
 * What a sentence is given (a person's name, a tool) stays as it is inside it, and so does what is pseudo already.
 */
import { ENGLISH } from "./language.ts";
import type { Texts } from "./language.ts";

export const OPEN = "⟦";
export const SHUT = "⟧";

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ACCENTED = "áƀçđéƒĝĥíĵķļɱñóþɋŕšţúṽŵẋýžÁƁÇĐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ";
const LONGER = 0.4;
const PAD = ["é", "óñ", "ţĥŕ", "ƒóúŕ", "ƒíṽéš"];

/** `kept` are the pieces that a sentence was given. */
export const pseudoText = (text: string, kept: readonly string[] = []): string => {
  const pieces = piecesOf(text, kept);
  const letters = pieces.reduce(
    (sum, { text: part, own }) => sum + (own ? (part.match(/[A-Za-z]/g) ?? []).length : 0),
    0,
  );
  if (letters === 0) return text;
  const body = pieces.map(({ text: part, own }) => (own ? accented(part) : part)).join("");
  return `${OPEN}${body} ${padding(Math.ceil(letters * LONGER))}${SHUT}`;
};

const accented = (text: string): string =>
  text.replace(/[A-Za-z]/g, (letter) => ACCENTED[PLAIN.indexOf(letter)] ?? letter);

/** Short words, so that what is longer wraps as prose does. */
const padding = (length: number): string => {
  let text = "";
  for (let n = 0; text.length < length; n++) text += (text === "" ? "" : " ") + (PAD[n % PAD.length] ?? "");
  return text.slice(0, Math.max(1, length)).trimEnd();
};

interface Piece {
  readonly text: string;
  /** Whether it is the sentence's own, and neither given to it nor pseudo already. */
  readonly own: boolean;
}

const piecesOf = (text: string, kept: readonly string[]): Piece[] => {
  const found: Piece[] = [];
  const longest = kept.filter((each) => each !== "").toSorted((a, b) => b.length - a.length);
  let own = "";
  const give = (piece: string) => {
    if (own !== "") found.push({ text: own, own: true });
    own = "";
    found.push({ text: piece, own: false });
  };
  for (let at = 0; at < text.length;) {
    const piece = bracketed(text, at) ?? longest.find((each) => text.startsWith(each, at) && isWhole(text, at, each));
    if (piece === undefined) own += text[at++] ?? "";
    else {
      give(piece);
      at += piece.length;
    }
  }
  return own === "" ? found : [...found, { text: own, own: true }];
};

/** What stands in brackets from here on, to the bracket that ends it. */
const bracketed = (text: string, from: number): string | undefined => {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === OPEN) depth++;
    if (depth === 0) return undefined;
    if (text[at] === SHUT && --depth === 0) return text.slice(from, at + 1);
  }
  return undefined;
};

/** "an" was not given where the sentence says "and". */
const isWhole = (text: string, at: number, piece: string): boolean =>
  !(/^[A-Za-z]/.test(piece) && /[A-Za-z]/.test(text[at - 1] ?? "")) &&
  !(/[A-Za-z]$/.test(piece) && /[A-Za-z]/.test(text[at + piece.length] ?? ""));

/** Every text in a value of the English catalogue, and what its functions answer. */
export const pseudo = <T>(english: T): T => changed(english, () => []) as T;

const changed = (value: unknown, kept: () => readonly string[]): unknown => {
  if (typeof value === "string") return pseudoText(value, kept());
  if (typeof value === "function") return spoken(value as (...args: readonly unknown[]) => unknown);
  if (Array.isArray(value)) return value.map((each) => changed(each, kept));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, isForProgram(key, value) ? each : changed(each, kept)]),
  );
};

/** A choice's value, a failure's code, a chip's tone, the rights of a group, what is printed on keys: beside the word that is shown. */
const BESIDE: Readonly<Record<string, string>> = {
  value: "label",
  code: "message",
  tone: "word",
  capabilities: "title",
  keys: "what",
};
const isForProgram = (key: string, of: object): boolean => {
  const shown = Object.hasOwn(BESIDE, key) ? BESIDE[key] : undefined;
  return shown !== undefined && Object.hasOwn(of, shown);
};

const spoken =
  (sentence: (...args: readonly unknown[]) => unknown) =>
  (...args: readonly unknown[]): unknown => {
    const kept: string[] = [];
    const answer = sentence(...args.map((arg) => listened(arg, kept)));
    for (const arg of args) textsIn(arg, kept);
    return changed(answer, () => kept);
  };

/** A function that a sentence asks for a name: its answers are given too. */
const listened = (arg: unknown, kept: string[]): unknown =>
  typeof arg === "function"
    ? (...asked: readonly unknown[]): unknown => {
        const answer = (arg as (...of: readonly unknown[]) => unknown)(...asked);
        textsIn(answer, kept);
        return answer;
      }
    : arg;

/** What tells kinds apart is not shown, and may be a word of the sentence: "here". */
const CODES: readonly string[] = ["kind", "how", "state", "op", "code"];

const textsIn = (value: unknown, into: string[]): void => {
  if (typeof value === "string") into.push(value);
  else if (Array.isArray(value)) for (const each of value) textsIn(each, into);
  else if (typeof value === "object" && value !== null)
    for (const [key, each] of Object.entries(value)) if (!CODES.includes(key)) textsIn(each, into);
};

export const PSEUDO: Texts = {
  language: { ...ENGLISH, tag: "en-XA", length: pseudo(ENGLISH.length), date: pseudo(ENGLISH.date) },
  of: (_, english) => pseudo(english),
};
