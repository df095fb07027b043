/**
 * Lists that windows follow: one is watched as any topic, and answers with a head, its first rows in the order of the
 * screen. From then on it sends what changed, never the whole. `n` counts the states of a list that were sent: a window
 * that has another one than `n - 1` missed something and asks for the head again.
 */
import { z } from "zod";
import { id } from "./fields.ts";
import { method } from "./method.ts";

/** Rows in a head: more than a screen shows. */
export const HEAD_ROWS = 60;
export const PAGE_ROWS_MAX = 500;
/** Of one event: where more of a list changed at once, whoever follows it loads what is looked at anew. */
export const CHANGES_MAX = 100;

const place = z.number().int().nonnegative();
const counts = z.record(z.string(), place);
/** Groups stand one after the other, in the order that the list's noun names; a count for each that has rows. */
export const listHead = <R extends z.ZodType>(row: R) => z.strictObject({ n: place, counts, rows: z.array(row) });
export interface ListHead<Row> {
  readonly n: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
}

/** Places count as the changes before it in the same event left them. `from` is null where the row is new in the list. */
export const ListChange = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("put"), key: z.string(), from: place.nullable(), at: place, row: z.unknown() }),
  z.strictObject({ kind: z.literal("drop"), key: z.string(), from: place }),
]);
export type ListChange = z.infer<typeof ListChange>;

/** Events of a watched list; `list` is the topic's name. */
export const ListEvent = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("changes"), list: z.string(), n: place, counts, changes: z.array(ListChange) }),
  /** Too much changed, or the window fell behind: ask for the head again. */
  z.strictObject({ kind: z.literal("reload"), list: z.string() }),
]);
export type ListEvent = z.infer<typeof ListEvent>;

const topic = z.string().max(200);
const ofTopic = { in: "handler", because: "each topic has a row of its own" } as const;
export const listMethods = {
  /** Rows `from` and on of a list, as it was when the last event of it was sent. */
  "list.page": method({
    params: z.strictObject({ topic, from: place, limit: z.number().int().min(1).max(PAGE_ROWS_MAX) }),
    result: z.strictObject({ n: place, from: place, rows: z.array(z.unknown()) }),
    windows: ["main", "popup"],
    needs: ofTopic,
  }),
  /** One row by its key, wherever it stands; null where the list has none. */
  "list.row": method({
    params: z.strictObject({ topic, key: id }),
    result: z.strictObject({ n: place, row: z.unknown().nullable() }),
    windows: ["main", "popup"],
    needs: ofTopic,
  }),
};

/** What a window has of a list: a place for each row, undefined where the row was not loaded. */
export interface ListState<Row> {
  readonly n: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly rows: readonly (Row | undefined)[];
}

const totalOf = (of: Readonly<Record<string, number>>): number =>
  Object.values(of).reduce((sum, each) => sum + each, 0);

export const fromHead = <Row>({ n, counts: of, rows }: ListHead<Row>): ListState<Row> => ({
  n,
  counts: of,
  rows: Array.from({ length: Math.max(totalOf(of), rows.length) }, (_, index) => rows[index]),
});

/** Null where something was missed before it. `read` answers undefined for a row of another shape. */
export const afterChanges = <Row>(
  state: ListState<Row>,
  event: Extract<ListEvent, { kind: "changes" }>,
  read: (row: unknown) => Row | undefined,
): ListState<Row> | null => {
  if (event.n !== state.n + 1) return null;
  const rows = [...state.rows];
  for (const change of event.changes) {
    if (change.from !== null) rows.splice(change.from, 1);
    if (change.kind === "put") rows.splice(change.at, 0, read(change.row));
  }
  return rows.length === totalOf(event.counts) ? { n: event.n, counts: event.counts, rows } : null;
};

/** A page of another state says nothing about this one, and changes nothing. */
export const withPage = <Row>(
  state: ListState<Row>,
  page: { readonly n: number; readonly from: number; readonly rows: readonly (Row | undefined)[] },
): ListState<Row> => {
  if (page.n !== state.n) return state;
  const rows = [...state.rows];
  page.rows.forEach((row, index) => {
    if (page.from + index < rows.length) rows[page.from + index] = row;
  });
  return { ...state, rows };
};

/** The first place from `from` to `to` whose row is not loaded, or null. */
export const firstHole = ({ rows }: ListState<unknown>, from = 0, to = rows.length): number | null => {
  const found = rows.slice(from, to).indexOf(undefined);
  return found < 0 ? null : from + found;
};
