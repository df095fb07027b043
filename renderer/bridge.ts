/**
 * The only door to the agent host. `request` calls a method, `watch` follows a topic, `onThread` hears a thread's
 * events. Everything that comes in is parsed; what does not fit becomes an error, never a value.
 */
import "./strict-zod.ts";
import { drop } from "#core/facts/drop.ts";
import {
  methods,
  topics,
  type Method,
  type Params,
  type Result,
  type TopicKind,
  type TopicValue,
} from "#bridge/contract.ts";
import type { ShownAct } from "#bridge/act.ts";
import { ThreadEvent } from "#bridge/thread.ts";
import type { Code } from "#bridge/answer.ts";
import { ToWindow } from "#bridge/frames.ts";
import { ListEvent, type ListHead, type ListState } from "#bridge/list.ts";
import { isListKind, type ListKind, type ListRow } from "#bridge/lists.ts";
import { createLists } from "./lists.ts";
import { bridgeWords } from "./text/errors.ts";
import { createShown } from "./shown.ts";
import type { Wire, WireEvents } from "./transport.ts";

/** What went wrong with a request: `code` for the program; whoever shows it words the fact. */
export class Failure extends Error {
  readonly code: string;
  readonly fact: Code;
  constructor(fact: Code) {
    super(fact.code);
    this.name = "Failure";
    this.code = fact.code;
    this.fact = fact;
  }
}

export interface LinkState {
  /** `connecting`: the agent host starts. `lost`: nobody answers any more, and it is tried again. `failed`: it is not tried again by itself. */
  readonly state: "connecting" | "lost" | "up" | "failed";
  readonly error: Code | null;
}

/** What a window holds of a topic: its value, or what it has of a list. */
export type Held<K extends TopicKind> = K extends ListKind ? ListState<ListRow<K>> : TopicValue<K>;

export interface TopicState<V> {
  readonly value: V | undefined;
  readonly error: Code | null;
}

/** What the browser shell tells the page, where Electron tells the operating system. */
export type Notice = Extract<ToWindow, { f: "notify" | "badge" }>;

/** The number that the shell wants compared, and how the new computer calls itself. */
export type ShownPairing = Omit<Extract<ToWindow, { f: "pairing" }>, "f">;

interface Watched {
  state: TopicState<unknown>;
  kind: TopicKind;
  listeners: Set<() => void>;
  closing: ReturnType<typeof setTimeout> | undefined;
}

const ACK_AFTER_MS = 20;
/** A topic stays warm this long after its last reader left, so that moving between pages does not flicker. */
const UNWATCH_AFTER_MS = 3_000;
const nothing: TopicState<never> = { value: undefined, error: null };

export type Bridge = ReturnType<typeof createBridge>;

