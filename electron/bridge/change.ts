/**
 * What changed in the value of a topic. A window that has a value is sent only this; one that has another value than the
 * change was made from, or to whose value it does not fit, asks for the whole. Parts that did not change stay the same
 * objects. Values are JSON: a field that is undefined is not there.
 */
import { z } from "zod";

const place = z.number().int().nonnegative();
/** One level of a change; what lies deeper is read when it is applied, so that depth is bounded there. */
const Level = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("is"), value: z.unknown() }),
  /** Pairs, since a field may have any name. New fields stand last. */
  z.strictObject({
    kind: z.literal("fields"),
    put: z.array(z.tuple([z.string(), z.unknown()])),
    gone: z.array(z.string()),
  }),
  /** What the rows are now, in order: some as they stood at `from`, one that was there and changed, or a new one. */
  z.strictObject({
    kind: z.literal("rows"),
    rows: z.array(
      z.union([
        z.strictObject({ from: place, count: place.min(1) }),
        z.strictObject({ from: place, change: z.unknown() }),
        z.strictObject({ value: z.unknown() }),
      ]),
    ),
  }),
]);
type Piece =
  | { readonly from: number; readonly count: number }
  | { readonly from: number; readonly change: Change }
  | { readonly value: unknown };
export type Change =
  | { readonly kind: "is"; readonly value: unknown }
  | { readonly kind: "fields"; readonly put: readonly (readonly [string, Change])[]; readonly gone: readonly string[] }
  | { readonly kind: "rows"; readonly rows: readonly Piece[] };

/** What lies deeper, as in the schema of a tool, is sent as one piece. */
const DEPTH_MAX = 16;
/** Fields that name a row, where each row of a list has one. */
const NAMES = ["id", "member", "device", "doc", "schema", "name"] as const;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const keysOf = (fields: Fields): string[] => Object.keys(fields).filter((key) => fields[key] !== undefined);
const ownOf = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);
const isAlike = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, at) => each === b[at]);

/** What turns `before`, a JSON value, into `after`; null where they read the same. */
export const changeBetween = (before: unknown, after: unknown, depth = DEPTH_MAX): Change | null => {
  if (before === after) return null;
  if (typeof before !== "object" || typeof after !== "object") return { kind: "is", value: after };
  if (depth === 0) return JSON.stringify(before) === JSON.stringify(after) ? null : { kind: "is", value: after };
  if (Array.isArray(before) && Array.isArray(after)) return rowsBetween(before, after, depth);
  if (isFields(before) && isFields(after)) return fieldsBetween(before, after, depth);
  return { kind: "is", value: after };
};

const fieldsBetween = (before: Fields, after: Fields, depth: number): Change | null => {
  const [was, is] = [keysOf(before), keysOf(after)];
  const gone = was.filter((key) => ownOf(after, key) === undefined);
  const kept = was.filter((key) => ownOf(after, key) !== undefined);
  const added = is.filter((key) => ownOf(before, key) === undefined);
  // A window shows fields in their order too.
  if (!isAlike([...kept, ...added], is)) return { kind: "is", value: after };
  const put: [string, Change][] = [];
  for (const key of kept) {
    const change = changeBetween(before[key], after[key], depth - 1);
    if (change !== null) put.push([key, change]);
  }
  for (const key of added) put.push([key, { kind: "is", value: after[key] }]);
  return put.length + gone.length === 0 ? null : { kind: "fields", put, gone };
};

const rowsBetween = (before: readonly unknown[], after: readonly unknown[], depth: number): Change | null => {
  const placeOf = placesIn(before, after);
  const rows: Piece[] = [];
  for (const [at, value] of after.entries()) {
    const from = placeOf(at);
    const change = from === undefined ? undefined : changeBetween(before[from], value, depth - 1);
    const last = rows.at(-1);
    if (from === undefined) rows.push({ value });
    else if (change !== null && change !== undefined) rows.push({ from, change });
    else if (last !== undefined && "count" in last && last.from + last.count === from)
      rows[rows.length - 1] = { from: last.from, count: last.count + 1 };
    else rows.push({ from, count: 1 });
  }
  const [only] = rows;
  const isSame =
    rows.length === 0 || (rows.length === 1 && only !== undefined && "count" in only && only.count === before.length);
  return isSame && before.length === after.length ? null : { kind: "rows", rows };
};

