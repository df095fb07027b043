/**
 * Serves windows. Whatever a window sends is untrusted: it passes the parse gate, then a rule about which window may
 * call what, then the handler, where the host decides. An answer is a value or `{ code, message }`, never a stack.
 */
import { isMethod, methods, opens, topics as topicRows } from "#bridge/contract.ts";
import type { ThreadEvent } from "#bridge/thread.ts";
import type { Code } from "#bridge/answer.ts";
import { FRAME_MAX, ToHost, type ToWindow } from "#bridge/frames.ts";
import type { WindowKind } from "#bridge/shell-port.ts";
import type { z } from "zod";
import { unexpectedIn, type Log } from "../log.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { type Handlers } from "../seams.ts";
import { createOutlet, type Outlet } from "./outlet.ts";
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
  readonly log: Log;
}

/** Topics that a window may watch at once, and calls it may have under way. */
export const WATCHES_MAX = 64;
export const CALLS_MAX = 64;
const WRONG_WINDOW: Readonly<Record<WindowKind, string>> = {
  popup: "This cannot be done from the approval window. Open Bulkhead.",
  main: "This is done in the approval window, after its confirmation. Open the card there.",
};
const INTERNAL: Code = {
  code: "internal",
  message: "Something in Bulkhead went wrong. What you did may not have happened; look, then try again.",
};

interface Window {
  readonly kind: WindowKind;
  readonly outlet: Outlet;
  readonly watched: Map<string, Topic>;
  calls: number;
}

export const createRpc = ({ handlers, topics, log }: RpcParts): Rpc => {
  const windows = new Set<Window>();

  const attach = (port: Port, kind: WindowKind): void => {
    const watched = new Map<string, Topic>();
    const outlet = createOutlet(port.send, (topic) => void sendTopic([window], topic));
    const window: Window = { kind, outlet, watched, calls: 0 };
    windows.add(window);
    port.onClose(() => windows.delete(window));
    port.onFrame((raw) => {
      if (!windows.has(window)) return;
      const frame = readFrame(raw);
      if (frame === null) {
        const id = idOf(raw);
        log.note("rpc.bad-frame", { what: kind });
        if (id !== null)
          port.send({ f: "error", id, error: refusal("This request is too large, or is not one.").view });
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
        error: {
          code: "too-many-calls",
          message: "Bulkhead is still busy with earlier requests of this window. Wait a moment.",
        },
      });
    window.calls += 1;
    try {
      const result = await call(window, method, params);
      if (windows.has(window)) port.send({ f: "ok", id, result });
    } catch (error) {
      if (unexpectedIn(error) !== undefined) log.fault("rpc.fault", unexpectedIn(error), { what: method });
      if (windows.has(window))
        port.send({ f: "error", id, error: error instanceof Refusal ? cut(error.view) : INTERNAL });
    } finally {
      window.calls -= 1;
    }
  };

  const call = async (window: Window, method: string, params: unknown): Promise<unknown> => {
    if (!isMethod(method)) throw refusal("There is no such request.");
    if (!opens(methods[method], window.kind)) throw new Refusal("wrong-window", WRONG_WINDOW[window.kind]);
    const parsed = methods[method].params.safeParse(params);
    if (!parsed.success) throw invalid(parsed.error.issues[0]);
    if (method === "watch") return watch(window, (parsed.data as { topic: string }).topic);
    if (method === "unwatch") return unwatch(window, (parsed.data as { topic: string }).topic);
    const handler = handlers[method] as (params: unknown, from: { window: WindowKind }) => unknown;
    return handler(parsed.data, { window: window.kind });
  };

  const watch = async (window: Window, name: string): Promise<unknown> => {
    const topic = topics.parse(name);
    if (!opens(topicRows[topic.kind], window.kind))
      throw new Refusal("wrong-window", "The approval window may not watch this.");
    if (!window.watched.has(name) && window.watched.size >= WATCHES_MAX)
      throw new Refusal("too-many-watches", "This window watches too much already. Close something.");
    // Watched before it is built: a change in between is then sent, not lost.
    window.watched.set(name, topic);
    try {
      const value = await topics.build(topic);
      window.outlet.has(topic, JSON.stringify(value));
      return value;
    } catch (error) {
      window.watched.delete(name);
      throw error;
    }
  };

  const unwatch = (window: Window, name: string): Record<string, never> => {
    const topic = window.watched.get(name);
    window.watched.delete(name);
    if (topic !== undefined) window.outlet.forget(topic);
    return {};
  };

  const sendTopic = async (to: readonly Window[], topic: Topic): Promise<void> => {
    try {
      const json = JSON.stringify(await topics.build(topic));
      for (const window of to)
        if (windows.has(window) && window.watched.has(topic.name)) window.outlet.topic(topic, json);
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
    for (const { topic, to } of due.values()) void sendTopic(to, topic);
  });

  return {
    attach,
    emit: (event) => {
      const name = `thread/${event.kind === "put" ? event.message.threadId : event.thread}`;
      for (const window of windows) if (window.watched.has(name)) window.outlet.event(event);
    },
    windows: () => [...windows].map((window) => ({ kind: window.kind, held: window.outlet.held() })),
  };
};

const refusal = (message: string): Refusal => new Refusal("bad-request", message);
const cut = ({ code, message }: Code): Code => ({ code: code.slice(0, 64), message: message.slice(0, 2_000) });
/** Too much of something is said as that: nobody can shorten what is only “not valid”. */
const invalid = (issue: z.core.$ZodIssue | undefined): Refusal => {
  // Only our own checks of a name write words of their own.
  if (issue?.code === "custom") return new Refusal("bad-name", issue.message);
  const place = placeOf(issue?.path);
  if (issue?.code !== "too_big" || issue.origin !== "string") return refusal(`This request is not valid (${place}).`);
  return refusal(
    `This is too long (${place}): at most ${issue.maximum.toLocaleString("en")} characters. Nothing was done; shorten it, then try again.`,
  );
};
/** The first two names of the path: they are ours, deeper ones can be what the window sent. */
const placeOf = (path: readonly PropertyKey[] | undefined): string => {
  const names = (path ?? []).slice(0, 1).map(String);
  return names.length === 0 ? "its fields" : names.join(".");
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
