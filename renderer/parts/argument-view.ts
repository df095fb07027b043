/**
 * How a call's arguments are laid out for a person who must judge them. The layout never decides what runs: the exact
 * text does, and it stays one click away. Characters that could disguise a text are made visible.
 */
import { json } from "#core/protocol/parse.ts";
import { lookAlikes } from "#bridge/likeness.ts";
import { visible, visibleName } from "#bridge/plain-text.ts";
import { callWords as words } from "../text/calls.ts";
import { cautionsOf } from "./cautions.ts";
import { lineCount } from "./fold.ts";
import { lineDifference, type DifferenceLine } from "./line-difference.ts";

export interface ArgumentField {
  readonly name: string;
  readonly kind: "short" | "long" | "edits";
  readonly text: string;
  /** Only of `edits`: each replaced text and what replaces it, line by line. */
  readonly edits?: readonly (readonly DifferenceLine[])[];
  /** What about it could be taken for something else, in words. */
  readonly cautions?: readonly string[];
}
export interface ArgumentView {
  readonly fields: readonly ArgumentField[];
  /** Size of the exact text, bytes of UTF-8. */
  readonly bytes: number;
  /** Why the fields alone may mislead, so that the exact text must be shown with them; null when they are faithful. */
  readonly doubt: "not-an-object" | "says-more" | null;
  /** Lines of all values together. */
  readonly lines: number;
  /** Arguments, as the tool counts them. */
  readonly count: number;
  /** Of the whole text, where only that is shown. */
  readonly cautions: readonly string[];
}

const SHORT_MAX = 80;
export const argumentView = (exact: string): ArgumentView => {
  const bytes = new TextEncoder().encode(exact).length;
  const value = json(exact);
  const whole = {
    fields: [],
    bytes,
    lines: lineCount(exact),
    count: 0,
    cautions: cautionsOf(words.exactText, exact, []).filter((each) => each !== words.isText),
  };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { ...whole, doubt: "not-an-object" };
  const fields = fieldsOf(value);
  if (!sameMeaning(exact, value)) return { ...whole, fields, doubt: "says-more", count: Object.keys(value).length };
  return {
    fields,
    bytes,
    doubt: null,
    lines: fields.reduce((sum, field) => sum + linesOf(field), 0),
    count: Object.keys(value).length,
    cautions: [],
  };
};

const linesOf = (field: ArgumentField): number =>
  field.edits === undefined
    ? Math.max(1, lineCount(field.text))
    : field.edits.reduce((sum, lines) => sum + lines.length, 0);

/** The names under which tools take a text and its replacement. */
const PAIRS = [
  ["oldText", "newText"],
  ["old_text", "new_text"],
  ["oldString", "newString"],
  ["old_string", "new_string"],
  ["old_str", "new_str"],
] as const;
type Edit = readonly [before: string, after: string];

const fieldsOf = (value: object): ArgumentField[] => {
  const entries = Object.entries(value) as [string, unknown][];
  const pair = PAIRS.find(
    ([before, after]) => typeof entry(value, before) === "string" && typeof entry(value, after) === "string",
  );
  const others = lookAlikes(entries.map(([name]) => name));
  return entries.flatMap(([name, each]) => {
    if (name === pair?.[1]) return [];
    const cautions = cautionsOf(name, each, others.get(name) ?? []);
    if (name === pair?.[0])
      return [
        cautioned(editsField(`${pair[0]}, ${pair[1]}`, [[String(each), String(entry(value, pair[1]))]]), [
          ...cautions,
          ...cautionsOf(pair[1], entry(value, pair[1]), []),
        ]),
      ];
    const edits = editsOf(each);
    return [
      cautioned(edits === null ? fieldOf(visibleName(name), each) : editsField(visibleName(name), edits), cautions),
    ];
  });
};

const cautioned = (field: ArgumentField, cautions: readonly string[]): ArgumentField =>
  cautions.length === 0 ? field : { ...field, cautions: [...new Set(cautions)] };

const entry = (value: object, name: string): unknown =>
  Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;

/** A list of nothing but replacements; an entry that says anything else is shown as it is written. */
const editsOf = (value: unknown): Edit[] | null => {
  if (!Array.isArray(value) || value.length === 0) return null;
  const edits = (value as readonly unknown[]).map(editOf);
  return edits.some((each) => each === null) ? null : edits.filter((each) => each !== null);
};

const editOf = (value: unknown): Edit | null => {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 2) return null;
  const pair = PAIRS.find(
    ([before, after]) => typeof entry(value, before) === "string" && typeof entry(value, after) === "string",
  );
  return pair === undefined ? null : [String(entry(value, pair[0])), String(entry(value, pair[1]))];
};

const editsField = (name: string, edits: readonly Edit[]): ArgumentField => ({
  name,
  kind: "edits",
  text: "",
  edits: edits.map(([before, after]) =>
    lineDifference(before, after).map((line) => ({ ...line, text: visible(line.text) })),
  ),
});

const fieldOf = (name: string, value: unknown): ArgumentField => {
  const text = visible(typeof value === "string" ? value : JSON.stringify(value, null, 2));
  return { name, text, kind: text.length > SHORT_MAX || text.includes("\n") ? "long" : "short" };
};

/** A repeated key or a number that loses digits would show something else than what runs. */
const sameMeaning = (exact: string, value: unknown): boolean =>
  tokens(exact).sort().join("\n") === tokens(JSON.stringify(value)).sort().join("\n");

/** Strings and numbers of a JSON text in a spelling that does not depend on escapes. Order of keys is not meaning. */
const tokens = (exact: string): string[] =>
  (exact.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]]/gs) ?? []).map((token) =>
    token.startsWith('"') ? JSON.stringify(json(token)) : token,
  );
