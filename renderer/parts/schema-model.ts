/**
 * A form made from a tool's JSON Schema. Pure: a schema becomes fields, and what was typed becomes the exact JSON text
 * of the call or a sentence per field. What a form cannot show faithfully becomes a JSON editor for that value.
 */
import { json } from "#core/protocol/parse.ts";
import { decimalOf, losesDigits } from "#bridge/decimal.ts";
import { schemaWords as sentences } from "../text/schema.ts";

export type Schema = Readonly<Record<string, unknown>>;

interface FieldBase {
  readonly name: string;
  readonly label: string;
  readonly help: string | null;
  readonly required: boolean;
}
export type FormField = FieldBase &
  (
    | {
        readonly kind: "text";
        readonly long: boolean;
        readonly minLength: number;
        readonly maxLength: number | null;
        readonly pattern: string | null;
      }
    | {
        readonly kind: "number";
        readonly whole: boolean;
        readonly minimum: number | null;
        readonly maximum: number | null;
      }
    | { readonly kind: "boolean" }
    | { readonly kind: "choice"; readonly options: readonly (string | number)[] }
    | { readonly kind: "texts" }
    | { readonly kind: "group"; readonly fields: readonly FormField[] }
    | { readonly kind: "json" }
  );
export type FormModel = { readonly kind: "fields"; readonly fields: readonly FormField[] } | { readonly kind: "json" };

/** What is typed, by path (`a`, `a.b`): text as typed, a list of texts, or on and off. A path left out is not sent. */
export type FormValues = Readonly<Record<string, string | boolean | readonly string[]>>;
export type FormResult =
  | { readonly ok: true; readonly args: string }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

const DEPTH_MAX = 3;
const FIELDS_MAX = 40;
const LONG_NAMES = /content|text|body|message|quer|code|script|prompt|description|command|sql|diff|patch|note/i;
const MIXING = ["oneOf", "anyOf", "allOf", "not", "if", "patternProperties", "dependentSchemas"] as const;

export const formFromSchema = (schema: Schema): FormModel => {
  const fields = fieldsOf(schema, schema, 0);
  return fields === null ? { kind: "json" } : { kind: "fields", fields };
};

const fieldsOf = (schema: Schema, root: Schema, depth: number): FormField[] | null => {
  const properties = schema["properties"];
  if (MIXING.some((key) => key in schema)) return null;
  if (!isSchema(properties))
    return schema["additionalProperties"] === undefined || schema["additionalProperties"] === false ? [] : null;
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const entries = Object.entries(properties);
  if (entries.length > FIELDS_MAX || depth > DEPTH_MAX) return null;
  return entries.map(([name, each]) => fieldOf(name, resolved(each, root), root, required.has(name), depth));
};

const fieldOf = (name: string, schema: Schema | null, root: Schema, required: boolean, depth: number): FormField => {
  const base = { name, label: textOr(schema?.["title"], name), help: textOr(schema?.["description"], null), required };
  if (schema === null) return { ...base, kind: "json" };
  const options = choicesOf(schema);
  if (options !== null) return { ...base, kind: "choice", options };
  if (MIXING.some((key) => key in schema)) return { ...base, kind: "json" };
  switch (typeOf(schema)) {
    case "string": {
      const maxLength = numberOr(schema["maxLength"]);
      const long = LONG_NAMES.test(name) || (maxLength !== null && maxLength > 200);
      return {
        ...base,
        kind: "text",
        long,
        minLength: numberOr(schema["minLength"]) ?? 0,
        maxLength,
        pattern: textOr(schema["pattern"], null),
      };
    }
    case "number":
    case "integer":
      return {
        ...base,
        kind: "number",
        whole: typeOf(schema) === "integer",
        minimum: numberOr(schema["minimum"]),
        maximum: numberOr(schema["maximum"]),
      };
    case "boolean":
      return { ...base, kind: "boolean" };
    case "array": {
      const items = resolved(schema["items"], root);
      return items !== null && typeOf(items) === "string" && choicesOf(items) === null
        ? { ...base, kind: "texts" }
        : { ...base, kind: "json" };
    }
    case "object": {
      const fields = fieldsOf(schema, root, depth + 1);
      return fields === null || fields.length === 0 ? { ...base, kind: "json" } : { ...base, kind: "group", fields };
    }
    default:
      return { ...base, kind: "json" };
  }
};