/** Where a row of `after` stood: by what names it; where rows have no names by all that it says, or else by its place. */
const placesIn = (before: readonly unknown[], after: readonly unknown[]): ((at: number) => number | undefined) => {
  const named = [null, ...NAMES].map((field) => [namesOf(before, field), namesOf(after, field)] as const);
  const [was, is] = named.find((pair) => pair[0] !== null && pair[1] !== null) ?? [];
  if (was && is) return byName(was, is);
  const same = byName(before.map(textOf), after.map(textOf));
  const taken = new Set(after.map((_row, at) => same(at)));
  return (at) => same(at) ?? (at < before.length && !taken.has(at) ? at : undefined);
};
const byName = (was: readonly string[], is: readonly string[]): ((at: number) => number | undefined) => {
  const places = new Map(counted(was).map((each, at) => [each, at]));
  const names = counted(is);
  return (at) => places.get(names[at] ?? "");
};
const textOf = (row: unknown): string => JSON.stringify(row) ?? "";
/** The names of all rows, a text its own; null where a row has none. */
const namesOf = (rows: readonly unknown[], field: string | null): string[] | null => {
  const names: string[] = [];
  for (const row of rows) {
    const name = field === null ? row : isFields(row) ? ownOf(row, field) : undefined;
    if (typeof name !== "string") return null;
    names.push(name);
  }
  return names;
};
/** Two rows of one name are the first and the second of that name. */
const counted = (names: readonly string[]): string[] => {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return `${n} ${name}`;
  });
};

/** The value after a change that somebody else made; undefined where it does not fit. */
export const afterChange = (before: unknown, raw: unknown, depth = DEPTH_MAX): unknown => {
  const parsed = depth < 0 ? undefined : Level.safeParse(raw).data;
  if (parsed === undefined) return undefined;
  if (parsed.kind === "is") return parsed.value;
  if (parsed.kind === "rows")
    return Array.isArray(before) ? afterRows(before as readonly unknown[], parsed.rows, depth) : undefined;
  if (!isFields(before)) return undefined;
  const fields = new Map(Object.entries(before));
  for (const key of parsed.gone) if (!fields.delete(key)) return undefined;
  for (const [key, change] of parsed.put) {
    const value = afterChange(fields.get(key), change, depth - 1);
    if (value === undefined) return undefined;
    fields.set(key, value);
  }
  // Made from pairs, a field of any name is a field and nothing else.
  return Object.fromEntries(fields);
};
const afterRows = (
  before: readonly unknown[],
  pieces: Extract<z.output<typeof Level>, { kind: "rows" }>["rows"],
  depth: number,
): unknown => {
  const rows: unknown[] = [];
  /** No row stands in two places: a small change makes no large value. */
  const used = new Set<number>();
  const take = (from: number): unknown =>
    from >= before.length || used.has(from) ? undefined : (used.add(from), before[from]);
  for (const piece of pieces) {
    const end = "count" in piece ? piece.from + piece.count : 0;
    if (end > before.length) return undefined;
    if ("count" in piece) for (let from = piece.from; from < end; from += 1) rows.push(take(from));
    else if ("change" in piece) rows.push(afterChange(take(piece.from), piece.change, depth - 1));
    else rows.push(piece.value);
  }
  return rows.includes(undefined) ? undefined : rows;
};

/** `after` with every part of `before` that reads the same, as the same object. */
export const withSame = <V>(before: V | undefined, after: V): V => {
  const change = before === undefined ? undefined : changeBetween(before, after);
  if (change === null) return before as V;
  return change === undefined ? after : ((afterChange(before, change) as V | undefined) ?? after);
};

/** A value as one end has it: `n` is the number of the frame that made it, 0 for the answer to `watch`. */
export interface HeldValue {
  readonly n: number;
  readonly value: unknown;
}
/** Null where the change was made from another value than this, or does not fit it: the whole is asked for. */
export const heldAfter = (
  held: HeldValue | undefined,
  frame: { readonly n: number; readonly since: number; readonly change: unknown },
): HeldValue | null => {
  if (held === undefined || held.n !== frame.since) return null;
  const value = afterChange(held.value, frame.change);
  return value === undefined ? null : { n: frame.n, value };
};
