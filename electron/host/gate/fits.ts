/**
 * Whether a condition can hold for any call of a tool, by the schema of its arguments. A rule that names an argument which
 * is not there protects nothing and stands in the list as if it did. Pure. Schemas are a server's own words: what cannot
 * be read in them is open, and refuses nothing.
 */
import type { Condition } from "#core/protocol/command.ts";
import type { JsonType } from "#bridge/facts/policy.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import { nameOf } from "./likeness.ts";

export type Schema = Readonly<Record<string, unknown>>;
/** An argument as it can be chosen: its dotted path and what it may be. */
export interface Argument {
  readonly path: string;
  /** Empty where the schema does not say. */
  readonly types: readonly JsonType[];
}
/** `refused`: no call fits, for certain. `warned`: the schema leaves room for one. */
export type Misfit = { readonly sure: boolean; readonly what: Told };

const DEPTH_MAX = 5;
const PATHS_MAX = 200;
const STEPS_MAX = 2_000;
/** No condition can name more. */
const PATH_MAX = 200;
/** A schema may name itself: nothing deeper is followed. */
const NEST_MAX = 64;
interface Budget {
  left: number;
  depth: number;
}
const newBudget = (): Budget => ({ left: STEPS_MAX, depth: 0 });
const TYPES: readonly JsonType[] = ["string", "number", "integer", "boolean", "object", "array", "null"];

interface Leaf {
  /** Null where anything may stand. */
  readonly types: readonly JsonType[] | null;
  /** The only values, where the schema lists them. */
  readonly values: readonly unknown[] | null;
}
interface Found {
  readonly leaves: readonly Leaf[];
  /** Something may stand there that the schema does not list. */
  readonly open: boolean;
}
const NOTHING: Found = { leaves: [], open: false };
const OPEN: Found = { leaves: [], open: true };

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Follows local references; null where one leads elsewhere or in a circle. */
const resolved = (value: unknown, root: Schema): Schema | null => {
  let node = value;
  for (let step = 0; step < 8; step += 1) {
    if (!isSchema(node)) return null;
    const ref: unknown = node["$ref"];
    if (typeof ref !== "string") return node;
    if (!ref.startsWith("#/")) return null;
    node = ref
      .slice(2)
      .split("/")
      .reduce<unknown>(
        (at, key) => (isSchema(at) && Object.hasOwn(at, unescaped(key)) ? at[unescaped(key)] : undefined),
        root,
      );
  }
  return null;
};
const unescaped = (key: string): string => key.replaceAll("~1", "/").replaceAll("~0", "~");

const typesOf = (node: Schema): readonly JsonType[] | null => {
  const named = (typeof node["type"] === "string" ? [node["type"]] : list(node["type"])).filter(
    (type): type is JsonType => TYPES.includes(type as JsonType),
  );
  return named.length === 0 ? null : named;
};
const valuesOf = (node: Schema): readonly unknown[] | null =>
  Array.isArray(node["enum"]) ? list(node["enum"]) : Object.hasOwn(node, "const") ? [node["const"]] : null;

/** Schemas of which one or all hold. */
const branches = (
  node: Schema,
): { readonly all: readonly unknown[]; readonly one: readonly (readonly unknown[])[] } => ({
  all: list(node["allOf"]),
  one: [list(node["anyOf"]), list(node["oneOf"])].filter((each) => each.length > 0),
});

/** What may stand at a path. A list on the way stands for each of its items, as in conditions. */
const at = (value: unknown, path: readonly string[], root: Schema, budget: Budget): Found => {
  budget.left -= 1;
  if (value === false) return NOTHING;
  const node = value === true ? {} : resolved(value, root);
  if (node === null || budget.left < 0 || budget.depth >= NEST_MAX) return OPEN;
  budget.depth += 1;
  const found = inside(node, path, root, budget);
  budget.depth -= 1;
  return found;
};
const inside = (node: Schema, path: readonly string[], root: Schema, budget: Budget): Found => {
  const { all, one } = branches(node);
  // What is listed here first: branches may use up what may be looked at.
  const own = ownAt(node, path, root, budget);
  const parts = all.map((each) => at(each, path, root, budget));
  const choices = one.map((each) => either(each.map((branch) => at(branch, path, root, budget))));
  const every = [own, ...parts, ...choices];
  return { leaves: narrowed(every, path), open: every.every(({ open }) => open) };
};
const either = (found: readonly Found[]): Found => ({
  leaves: found.flatMap(({ leaves }) => leaves),
  open: found.some(({ open }) => open),
});
/** At its end, a node that says nothing of types leaves the word to its branches. */
const narrowed = (found: readonly Found[], path: readonly string[]): Leaf[] => {
  const leaves = found.flatMap((each) => each.leaves);
  const saying = leaves.filter(({ types, values }) => types !== null || values !== null);
  return path.length === 0 && saying.length > 0 ? saying : leaves;
};

