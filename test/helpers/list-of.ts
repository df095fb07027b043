/** Rows as a window has them that loaded the whole list. */
import { fromHead, type ListState } from "#bridge/list.ts";
import { lists, type ListKind, type ListRow, type ListShape } from "#bridge/lists.ts";
import { createRows } from "../../electron/host/rpc/rows.ts";

export const listOf = <K extends ListKind>(kind: K, rows: readonly ListRow<K>[]): ListState<ListRow<K>> => {
  const made = createRows(lists[kind] as unknown as ListShape<ListRow<K>>, rows);
  return fromHead({ n: 1, counts: made.counts(), rows: made.slice(0, rows.length) });
};