/** Follows local references once per step; a reference to itself, or to elsewhere, ends in the JSON editor. */
const resolved = (value: unknown, root: Schema): Schema | null => {
  let schema = value;
  for (let step = 0; step < 8; step += 1) {
    if (!isSchema(schema)) return null;
    const nullable: unknown = schema["anyOf"];
    const ref = schema["$ref"];
    if (typeof ref === "string") {
      if (!ref.startsWith("#/")) return null;
      schema = ref
        .slice(2)
        .split("/")
        .reduce<unknown>(
          (at, key) => (isSchema(at) ? at[key.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined),
          root,
        );
    } else if (Array.isArray(nullable) && nullable.length === 2 && nullable.some(isNull)) {
      const { anyOf: _anyOf, ...rest } = schema;
      const other: unknown = nullable.find((each) => !isNull(each));
      if (!isSchema(other)) return null;
      schema = { ...other, ...rest };
    } else return schema;
  }
  return null;
};

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNull = (value: unknown): boolean => isSchema(value) && value["type"] === "null";
const textOr = <T>(value: unknown, other: T): string | T => (typeof value === "string" && value !== "" ? value : other);
const numberOr = (value: unknown): number | null => (typeof value === "number" ? value : null);

const typeOf = (schema: Schema): string | null => {
  const type = schema["type"];
  if (typeof type === "string") return type;
  const named: unknown[] = Array.isArray(type) ? type.filter((each) => each !== "null") : [];
  return named.length === 1 && typeof named[0] === "string" ? named[0] : null;
};

const choicesOf = (schema: Schema): (string | number)[] | null => {
  const values: unknown[] = Array.isArray(schema["enum"])
    ? schema["enum"]
    : schema["const"] !== undefined
      ? [schema["const"]]
      : [];
  return values.length > 0 && values.every((each) => typeof each === "string" || typeof each === "number")
    ? values
    : null;
};

/** What the schema says a field starts with. */
export const startValues = (schema: Schema, fields: readonly FormField[], path = ""): FormValues => {
  const properties = schema["properties"];
  const values: Record<string, string | boolean | readonly string[]> = {};
  for (const field of fields) {
    const own = isSchema(properties) ? resolved(properties[field.name], schema) : null;
    const first = own?.["default"];
    const at = path + field.name;
    if (field.kind === "group" && own !== null) Object.assign(values, startValues(own, field.fields, `${at}.`));
    else if (typeof first === "boolean" && field.kind === "boolean") values[at] = first;
    else if (field.kind === "texts" && Array.isArray(first)) values[at] = first.map(String);
    else if ((typeof first === "string" || typeof first === "number") && field.kind !== "json")
      values[at] = String(first);
    else if (field.kind === "choice" && field.options.length === 1) values[at] = String(field.options[0]);
  }
  return values;
};

export const readForm = (fields: readonly FormField[], values: FormValues): FormResult => {
  const problems: Record<string, string> = {};
  const value = groupValue(fields, values, "", problems);
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, args: JSON.stringify(value) };
};

/** The raw editor: any JSON object. */
export const readJson = (text: string): FormResult => {
  const value = json(text.trim() === "" ? "{}" : text);
  if (!isSchema(value)) return { ok: false, problems: { "": sentences.object } };
  return numbersStay(text)
    ? { ok: true, args: JSON.stringify(value) }
    : { ok: false, problems: { "": sentences.exact } };
};

const groupValue = (
  fields: readonly FormField[],
  values: FormValues,
  path: string,
  problems: Record<string, string>,
): Record<string, unknown> => {
  const result: Record<string, unknown> = {};
  for (const field of fields) {
    const at = path + field.name;
    if (field.kind === "group") {
      const inner: Record<string, string> = {};
      const group = groupValue(field.fields, values, `${at}.`, inner);
      const empty = Object.keys(group).length === 0;
      if (!empty || field.required) Object.assign(problems, inner);
      if (!empty || field.required) result[field.name] = group;
      continue;
    }
    const read = fieldValue(field, values[at]);
    if ("problem" in read) problems[at] = read.problem;
    else if (read.value !== undefined) result[field.name] = read.value;
  }
  return result;
};

type Read = { readonly value: unknown } | { readonly problem: string };

const fieldValue = (
  field: Exclude<FormField, { kind: "group" }>,
  typed: string | boolean | readonly string[] | undefined,
): Read => {
  if (field.kind === "boolean")
    return { value: typeof typed === "boolean" ? typed : field.required ? false : undefined };
  if (field.kind === "texts") {
    const list = Array.isArray(typed) ? typed.filter((each: string) => each !== "") : [];
    return list.length > 0 ? { value: list } : field.required ? { problem: sentences.oneLine } : { value: undefined };
  }
  const text = typeof typed === "string" ? typed : "";
  if (text === "" && !(field.kind === "text" && field.required && typed !== undefined && field.minLength === 0))
    return field.required ? { problem: sentences.needed } : { value: undefined };
  if (field.kind === "choice") {
    const chosen = field.options.find((option) => String(option) === text);
    return chosen === undefined ? { problem: sentences.oneOf } : { value: chosen };
  }
  if (field.kind === "number") return numberValue(field, text);
  if (field.kind === "json") {
    const value = json(text);
    return value === undefined
      ? { problem: sentences.json }
      : numbersStay(text)
        ? { value }
        : { problem: sentences.exact };
  }
  return textValue(field, text);
};

const numberValue = (field: Extract<FormField, { kind: "number" }>, text: string): Read => {
  const value = Number(text.trim());
  if (text.trim() === "" || !Number.isFinite(value)) return { problem: sentences.number };
  if (decimalOf(text.trim()) !== null && losesDigits(text.trim())) return { problem: sentences.exact };
  if (field.whole && !Number.isSafeInteger(value)) return { problem: sentences.whole };
  if (field.minimum !== null && value < field.minimum) return { problem: sentences.atLeast(field.minimum) };
  if (field.maximum !== null && value > field.maximum) return { problem: sentences.atMost(field.maximum) };
  return { value };
};

const textValue = (field: Extract<FormField, { kind: "text" }>, text: string): Read => {
  if (text.length < field.minLength) return { problem: sentences.tooShort(field.minLength) };
  if (field.maxLength !== null && text.length > field.maxLength) return { problem: sentences.tooLong(field.maxLength) };
  if (field.pattern !== null && !matches(field.pattern, text)) return { problem: sentences.pattern(field.pattern) };
  return { value: text };
};

/** A pattern that this engine cannot read refuses nothing: the tool itself judges the value again. */
const matches = (pattern: string, text: string): boolean => {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    // The tool itself judges the value again.
    return true;
  }
};

/** Whether every number of a JSON text is still the same one once it is read. */
const numbersStay = (text: string): boolean =>
  !(text.replace(/"(?:[^"\\]|\\.)*"/gs, "").match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? []).some(losesDigits);
