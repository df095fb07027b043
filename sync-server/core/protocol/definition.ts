/**
 * What a tool says of itself, as one exact text that a team compares by its hash (TD4). The text is the label
 * `bulkhead-tool-v1`, a newline, and JSON without spaces of the keys below, each present exactly when the server sent it.
 * Keys of every object are sorted by UTF-16 code unit; strings and numbers are as ECMAScript writes them; nothing is
 * normalised. Icons and `_meta` are left out: nobody decides by them, and no model reads them.
 *
 * Another list of fields is another label, and a team may have accepted hashes of both.
 */
export const DEFINITION_LABEL = "bulkhead-tool-v1";
const FIELDS = ["annotations", "description", "inputSchema", "name", "outputSchema", "title"] as const;
export const DEFINITION_DEPTH = 64;
/** Characters of the text. A larger definition is refused: such a tool is left out. */
export const DEFINITION_MAX = 131_072;

/** Stable JSON text of a parsed JSON value; undefined where it nests deeper than `depth`. */
export const stableText = (value: unknown, depth: number): string | undefined => {
  if (depth < 0) return undefined;
  if (Array.isArray(value))
    return joined(
      value.map((item) => stableText(item, depth - 1)),
      "[",
      "]",
    );
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value)
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .sort((a, b) => (a < b ? -1 : 1));
  return joined(
    keys.map((key) => {
      const text = stableText((value as Record<string, unknown>)[key], depth - 1);
      return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
    }),
    "{",
    "}",
  );
};

const joined = (parts: readonly (string | undefined)[], open: string, close: string): string | undefined =>
  parts.includes(undefined) ? undefined : `${open}${parts.join(",")}${close}`;

/** The JSON of a definition without its label: what people are shown and compare. Undefined where it is too deep or too large. */
export const definitionJson = (definition: Readonly<Record<string, unknown>>): string | undefined => {
  const kept = Object.fromEntries(
    FIELDS.filter((key) => Object.hasOwn(definition, key)).map((key) => [key, definition[key]]),
  );
  const text = stableText(kept, DEFINITION_DEPTH);
  return text === undefined || text.length > DEFINITION_MAX ? undefined : text;
};

/** The text whose SHA-256 names the definition. */
export const definitionText = (json: string): string => `${DEFINITION_LABEL}\n${json}`;
