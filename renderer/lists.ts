/**
 * What this window has of the lists that it follows: rows where they were loaded, holes where not, and single rows that
 * somebody looks at wherever they stand. Rows are checked as they come in; one of another shape is a hole that stays.
 */
import { afterChanges, firstHole, fromHead, withPage } from "#bridge/list.ts";
import type { ListEvent, ListHead, ListState } from "#bridge/list.ts";
import { lists as shapes, type ListKind, type ListShape } from "#bridge/lists.ts";
import type { Result } from "#bridge/contract.ts";

export interface ListCalls {
  /** Asks for the head; the answer comes back over `head`. */
  ask(topic: string): void;
  page(topic: string, from: number, limit: number): Promise<Result<"list.page">>;
  row(topic: string, key: string): Promise<Result<"list.row">>;
  /** The list, or a row that is looked at, reads differently. */
  changed(topic: string, state: ListState<unknown>): void;
}

/** Undefined until it was asked for; null where the list has none. */
type Row = unknown;
interface Pin {
  row: Row;
  users: number;
  /** Its row was asked for, and no event has told of it since. */
  asked: boolean;
}
interface Followed {
  readonly shape: ListShape<Row>;
  state: ListState<Row> | undefined;
  /** State of the newest event; where it came before the answer that it follows, that is asked for again. */
  newest: number;
  /** Rows that are looked at by their keys, with how many look. */
  readonly pins: Map<string, Pin>;
  readonly loading: Set<number>;
  /** The head was asked for again: what comes meanwhile asks for nothing more. */
  asking: boolean;
}
const PAGE = 200;

export const createLists = ({ ask, page, row, changed }: ListCalls) => {
  const followed = new Map<string, Followed>();

  const of = (topic: string): Followed => {
    const known = followed.get(topic);
    if (known !== undefined) return known;
    const shape = shapes[(topic.split("/")[0] ?? "") as ListKind] as ListShape<Row>;
    const made: Followed = { shape, state: undefined, newest: 0, pins: new Map(), loading: new Set(), asking: false };
    followed.set(topic, made);
    return made;
  };
  const read =
    ({ shape }: Followed) =>
    (raw: unknown): Row => {
      const parsed = shape.row.safeParse(raw);
      return parsed.success ? parsed.data : undefined;
    };
  const loaded = ({ shape, state }: Followed, key: string): Row =>
    state?.rows.find((each) => each !== undefined && shape.key(each) === key);
  const set = (topic: string, list: Followed, state: ListState<Row>): void => {
    list.state = state;
    changed(topic, state);
  };

  const askAgain = (topic: string, list: Followed): void => {
    if (list.asking) return;
    list.asking = true;
    ask(topic);
  };
  const load = (topic: string, from: number, limit = PAGE): void => {
    const list = of(topic);
    if (list.loading.has(from)) return;
    list.loading.add(from);
    page(topic, from, limit)
      .then((answer) => {
        const { state } = list;
        if (state === undefined) return;
        // Of another state than this window has: it missed something, or is about to be told so.
        if (answer.n !== state.n) return askAgain(topic, list);
        const rows = answer.rows.map(read(list));
        // A row of another shape stays a hole, and is not asked for again until the list changes.
        if (rows.some((each, at) => each !== undefined && state.rows[answer.from + at] === undefined))
          set(topic, list, withPage(state, { ...answer, rows }));
      })
      // Rows that did not come are asked for when they are next in view.
      .catch(() => undefined)
      .finally(() => list.loading.delete(from));
  };
  const fetchPin = (topic: string, list: Followed, key: string): void => {
    const pin = list.pins.get(key);
    if (pin === undefined) return;
    pin.asked = true;
    row(topic, key)
      .then((answer) => {
        if (!pin.asked || list.state === undefined) return;
        pin.asked = false;
        pin.row = answer.row === null ? null : (read(list)(answer.row) ?? null);
        changed(topic, list.state);
      })
      // Asked for again with the next watch: until then the list has no such row.
      .catch(() => undefined);
  };

  return {
    head: (topic: string, head: ListHead<Row>): void => {
      const list = of(topic);
      const before = list.state?.rows.findLastIndex((each) => each !== undefined) ?? -1;
      list.asking = false;
      set(topic, list, fromHead(head));
      if (list.newest > head.n) askAgain(topic, list);
      list.newest = 0;
      // What was on the screen before is loaded again with it.
      if (before >= head.rows.length && list.state !== undefined && firstHole(list.state) !== null)
        for (let from = head.rows.length; from <= before; from += PAGE) load(topic, from);
      for (const key of list.pins.keys()) if (loaded(list, key) === undefined) fetchPin(topic, list, key);
    },
    event: (event: ListEvent): void => {
      const list = followed.get(event.list);
      if (list === undefined) return;
      if (event.kind === "reload") return askAgain(event.list, list);
      list.newest = Math.max(list.newest, event.n);
      const next = list.state === undefined ? null : afterChanges(list.state, event, read(list));
      if (next === null) return list.state === undefined ? undefined : askAgain(event.list, list);
      list.newest = 0;
      for (const change of event.changes) {
        const pin = list.pins.get(change.key);
        if (pin === undefined) continue;
        pin.asked = false;
        pin.row = change.kind === "drop" ? null : (read(list)(change.row) ?? null);
      }
      set(event.list, list, next);
    },
    /** Loads the page around the first row between two places that is not here. */
    need: (topic: string, from: number, to: number): void => {
      const { state } = of(topic);
      const hole = state === undefined ? null : firstHole(state, Math.max(0, from), to);
      if (hole !== null) load(topic, hole);
    },
    row: (topic: string, key: string): Row => {
      const list = followed.get(topic);
      return list === undefined ? undefined : (loaded(list, key) ?? list.pins.get(key)?.row);
    },
    /** Keeps a row at hand until the answered function is called. */
    pin: (topic: string, key: string): (() => void) => {
      const list = of(topic);
      const pin = list.pins.get(key) ?? { row: undefined, users: 0, asked: false };
      pin.users += 1;
      list.pins.set(key, pin);
      if (list.state !== undefined && pin.row === undefined && loaded(list, key) === undefined)
        fetchPin(topic, list, key);
      return () => {
        pin.users -= 1;
        if (pin.users === 0) list.pins.delete(key);
      };
    },
    forget: (topic: string): void => void followed.delete(topic),
    /** After a new connection nothing that was asked for comes any more. */
    cut: (): void => {
      for (const list of followed.values()) {
        list.loading.clear();
        list.newest = 0;
        list.asking = false;
      }
    },
    /** The head did not come. */
    refused: (topic: string): void => {
      const list = followed.get(topic);
      if (list !== undefined) list.asking = false;
    },
  };
};
