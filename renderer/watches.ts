/** Topics that this window follows, and what it has of each: its value, or of a list what was loaded. */
import { drop } from "#core/facts/drop.ts";
import { told, type Told } from "#bridge/told.ts";
import { topics, type Method, type Params, type Result, type TopicKind, type TopicValue } from "#bridge/contract.ts";
import { heldAfter, withSame, type HeldValue } from "#bridge/change.ts";
import type { ToWindow } from "#bridge/frames.ts";
import { ListEvent, type ListHead, type ListState } from "#bridge/list.ts";
import { isListKind, type ListKind, type ListRow } from "#bridge/lists.ts";
import { codeOf, Failure } from "./failure.ts";
import { createLists } from "./lists.ts";

/** What a window holds of a topic: its value, or what it has of a list. */
export type Held<K extends TopicKind> = K extends ListKind ? ListState<ListRow<K>> : TopicValue<K>;

export interface TopicState<V> {
  readonly value: V | undefined;
  readonly error: Told | null;
}
interface Watched {
  state: TopicState<unknown>;
  readonly kind: TopicKind;
  /** As the host sent it, for what it sends next to build on; of a list, and while it is in doubt, nothing. */
  held: HeldValue | undefined;
  /** The whole was asked for and has not come. */
  asking: boolean;
  /** A change of the answer was read before the answer itself. */
  early: boolean;
  readonly listeners: Set<() => void>;
  closing: ReturnType<typeof setTimeout> | undefined;
}
export interface WatchDeps {
  readonly isUp: () => boolean;
  readonly call: <M extends Method>(method: M, params: Params<M>) => Promise<unknown>;
  readonly request: <M extends Method>(method: M, params: Params<M>) => Promise<Result<M>>;
}

/** A topic stays warm this long after its last reader left, so that moving between pages does not flicker. */
const UNWATCH_AFTER_MS = 3_000;
const nothing: TopicState<never> = { value: undefined, error: null };

const begun = (kind: TopicKind): Watched => ({
  state: nothing,
  kind,
  held: undefined,
  asking: false,
  early: false,
  listeners: new Set(),
  closing: undefined,
});
const become = (entry: Watched, state: TopicState<unknown>): void => {
  entry.state = state;
  for (const listener of entry.listeners) listener();
};
/** What is as before stays the same object, so that nothing that shows it is drawn again. */
const take = (entry: Watched, held: HeldValue, value: unknown): void => {
  entry.held = held;
  const same = withSame(entry.state.value, value);
  if (same !== entry.state.value || entry.state.error !== null) become(entry, { value: same, error: null });
};

export const createWatches = ({ isUp, call, request }: WatchDeps) => {
  const watched = new Map<string, Watched>();

  /** A value that came. One of another shape is an error beside what was there. */
  const came = (topic: string, raw: unknown, n: number): void => {
    const entry = watched.get(topic);
    if (entry === undefined) return;
    entry.held = undefined;
    const parsed = topics[entry.kind].value.safeParse(raw);
    if (!parsed.success) return become(entry, { value: entry.state.value, error: told("bad-answer") });
    if (isListKind(entry.kind)) lists.head(topic, parsed.data as ListHead<unknown>);
    else take(entry, { n, value: raw }, parsed.data);
  };
  /** What changed in a value. Where it builds on another one, or makes one of another shape, the whole is asked for. */
  const followed = (frame: Extract<ToWindow, { f: "change" }>): void => {
    const entry = watched.get(frame.topic);
    if (entry === undefined || isListKind(entry.kind)) return;
    const held = heldAfter(entry.held, frame);
    const parsed = held === null ? undefined : topics[entry.kind].value.safeParse(held.value);
    if (held !== null && parsed?.success === true) return take(entry, held, parsed.data);
    entry.held = undefined;
    if (!entry.asking) askFor(frame.topic);
    else if (frame.since === 0) entry.early = true;
  };
  const refused = (topic: string, error: unknown): void => {
    lists.refused(topic);
    const entry = watched.get(topic);
    if (entry === undefined || (error instanceof Failure && error.code === "host-away")) return;
    become(entry, { value: entry.state.value, error: codeOf(error) });
  };
  const askFor = (topic: string): void => {
    const entry = watched.get(topic);
    if (entry === undefined) return;
    entry.asking = true;
    // A change that is read before the answer builds on that, not on what is here.
    entry.held = undefined;
    call("watch", { topic }).then(
      (value) => {
        entry.asking = false;
        came(topic, value, 0);
        if (entry.early) askFor(topic);
        entry.early = false;
      },
      (error: unknown) => {
        entry.asking = false;
        entry.early = false;
        refused(topic, error);
      },
    );
  };
  const lists = createLists({
    ask: askFor,
    page: (topic, from, limit) => request("list.page", { topic, from, limit }),
    row: (topic, key) => request("list.row", { topic, key }),
    changed: (topic, state) => {
      const entry = watched.get(topic);
      // A row that is looked at may have changed where the list did not.
      if (entry !== undefined) become(entry, { value: state, error: null });
    },
  });
  const leave = (topic: string, entry: Watched): void => {
    if (entry.listeners.size > 0 || watched.get(topic) !== entry) return;
    watched.delete(topic);
    if (isListKind(entry.kind)) lists.forget(topic);
    if (isUp()) drop(call("unwatch", { topic }), "a host that is gone watches nothing");
  };

  /** Follows a topic until the returned function is called. Read its value with `read`. */
  const watch = (kind: TopicKind, argument: string | undefined, listener: () => void): (() => void) => {
    const topic = topicName(kind, argument);
    const known = watched.get(topic);
    const entry: Watched = known ?? begun(kind);
    if (known === undefined) {
      watched.set(topic, entry);
      if (isUp()) askFor(topic);
    }
    clearTimeout(entry.closing);
    entry.listeners.add(listener);
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0) entry.closing = setTimeout(() => leave(topic, entry), UNWATCH_AFTER_MS);
    };
  };

  return {
    watch,
    read: <K extends TopicKind>(kind: K, argument?: string): TopicState<Held<K>> =>
      (watched.get(topicName(kind, argument))?.state ?? nothing) as TopicState<Held<K>>,
    /** Follows one row of a list wherever it stands, until the returned function is called. */
    watchRow: (kind: ListKind, argument: string, key: string, listener: () => void): (() => void) => {
      const leave = watch(kind, argument, listener);
      const unpin = lists.pin(topicName(kind, argument), key);
      return () => {
        unpin();
        leave();
      };
    },
    /** Undefined until it is known, null where the list has no such row. */
    readRow: <K extends ListKind>(kind: K, argument: string, key: string) =>
      lists.row(topicName(kind, argument), key) as ListRow<K> | null | undefined,
    /** Loads rows between two places of a followed list, where they are not here. */
    need: (kind: ListKind, argument: string, from: number, to: number): void =>
      lists.need(topicName(kind, argument), from, to),
    heard: (frame: Extract<ToWindow, { f: "topic" | "change" | "list" }>): void => {
      if (frame.f === "topic") return came(frame.topic, frame.value, frame.n);
      if (frame.f === "change") return followed(frame);
      const event = ListEvent.safeParse(frame.event);
      if (event.success && watched.has(event.data.list)) lists.event(event.data);
    },
    /** A host that has just come knows of no watches. */
    again: (): void => {
      lists.cut();
      for (const topic of watched.keys()) askFor(topic);
    },
  };
};

const topicName = (kind: TopicKind, argument: string | undefined): string =>
  argument === undefined ? kind : `${kind}/${argument}`;
