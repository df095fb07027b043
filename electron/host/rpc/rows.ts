/** The rows of one list in their order, and what of them changed. */
import { CHANGES_MAX, type ListChange } from "#bridge/list.ts";
import type { ListShape } from "#bridge/lists.ts";

export interface Rows<Row> {
  counts(): Record<string, number>;
  slice(from: number, to: number): Row[];
  row(key: string): Row | null;
  /** All keys that are in the list. */
  keys(): Iterable<string>;
  /**
   * Puts rows in their places, and drops those that are null. Answers what changed, in the order in which it applies:
   * a row that reads as before is no change. Null where more changed than is worth telling one by one.
   */
  take(rows: ReadonlyMap<string, Row | null>): ListChange[] | null;
}

interface Held<Row> {
  readonly row: Row;
  readonly text: string;
  readonly rank: number;
}

export const createRows = <Row>({ key, groups, group, order }: ListShape<Row>, first: readonly Row[]): Rows<Row> => {
  const held = new Map<string, Held<Row>>();
  const holdOf = (row: Row): Held<Row> => ({ row, text: JSON.stringify(row), rank: groups.indexOf(group(row)) });
  const compare = (a: Held<Row>, b: Held<Row>): number =>
    a.rank - b.rank || order(a.row, b.row) || (key(a.row) < key(b.row) ? -1 : key(a.row) > key(b.row) ? 1 : 0);
  const sorted = first.map(holdOf).toSorted(compare);
  const counts = groups.map(() => 0);
  const count = ({ rank }: Held<Row>, by: 1 | -1): void => void (counts[rank] = (counts[rank] ?? 0) + by);
  for (const each of sorted) {
    held.set(key(each.row), each);
    count(each, 1);
  }

  /** Where it stands, or would stand. */
  const placeOf = (wanted: Held<Row>): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(sorted[middle] as Held<Row>, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const takeOne = (name: string, row: Row | null): ListChange | null => {
    const before = held.get(name);
    const after = row === null ? null : holdOf(row);
    if (before?.text === after?.text) return null;
    const from = before === undefined ? null : placeOf(before);
    if (from !== null) sorted.splice(from, 1);
    if (before !== undefined) count(before, -1);
    if (after === null) {
      held.delete(name);
      return from === null ? null : { kind: "drop", key: name, from };
    }
    const at = placeOf(after);
    sorted.splice(at, 0, after);
    held.set(name, after);
    count(after, 1);
    return { kind: "put", key: name, from, at, row };
  };
  return {
    counts: () => Object.fromEntries(groups.flatMap((name, rank) => (counts[rank] ? [[name, counts[rank]]] : []))),
    slice: (from, to) => sorted.slice(from, to).map(({ row }) => row),
    row: (name) => held.get(name)?.row ?? null,
    keys: () => held.keys(),
    take: (rows) => {
      const changes: ListChange[] = [];
      let many = false;
      for (const [name, row] of rows) {
        const change = takeOne(name, row);
        if (change === null || many) continue;
        changes.push(change);
        many = changes.length > CHANGES_MAX;
      }
      return many ? null : changes;
    },
  };
};
