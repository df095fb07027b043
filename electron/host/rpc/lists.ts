/**
 * Lists that windows follow. A list is held in memory while a window watches it, as it was last sent; what changed is
 * asked of its source row by row, and sent as an event.
 */
import { HEAD_ROWS, type ListEvent, type ListHead } from "#bridge/list.ts";
import { lists as shapes, type ListKind, type ListRow, type ListShape } from "#bridge/lists.ts";
import { refused } from "#bridge/refused.ts";
import { createGather, type GatherTimers } from "./gather.ts";
import { createRows, type Rows } from "./rows.ts";
import type { Topic } from "./topics.ts";

/** Where the rows come from. `argument` is what the topic names, a workspace. */
export interface ListSource<Row> {
  all(argument: string): readonly Row[];
  /** Null where the list has no such row. */
  one(argument: string, key: string): Row | null;
}
export interface Lists {
  provide<K extends ListKind>(kind: K, source: ListSource<ListRow<K>>): void;
  /** Some rows of a list may have changed; without keys any of them. */
  touch(kind: ListKind, argument: string | undefined, keys?: readonly string[]): void;
  /** The beginning of a list as it was last sent. Built now where nobody watched it. */
  head(topic: Topic): ListHead<unknown>;
  page(topic: Topic, from: number, limit: number): { n: number; from: number; rows: unknown[] };
  row(topic: Topic, key: string): { n: number; row: unknown };
  /** No window watches it any more. */
  left(topic: Topic): void;
  close(): void;
}
export interface ListsParts {
  readonly emit: (event: ListEvent) => void;
  /** A list could not be built: what it is of may be gone, as a workspace that was left. */
  readonly failed: (kind: ListKind, error: unknown) => void;
  readonly timers?: GatherTimers | undefined;
}

/** As often as a screen draws. */
export const GATHER_MS = 16;

const LIFE = 1_000_000_000;

interface Open {
  readonly kind: ListKind;
  readonly argument: string;
  readonly rows: Rows<unknown>;
  /** Null: any row. */
  touched: Set<string> | null;
  n: number;
}

export const createLists = ({ emit, failed, timers }: ListsParts): Lists => {
  const sources = new Map<ListKind, ListSource<unknown>>();
  const open = new Map<string, Open>();
  /** Two lives of a list have no state in common, so that a page of one is never taken for one of the other. */
  let lives = 0;

  const source = (kind: ListKind): ListSource<unknown> => {
    const found = sources.get(kind);
    if (found === undefined) throw refused("not-here");
    return found;
  };
  /** What the touched rows are now. */
  const present = ({ kind, argument, rows, touched }: Open): Map<string, unknown> => {
    const of = source(kind);
    if (touched !== null) return new Map([...touched].map((key) => [key, of.one(argument, key)]));
    const { key } = shapes[kind] as ListShape<unknown>;
    const gone = new Map<string, unknown>([...rows.keys()].map((each) => [each, null]));
    const all = of.all(argument).map((row): [string, unknown] => [key(row), row]);
    return new Map([...gone, ...all]);
  };
  const tell = (name: string): void => {
    const list = open.get(name);
    if (list === undefined) return;
    try {
      const now = present(list);
      list.touched = new Set();
      const changes = list.rows.take(now);
      if (changes?.length === 0) return;
      list.n += 1;
      emit(
        changes === null
          ? { kind: "reload", list: name }
          : { kind: "changes", list: name, n: list.n, counts: list.rows.counts(), changes },
      );
    } catch (error) {
      // Looked at whole with the next change.
      list.touched = null;
      failed(list.kind, error);
    }
  };
  const gather = createGather(GATHER_MS, (names) => names.forEach(tell), timers);

  const build = ({ kind, argument }: Topic): Rows<unknown> =>
    createRows(shapes[kind as ListKind] as ListShape<unknown>, source(kind as ListKind).all(argument));
  const head = ({ n, rows }: Pick<Open, "n" | "rows">): ListHead<unknown> => ({
    n,
    counts: rows.counts(),
    rows: rows.slice(0, HEAD_ROWS),
  });
  /** Where nobody watches it, a state that no event follows. */
  const asked = (topic: Topic): Pick<Open, "n" | "rows"> => open.get(topic.name) ?? { n: 0, rows: build(topic) };

  return {
    provide: (kind, of) => void sources.set(kind, of as ListSource<unknown>),
    touch: (kind, argument, keys) => {
      for (const [name, list] of open) {
        if (list.kind !== kind || (argument !== undefined && list.argument !== argument)) continue;
        if (keys === undefined) list.touched = null;
        for (const key of keys ?? []) list.touched?.add(key);
        gather.note(name);
      }
    },
    head: (topic) => {
      const known = open.get(topic.name);
      if (known !== undefined) return head(known);
      const made = {
        kind: topic.kind as ListKind,
        argument: topic.argument,
        rows: build(topic),
        touched: new Set<string>(),
        n: (lives += 1) * LIFE,
      };
      open.set(topic.name, made);
      return head(made);
    },
    page: (topic, from, limit) => {
      const { n, rows } = asked(topic);
      return { n, from, rows: rows.slice(from, from + limit) };
    },
    row: (topic, key) => {
      const { n, rows } = asked(topic);
      return { n, row: rows.row(key) };
    },
    left: ({ name }) => void open.delete(name),
    close: gather.close,
  };
};
