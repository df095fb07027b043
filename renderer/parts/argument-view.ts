/**
 * How a call's arguments are laid out for a person who must judge them. The layout never decides what runs: the exact
 * text does, and it stays one click away. Characters that could disguise a text are made visible.
 */
export interface ArgumentField {
  readonly name: string;
  readonly kind: "short" | "long";
  readonly text: string;
}
export interface ArgumentView {
  readonly fields: readonly ArgumentField[];
  /** Size of the exact text, bytes of UTF-8. */
  readonly bytes: number;
  /** Why the fields alone may mislead, so that the exact text must be shown with them; null when they are faithful. */
  readonly doubt: "not-an-object" | "says-more" | null;
}

const SHORT_MAX = 80;
/** Control, zero-width and direction-changing characters: invisible on screen, or able to reorder what is seen. */
const DISGUISE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** The text with every disguising character written out, as in `⟨U+202E⟩`. */
export const visible = (text: string): string => text.replace(DISGUISE, (found) => `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

export const argumentView = (exact: string): ArgumentView => {
  const bytes = new TextEncoder().encode(exact).length;
  const value = parsed(exact);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { fields: [], bytes, doubt: "not-an-object" };
  const fields = Object.entries(value).map(([name, each]) => fieldOf(visible(name), each));
  return { fields, bytes, doubt: sameMeaning(exact, value) ? null : "says-more" };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const fieldOf = (name: string, value: unknown): ArgumentField => {
  const text = visible(typeof value === "string" ? value : JSON.stringify(value, null, 2));
  return { name, text, kind: text.length > SHORT_MAX || text.includes("\n") ? "long" : "short" };
};

/** A repeated key or a number that loses digits would show something else than what runs. */
const sameMeaning = (exact: string, value: unknown): boolean => tokens(exact).sort().join("\n") === tokens(JSON.stringify(value)).sort().join("\n");

/** Strings and numbers of a JSON text in a spelling that does not depend on escapes. Order of keys is not meaning. */
const tokens = (json: string): string[] =>
  (json.match(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]]/gs) ?? []).map((token) => (token.startsWith('"') ? JSON.stringify(parsed(token)) : token));
