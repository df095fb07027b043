/**
 * Serves windows. Whatever a window sends is untrusted: it passes the table of methods (`admit.ts`), then the handler,
 * where the host decides. An answer is a value or a fact, which the window words, never a stack.
 */
import { opens, topics as topicRows } from "#bridge/contract.ts";
import type { ThreadEvent } from "#bridge/thread.ts";
import { FRAME_MAX, ToHost, type ToWindow } from "#bridge/frames.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import { unexpectedIn, type Log } from "../log.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { refused, toldOf } from "#bridge/refused.ts";
import { told } from "#bridge/told.ts";
import { type Handlers } from "../seams.ts";
import { isListKind } from "#bridge/lists.ts";
import { admit, type Rights } from "./admit.ts";
import { createOutlet, type Outlet, type WindowEvent } from "./outlet.ts";
import type { Topic, Topics } from "./topics.ts";

/** One window's end: a MessagePort, or a stream multiplexed over the shell's channel. */
export interface Port {
  send(frame: ToWindow): void;
  onFrame(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
}
export interface Rpc {
  attach(port: Port, window: WindowKind): void;
  /** Sends an event to every window that watches its thread. */
  emit(event: ThreadEvent): void;
  windows(): { readonly kind: WindowKind; readonly held: ReturnType<Outlet["held"]> }[];
}
export interface RpcParts {
  readonly handlers: Handlers;
  readonly topics: Topics;
  readonly rights: Rights;
  readonly log: Log;
}

/** Topics that a window may watch at once, and calls it may have under way. */
export const WATCHES_MAX = 64;
export const CALLS_MAX = 64;
const INTERNAL = told("rpc-internal");

interface Answer {
  readonly result: unknown;
  /** Called when the window has been sent it. */
  readonly sent?: () => void;
}
interface Window {
  readonly kind: WindowKind;
  readonly outlet: Outlet;
  readonly watched: Map<string, Topic>;
  calls: number;
}

export const createRpc = ({ handlers, topics, rights, log }: RpcParts): Rpc => {
  const windows = new Set<Window>();

  const attach = (port: Port, kind: WindowKind): void => {
    const watched = new Map<string, Topic>();
    const outlet = createOutlet(port.send, (topic) => sendTopic([window], topic));
    const window: Window = { kind, outlet, watched, calls: 0 };
    windows.add(window);
    port.onClose(() => {
      windows.delete(window);
      for (const topic of watched.values()) leave(topic);
    });
    port.onFrame((raw) => {
      if (!windows.has(window)) return;
      const frame = readFrame(raw);
      if (frame === null) {
        const id = idOf(raw);
        log.note("rpc.bad-frame", { what: kind });
        if (id !== null) port.send({ f: "error", id, error: told("bad-request", "frame", "") });
      } else if (frame.f === "ack") {
        outlet.ack(frame.n);
      } else {
        void answer(window, port, frame.id, frame.method, frame.params);
      }
    });
  };

  const answer = async (window: Window, port: Port, id: number, method: string, params: unknown): Promise<void> => {
    if (window.calls >= CALLS_MAX)
      return port.send({
        f: "error",
        id,
        error: told("too-many-calls"),
      });
    window.calls += 1;
    try {
      const { result, sent } = await call(window, method, params);
      if (windows.has(window)) port.send({ f: "ok", id, result });
      sent?.();
    } catch (error) {
      if (unexpectedIn(error) !== undefined) log.fault("rpc.fault", unexpectedIn(error), { what: method });
      if (windows.has(window))
        port.send({ f: "error", id, error: error instanceof Refusal ? toldOf(error) : INTERNAL });
    } finally {
      window.calls -= 1;
    }
  };

  const call = async (window: Window, method: string, params: unknown): Promise<Answer> => {
    const admitted = admit(rights, window.kind, method, params);
    if (admitted.method === "watch") return watch(window, (admitted.params as { topic: string }).topic);
    if (admitted.method === "unwatch") return { result: unwatch(window, (admitted.params as { topic: string }).topic) };
    if (admitted.method === "list.page" || admitted.method === "list.row")
      return { result: ofList(window, admitted.method, admitted.params) };
    const handler = handlers[admitted.method] as (params: unknown) => unknown;
    return { result: await handler(admitted.params) };
  };

  /** Whoever may watch a topic may ask for it piece by piece. */
  const openTo = (window: Window, name: string): Topic => {
    const topic = topics.parse(name);
    if (!opens(topicRows[topic.kind], window.kind)) throw refused("wrong-window", "popup");
    return topic;
  };
  const ofList = (window: Window, method: "list.page" | "list.row", params: unknown): unknown => {
    const topic = openTo(window, (params as { topic: string }).topic);
    if (!isListKind(topic.kind)) throw refused("bad-request", "list", "");
    if (method === "list.row") return topics.lists.row(topic, (params as { key: string }).key);
    const { from, limit } = params as { from: number; limit: number };
    return topics.lists.page(topic, from, limit);
  };

  const watch = (window: Window, name: string): Answer => {
    const topic = openTo(window, name);
    if (!window.watched.has(name) && window.watched.size >= WATCHES_MAX) throw refused("too-many-watches");
    // Watched also where there is nothing yet to answer: it is sent once there is.
    window.watched.set(name, topic);
    const value = topics.build(topic);
    if (isListKind(topic.kind)) return { result: value };
    return { result: window.outlet.has(topic, value), sent: () => window.outlet.release(topic) };
  };

  const unwatch = (window: Window, name: string): Record<string, never> => {
    const topic = window.watched.get(name);
    window.watched.delete(name);
    if (topic !== undefined) {
      window.outlet.forget(topic);
      leave(topic);
    }
    return {};
  };
  /** A list that nobody watches is not kept. */
  const leave = (topic: Topic): void => {
    if (isListKind(topic.kind) && ![...windows].some(({ watched }) => watched.has(topic.name)))
      topics.lists.left(topic);
  };

  const sendTopic = (to: readonly Window[], topic: Topic): void => {
    try {
      const value = topics.build(topic);
      for (const window of to)
        if (windows.has(window) && window.watched.has(topic.name)) window.outlet.topic(topic, value);
    } catch (error) {
      // What it told of is gone, as a thread that was deleted; whoever watches it learns that from the list.
      if (unexpectedIn(error) !== undefined) log.fault("topic.fault", unexpectedIn(error), { what: topic.kind });
    }
  };

  topics.onChange((changed) => {
    const due = new Map<string, { topic: Topic; to: Window[] }>();
    for (const window of windows) {
      for (const topic of window.watched.values()) {
        if (!changed(topic)) continue;
        const entry = due.get(topic.name) ?? { topic, to: [] };
        entry.to.push(window);
        due.set(topic.name, entry);
      }
    }
    for (const { topic, to } of due.values()) sendTopic(to, topic);
  });

  const toWatching = (name: string, event: WindowEvent): void => {
    for (const { watched, outlet } of windows) {
      const topic = watched.get(name);
      if (topic !== undefined) outlet.event(topic, event);
    }
  };
  topics.onList((event) => toWatching(event.list, { f: "list", event }));

  return {
    attach,
    emit: (event) =>
      toWatching(`thread/${event.kind === "put" ? event.message.threadId : event.thread}`, { f: "thread", event }),
    windows: () => [...windows].map((window) => ({ kind: window.kind, held: window.outlet.held() })),
  };
};

const readFrame = (raw: unknown): ToHost | null => {
  if (sizeOf(raw) > FRAME_MAX) return null;
  const parsed = ToHost.safeParse(raw);
  return parsed.success ? parsed.data : null;
};
const sizeOf = (raw: unknown): number => {
  try {
    return JSON.stringify(raw)?.length ?? 0;
  } catch {
    // Cyclic, or with values that JSON has no word for: structured clone lets such things through.
    return Number.POSITIVE_INFINITY;
  }
};
const idOf = (raw: unknown): number | null => {
  const id = typeof raw === "object" && raw !== null && Object.hasOwn(raw, "id") ? (raw as { id: unknown }).id : null;
  return typeof id === "number" && Number.isSafeInteger(id) && id >= 0 ? id : null;
};
