/**
 * Whether judging a value by a schema is as quick as reading it, whatever the value: every part of it meets one part of
 * the schema, and that asks nothing which grows faster than the part. A closed list of words: what is not in it may take long.
 */
const SCHEMA_WORDS: ReadonlySet<string> = new Set(["items", "additionalProperties"]);
const PLAIN_WORDS: ReadonlySet<string> = new Set([
  "$schema",
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "format",
  "type",
  "required",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
]);
/** A part of the value is compared with each of them. */
const ENUM_MAX = 64;
const DEPTH_MAX = 32;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What both may measure together, in characters: parts of the value are each held against a part of the schema. */
const SCHEMA_MAX = 8_192;
const VALUE_MAX = 65_536;

export const isPlainSchema = (schema: unknown): boolean =>
  isPlain(schema, 0) && JSON.stringify(schema).length <= SCHEMA_MAX;
/** Whether so long a text is judged quickly by a plain schema. */
export const isShort = (text: string): boolean => text.length <= VALUE_MAX;

const isPlain = (schema: unknown, depth: number): boolean => {
  if (typeof schema === "boolean") return true;
  if (!isObject(schema) || depth > DEPTH_MAX) return false;
  return Object.entries(schema).every(([word, value]) => {
    if (PLAIN_WORDS.has(word)) return true;
    if (SCHEMA_WORDS.has(word)) return isPlain(value, depth + 1);
    if (word === "properties") return isObject(value) && Object.values(value).every((each) => isPlain(each, depth + 1));
    return word === "enum" && Array.isArray(value) && value.length <= ENUM_MAX && value.every(isSingle);
  });
};
const isSingle = (value: unknown): boolean => typeof value !== "object" || value === null;
