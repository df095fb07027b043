/** Values with which a form starts so that it says exactly what a call says. Pure. */
import { json } from "#core/protocol/parse.ts";
import { sameArguments } from "./argument-difference.ts";
import { readForm, type FormField, type FormValues } from "./schema-model.ts";

/** Null where the fields cannot say all of it: then only the JSON editor is faithful. */
export const valuesFrom = (args: string, fields: readonly FormField[]): FormValues | null => {
  const parsed = json(args);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  const values = valuesOf(parsed as Readonly<Record<string, unknown>>, fields, "");
  const read = readForm(fields, values);
  return read.ok && sameArguments(args, read.args) ? values : null;
};

/** Not `String`: an object may bring a `toString` of its own that is no function. */
const text = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

const valuesOf = (from: Readonly<Record<string, unknown>>, fields: readonly FormField[], path: string): FormValues => {
  const values: Record<string, FormValues[string]> = {};
  for (const field of fields) {
    const value = Object.hasOwn(from, field.name) ? from[field.name] : undefined;
    if (value === undefined) continue;
    const at = path + field.name;
    if (field.kind === "group")
      Object.assign(
        values,
        typeof value === "object" && value !== null
          ? valuesOf(value as Readonly<Record<string, unknown>>, field.fields, `${at}.`)
          : {},
      );
    else if (field.kind === "boolean") values[at] = value === true;
    else if (field.kind === "texts") values[at] = Array.isArray(value) ? value.map(text) : [];
    else values[at] = field.kind === "json" ? JSON.stringify(value, null, 2) : text(value);
  }
  return values;
};
