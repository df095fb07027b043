/**
 * A JSON reader for text that people paste or approve. Unlike `JSON.parse` it says the line of a mistake, refuses
 * an object that names a key twice, bounds the nesting, and makes objects without a prototype. In lenient mode it
 * also takes comments and commas at the end, which the usual configuration files have.
 */
import { losesDigits } from "#bridge/decimal.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonProblem = "syntax" | "duplicate-key" | "too-deep" | "number-loses-digits" | "broken-text";
export type JsonRead =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly problem: JsonProblem; readonly line: number; readonly detail: string };

class Stop extends Error {
  readonly problem: JsonProblem;
  readonly detail: string;
  constructor(problem: JsonProblem, detail: string) {
    super(problem);
    this.problem = problem;
    this.detail = detail;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\r\n]*/y;
const LENIENT_SPACE = /(?:[ \t\r\n\u00a0\ufeff]|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*/y;
const WORD = /true|false|null/y;

const reader = (text: string, lenient: boolean, maxDepth: number) => {
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return null;
    at += found[0].length;
    return found[0];
  };
  const skip = (): void => void match(lenient ? LENIENT_SPACE : SPACE);
  const take = (char: string): boolean => {
    skip();
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  const expect = (char: string): void => {
    if (!take(char)) throw new Stop("syntax", at >= text.length ? "the text ends too early" : `“${char}” expected`);
  };
  const string = (): string => {
    skip();
    const found = match(STRING);
    if (found === null) throw new Stop("syntax", "a text in double quotes expected");
    const text = JSON.parse(found) as string;
    // Half a character becomes another one wherever text is written as bytes: in what is hashed, shown or sent.
    if (!text.isWellFormed()) throw new Stop("broken-text", found.slice(0, 40).toWellFormed());
    return text;
  };
  const number = (): number => {
    const found = match(NUMBER);
    if (found === null) throw new Stop("syntax", at >= text.length ? "the text ends too early" : "a value expected");
    if (!lenient && losesDigits(found)) throw new Stop("number-loses-digits", found.slice(0, 40));
    return Number(found);
  };
  const object = (depth: number): Json => {
    const result = Object.create(null) as Record<string, Json>;
    while (!take("}")) {
      const key = string();
      if (key in result) throw new Stop("duplicate-key", key.slice(0, 80));
      expect(":");
      result[key] = value(depth - 1);
      if (!take(",")) {
        expect("}");
        break;
      }
      if (!lenient && take("}")) throw new Stop("syntax", "a comma too many");
    }
    return result;
  };
  const array = (depth: number): Json => {
    const result: Json[] = [];
    while (!take("]")) {
      result.push(value(depth - 1));
      if (!take(",")) {
        expect("]");
        break;
      }
      if (!lenient && take("]")) throw new Stop("syntax", "a comma too many");
    }
    return result;
  };
  const value = (depth: number): Json => {
    if (depth < 0) throw new Stop("too-deep", "");
    if (take("{")) return object(depth);
    if (take("[")) return array(depth);
    if (text[at] === '"') return string();
    const word = match(WORD);
    return word === null ? number() : (JSON.parse(word) as Json);
  };
  const whole = (): Json => {
    const result = value(maxDepth);
    skip();
    if (at < text.length) throw new Stop("syntax", "more text after the end");
    return result;
  };
  return { whole, line: () => text.slice(0, at).split("\n").length };
};

export const readJson = (text: string, options: { readonly lenient: boolean; readonly maxDepth: number }): JsonRead => {
  // Written as bytes, half a character becomes another one, so the text that is kept would not be the one that was read.
  if (!text.isWellFormed()) return { ok: false, problem: "broken-text", line: 1, detail: "" };
  const read = reader(text, options.lenient, options.maxDepth);
  try {
    return { ok: true, value: read.whole() };
  } catch (error) {
    if (error instanceof Stop) return { ok: false, problem: error.problem, line: read.line(), detail: error.detail };
    // A string of megabytes can exhaust the regular expression engine: that is a mistake in the text too.
    return { ok: false, problem: "syntax", line: read.line(), detail: "a value is too long" };
  }
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