const ownAt = (node: Schema, path: readonly string[], root: Schema, budget: Budget): Found => {
  const types = typesOf(node);
  const items = node["items"];
  const inItems =
    items !== undefined && !Array.isArray(items) && (types === null || types.includes("array"))
      ? at(items, path, root, budget)
      : NOTHING;
  const isList = types !== null && types.every((type) => type === "array" || type === "null");
  if (isList) return items === undefined || Array.isArray(items) ? OPEN : inItems;
  if (path.length === 0)
    return either([
      { leaves: [{ types: types?.filter((type) => type !== "array") ?? null, values: valuesOf(node) }], open: true },
      inItems,
    ]);
  if (types !== null && !types.includes("object")) return inItems;
  return either([underProperties(node, path, root, budget), inItems]);
};

/** A key with dots in it is one more reading of the path. */
const underProperties = (node: Schema, path: readonly string[], root: Schema, budget: Budget): Found => {
  const properties = isSchema(node["properties"]) ? node["properties"] : {};
  const found = path.flatMap((_, i) => {
    const key = path.slice(0, i + 1).join(".");
    return Object.hasOwn(properties, key) ? [at(properties[key], path.slice(i + 1), root, budget)] : [];
  });
  const closed = node["additionalProperties"] === false && !isSchema(node["patternProperties"]);
  // Where the first name is listed, what lies inside is said there.
  return found.length > 0 ? either(found) : closed ? NOTHING : OPEN;
};

/** Every argument that a schema lists, for choosing, nested ones by dots. */
export const argumentsOf = (schema: Schema): readonly Argument[] => {
  const found = new Map<string, Set<JsonType>>();
  let left = STEPS_MAX;
  const visit = (value: unknown, path: string, depth: number): void => {
    left -= 1;
    const node =
      left < 0 || depth > DEPTH_MAX || path.length > PATH_MAX || found.size >= PATHS_MAX
        ? null
        : resolved(value, schema);
    if (node === null) return;
    if (path !== "") {
      const types = found.get(path) ?? new Set<JsonType>();
      for (const type of typesOf(node) ?? []) types.add(type);
      found.set(path, types);
    }
    for (const [key, each] of Object.entries(isSchema(node["properties"]) ? node["properties"] : {}))
      visit(each, path === "" ? key : `${path}.${key}`, depth + 1);
    if (isSchema(node["items"])) visit(node["items"], path, depth + 1);
    const { all, one } = branches(node);
    for (const each of [...all, ...one.flat()]) visit(each, path, depth + 1);
  };
  visit(schema, "", 0);
  return [...found]
    .slice(0, PATHS_MAX)
    .map(([path, types]) => ({ path, types: [...types].filter((type) => type !== "null") }));
};

/** Why the condition can hold for no call of a tool with this schema, or null where it can. */
export const misfit = (schema: Schema, condition: Condition): Misfit | null => {
  const { leaves, open } = at(schema, condition.path.split("."), schema, newBudget());
  if (leaves.length === 0) return unknownName(schema, condition.path, open);
  const why = leaves.map((leaf) => wrongKind(leaf, condition));
  const [first] = why;
  return first !== undefined && first !== null && why.every((each) => each !== null)
    ? { sure: true, what: first }
    : null;
};

const unknownName = (schema: Schema, path: string, open: boolean): Misfit | null => {
  const listed = argumentsOf(schema);
  // A schema that lists nothing says nothing.
  if (open && listed.length === 0) return null;
  const like = listed.find((each) => nameOf(each.path) === nameOf(path) || distance(each.path, path) <= 2);
  return {
    sure: !open,
    what: told("misfit.no-argument", path, like?.path ?? null),
  };
};

/** Values of a list that are named. */
const SHOWN = 6;
const WANTS: Record<Condition["op"], readonly JsonType[]> = {
  equals: ["string", "number", "integer", "boolean", "null"],
  under: ["string"],
  "host-in": ["string"],
  "at-most": ["number", "integer"],
  matches: ["string"],
};

const wrongKind = ({ types, values }: Leaf, { path, op, value }: Condition): Told | null => {
  const wants = WANTS[op];
  const kinds = types ?? values?.map(typeOfValue) ?? null;
  if (kinds !== null && !kinds.some((type) => wants.includes(type)))
    return told("misfit.type", kinds[0] ?? "object", path, op);
  if (op !== "equals") return null;
  if (values !== null)
    return values.some((each) => String(each) === value)
      ? null
      : told("misfit.only", values.slice(0, SHOWN).map(String), values.length > SHOWN, path);
  if (kinds === null || kinds.includes("string")) return null;
  return kinds.some((type) => canBe(type, value)) ? null : told("misfit.value", kinds[0] ?? "object", path, value);
};
const typeOfValue = (value: unknown): JsonType =>
  value === null ? "null" : Array.isArray(value) ? "array" : (typeof value as JsonType);
const canBe = (type: JsonType, value: string): boolean =>
  type === "boolean"
    ? value === "true" || value === "false"
    : type === "integer" || type === "number"
      ? value.trim() !== "" && Number.isFinite(Number(value))
      : type === "null"
        ? value === "null"
        : false;

/** How many letters differ, at most 3: enough to find a slip of the finger. */
const distance = (a: string, b: string): number => {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return Math.min(3, row[b.length] ?? 3);
};