export const createBridge = (open: (events: WireEvents) => Wire) => {
  const pending = new Map<
    number,
    { method: Method; resolve: (value: unknown) => void; reject: (error: Failure) => void }
  >();
  const watched = new Map<string, Watched>();
  const threadListeners = new Map<string, Set<(event: ThreadEvent) => void>>();
  const linkListeners = new Set<() => void>();
  const upListeners = new Set<() => void>();
  const popupListeners = new Set<(url: string) => void>();
  const noticeListeners = new Set<(notice: Notice) => void>();
  const pairing = createShown<ShownPairing>();
  const act = createShown<ShownAct>();
  let link: LinkState = { state: "connecting", error: null };
  let nextId = 1;
  let lastEvent = 0;
  let ackTimer: ReturnType<typeof setTimeout> | undefined;

  const setLink = (next: LinkState) => {
    link = next;
    for (const listener of linkListeners) listener();
  };

  const call = <M extends Method>(method: M, params: Params<M>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      pending.set(id, { method, resolve, reject });
      wire.send({ f: "call", id, method, params });
    });

  const request = async <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> => {
    if (link.state !== "up") throw new Failure(bridgeWords.notConnected);
    const answer = methods[method].result.safeParse(await call(method, params));
    if (!answer.success) throw new Failure(bridgeWords.badAnswer);
    return answer.data as Result<M>;
  };

  const setTopic = (topic: string, raw: unknown) => {
    const entry = watched.get(topic);
    if (entry === undefined) return;
    const parsed = topics[entry.kind].value.safeParse(raw);
    if (parsed.success && isListKind(entry.kind)) return lists.head(topic, parsed.data as ListHead<unknown>);
    entry.state = parsed.success
      ? { value: parsed.data, error: null }
      : { value: entry.state.value, error: bridgeWords.badAnswer };
    for (const listener of entry.listeners) listener();
  };

  const lists = createLists({
    ask: (topic) => askFor(topic),
    page: (name, from, limit) => request("list.page", { topic: name, from, limit }),
    row: (name, key) => request("list.row", { topic: name, key }),
    changed: (topic, state) => {
      const entry = watched.get(topic);
      if (entry === undefined) return;
      entry.state = { value: state, error: null };
      // A row that is looked at may have changed where the list did not.
      for (const listener of entry.listeners) listener();
    },
  });

  const askFor = (topic: string) => {
    call("watch", { topic }).then(
      (value) => setTopic(topic, value),
      (error: unknown) => {
        lists.refused(topic);
        const entry = watched.get(topic);
        if (entry === undefined || (error instanceof Failure && error.code === bridgeWords.notConnected.code)) return;
        entry.state = { value: entry.state.value, error: codeOf(error) };
        for (const listener of entry.listeners) listener();
      },
    );
  };

  const start = () => {
    lastEvent = 0;
    lists.cut();
    setLink({ state: "up", error: null });
    for (const topic of watched.keys()) askFor(topic);
    for (const listener of upListeners) listener();
  };

  const stop = (next: LinkState) => {
    clearTimeout(ackTimer);
    ackTimer = undefined;
    for (const waiting of pending.values()) waiting.reject(new Failure(bridgeWords.notConnected));
    pending.clear();
    setLink(next);
  };

  const handled = (n: number) => {
    lastEvent = Math.max(lastEvent, n);
    ackTimer ??= setTimeout(() => {
      ackTimer = undefined;
      wire.send({ f: "ack", n: lastEvent });
    }, ACK_AFTER_MS);
  };

  const onFrame = (raw: unknown) => {
    const parsed = ToWindow.safeParse(raw);
    if (!parsed.success) return;
    const frame = parsed.data;
    switch (frame.f) {
      case "ok":
      case "error": {
        const waiting = pending.get(frame.id);
        pending.delete(frame.id);
        if (frame.f === "ok") waiting?.resolve(frame.result);
        else waiting?.reject(new Failure(frame.error));
        return;
      }
      case "topic":
        setTopic(frame.topic, frame.value);
        handled(frame.n);
        return;
      case "thread": {
        const event = ThreadEvent.safeParse(frame.event);
        if (event.success) deliver(event.data);
        handled(frame.n);
        return;
      }
      case "list": {
        const event = ListEvent.safeParse(frame.event);
        if (event.success && watched.has(event.data.list)) lists.event(event.data);
        handled(frame.n);
        return;
      }
      case "host":
        if (frame.state === "ready") {
          if (link.state !== "up") start();
        } else stop({ state: frame.state === "failed" ? "failed" : "connecting", error: frame.error });
        return;
      case "popup":
        for (const listener of popupListeners) listener(frame.url);
        return;
      case "notify":
      case "badge":
        for (const listener of noticeListeners) listener(frame);
        return;
      case "pairing":
        return pairing.set({ name: frame.name, number: frame.number });
      case "act":
        return act.set(frame.act);
      case "session":
        return;
    }
  };

  const deliver = (event: ThreadEvent) => {
    const thread = event.kind === "put" ? event.message.threadId : event.thread;
    for (const listener of threadListeners.get(thread) ?? []) listener(event);
  };

  const wire: Wire = open({
    up: start,
    down: (why) => stop(why === null ? { state: "lost", error: null } : { state: "failed", error: bridgeWords[why] }),
    frame: onFrame,
  });

  /** Follows a topic until the returned function is called. Read its value with `read`. */
  const watch = (kind: TopicKind, argument: string | undefined, listener: () => void): (() => void) => {
    const topic = topicName(kind, argument);
    let entry = watched.get(topic);
    if (entry === undefined) {
      entry = { state: nothing, kind, listeners: new Set(), closing: undefined };
      watched.set(topic, entry);
      if (link.state === "up") askFor(topic);
    }
    clearTimeout(entry.closing);
    const held = entry;
    held.listeners.add(listener);
    return () => {
      held.listeners.delete(listener);
      if (held.listeners.size > 0) return;
      held.closing = setTimeout(() => {
        if (held.listeners.size > 0 || watched.get(topic) !== held) return;
        watched.delete(topic);
        if (isListKind(kind)) lists.forget(topic);
        if (link.state === "up") drop(call("unwatch", { topic }), "a host that is gone watches nothing");
      }, UNWATCH_AFTER_MS);
    };
  };

  const read = <K extends TopicKind>(kind: K, argument?: string): TopicState<Held<K>> =>
    (watched.get(topicName(kind, argument))?.state ?? nothing) as TopicState<Held<K>>;

  /** Follows one row of a list wherever it stands, until the returned function is called. */
  const watchRow = (kind: ListKind, argument: string, key: string, listener: () => void): (() => void) => {
    const leave = watch(kind, argument, listener);
    const unpin = lists.pin(topicName(kind, argument), key);
    return () => {
      unpin();
      leave();
    };
  };

  const onThread = (thread: string, listener: (event: ThreadEvent) => void): (() => void) => {
    const listeners = threadListeners.get(thread) ?? new Set();
    threadListeners.set(thread, listeners.add(listener));
    return () => listeners.delete(listener);
  };

  return {
    request,
    watch,
    read,
    watchRow,
    /** Undefined until it is known, null where the list has no such row. */
    readRow: <K extends ListKind>(kind: K, argument: string, key: string) =>
      lists.row(topicName(kind, argument), key) as ListRow<K> | null | undefined,
    /** Loads rows between two places of a followed list, where they are not here. */
    need: (kind: ListKind, argument: string, from: number, to: number) =>
      lists.need(topicName(kind, argument), from, to),
    onThread,
    /** After a new connection, when events may have been missed. */
    onUp: added(upListeners),
    onPopup: added(popupListeners),
    onNotice: added(noticeListeners),
    pairing,
    act,
    onLink: added(linkListeners),
    link: () => link,
    retry: () => {
      setLink({ state: "connecting", error: null });
      wire.retry();
    },
  };
};

const added =
  <T>(set: Set<T>) =>
  (listener: T): (() => void) => {
    set.add(listener);
    return () => set.delete(listener);
  };

const topicName = (kind: TopicKind, argument: string | undefined): string =>
  argument === undefined ? kind : `${kind}/${argument}`;

/** What may be shown of anything that was thrown. */
export const codeOf = (error: unknown): Code => (error instanceof Failure ? error.fact : bridgeWords.unexpected);
