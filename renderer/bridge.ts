/**
 * The only door to the agent host. `request` calls a method, `watch` follows a topic, `onThread` hears a thread's
 * events. Everything that comes in is parsed; what does not fit becomes an error, never a value.
 */
import "./strict-zod.ts";
import { methods, type Method, type Params, type Result } from "#bridge/contract.ts";
import type { ShownAct } from "#bridge/act.ts";
import { ThreadEvent } from "#bridge/thread.ts";
import { told, type Told } from "#bridge/told.ts";
import { ToWindow } from "#bridge/frames.ts";
import { createCalls } from "./calls.ts";
import { Failure } from "./failure.ts";
import { createShown } from "./shown.ts";
import type { DownForGood, Wire, WireEvents } from "./transport.ts";
import { createWatches } from "./watches.ts";

export interface LinkState {
  /** `connecting`: the agent host starts. `lost`: nobody answers any more, and it is tried again. `failed`: it is not tried again by itself. */
  readonly state: "connecting" | "lost" | "up" | "failed";
  readonly error: Told | null;
}

/** What the browser shell tells the page, where Electron tells the operating system. */
export type Notice = Extract<ToWindow, { f: "notify" | "badge" }>;

/** The number that the shell wants compared, and how the new computer calls itself. */
export type ShownPairing = Omit<Extract<ToWindow, { f: "pairing" }>, "f">;

const FOR_GOOD = { keyless: "window-keyless", refused: "window-refused", away: "host-gone" } as const;
/** Null: it is tried again by itself. */
const withoutHost = (why: DownForGood | null): LinkState =>
  why === null ? { state: "lost", error: null } : { state: "failed", error: told(FOR_GOOD[why]) };
const ACK_AFTER_MS = 20;
export type Bridge = ReturnType<typeof createBridge>;

export const createBridge = (open: (events: WireEvents) => Wire) => {
  const calls = createCalls((frame) => wire.send(frame));
  const threadListeners = new Map<string, Set<(event: ThreadEvent) => void>>();
  const linkListeners = new Set<() => void>();
  const upListeners = new Set<() => void>();
  const popupListeners = new Set<(url: string) => void>();
  const noticeListeners = new Set<(notice: Notice) => void>();
  const pairing = createShown<ShownPairing>();
  const act = createShown<ShownAct>();
  let link: LinkState = { state: "connecting", error: null };
  let lastEvent = 0;
  let ackTimer: ReturnType<typeof setTimeout> | undefined;

  const setLink = (next: LinkState) => {
    link = next;
    for (const listener of linkListeners) listener();
  };

  const request = async <M extends Method>(method: M, params: Params<M>): Promise<Result<M>> => {
    if (link.state !== "up") throw new Failure(told("host-away"));
    const answer = methods[method].result.safeParse(await calls.call(method, params));
    if (!answer.success) throw new Failure(told("bad-answer"));
    return answer.data as Result<M>;
  };

  const watches = createWatches({ isUp: () => link.state === "up", call: calls.call, request });

  const start = () => {
    lastEvent = 0;
    setLink({ state: "up", error: null });
    watches.again();
    for (const listener of upListeners) listener();
  };

  const stop = (next: LinkState) => {
    clearTimeout(ackTimer);
    ackTimer = undefined;
    calls.cut();
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
      case "error":
        return calls.answered(frame);
      case "topic":
      case "change":
      case "list":
        watches.heard(frame);
        handled(frame.n);
        return;
      case "thread": {
        const event = ThreadEvent.safeParse(frame.event);
        if (event.success) deliver(event.data);
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
    down: (why) => stop(withoutHost(why)),
    frame: onFrame,
  });

  const onThread = (thread: string, listener: (event: ThreadEvent) => void): (() => void) => {
    const listeners = threadListeners.get(thread) ?? new Set();
    threadListeners.set(thread, listeners.add(listener));
    return () => listeners.delete(listener);
  };

  return {
    request,
    watch: watches.watch,
    read: watches.read,
    watchRow: watches.watchRow,
    readRow: watches.readRow,
    need: watches.need,
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
