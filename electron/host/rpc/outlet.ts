/**
 * What goes to one window, bounded by what the window has acknowledged. A frozen window costs the host at most
 * UNACKED_EVENTS_MAX frames under way, and per watched topic its name and the value that was sent last: nothing that came
 * since is kept for it.
 */
import { afterChange, changeBetween, type HeldValue } from "#bridge/change.ts";
import { UNACKED_EVENTS_MAX, type ToWindow } from "#bridge/frames.ts";
import type { ListEvent } from "#bridge/list.ts";
import type { ThreadEvent } from "#bridge/thread.ts";
import type { Topic } from "./topics.ts";

export type WindowEvent =
  | { readonly f: "thread"; readonly event: ThreadEvent }
  | { readonly f: "list"; readonly event: ListEvent };

export interface Outlet {
  /** Sends what of a topic's value the window has otherwise; later, if the window is behind. */
  topic(topic: Topic, value: unknown): void;
  /** Sends an event of a topic; where the window is behind, one `reload` later instead of all that it missed. */
  event(topic: Topic, event: WindowEvent): void;
  /** The window is about to be answered this value; answered as it is sent. What changes meanwhile waits for `release`. */
  has(topic: Topic, value: unknown): unknown;
  /** The answer is sent. */
  release(topic: Topic): void;
  forget(topic: Topic): void;
  ack(n: number): void;
  /** How much is kept for this window now. */
  held(): { unacked: number; values: number; topics: number; behind: number };
}

export const createOutlet = (send: (frame: ToWindow) => void, rebuild: (topic: Topic) => void): Outlet => {
  let sent = 0;
  let acked = 0;
  /** What the window has. Copies: what the host goes on working with may change under its hands. */
  const last = new Map<string, HeldValue>();
  /** Answers that are not sent yet. */
  const holds = new Map<string, number>();
  const stale = new Map<string, Topic>();
  const behind = new Map<string, WindowEvent>();

  const full = (): boolean => sent - acked >= UNACKED_EVENTS_MAX;
  const sendEvent = (event: WindowEvent): void => {
    sent += 1;
    send({ n: sent, ...event });
  };
  const refresh = (topic: Topic): void => {
    if (!holds.has(topic.name) && stale.delete(topic.name)) rebuild(topic);
  };
  const drain = (): void => {
    for (const [name, reload] of behind) {
      if (full()) return;
      behind.delete(name);
      sendEvent(reload);
    }
    for (const topic of stale.values()) {
      if (full()) return;
      refresh(topic);
    }
  };
  return {
    topic: (topic, value) => {
      if (full()) return void stale.set(topic.name, topic);
      const base = last.get(topic.name);
      const next = base === undefined ? undefined : changeOf(base, value);
      if (next === null) return;
      sent += 1;
      const { name } = topic;
      if (base === undefined || next === undefined) {
        const whole = copyOf(value);
        last.set(name, { n: sent, value: whole });
        send({ f: "topic", n: sent, topic: name, value: whole });
      } else {
        last.set(name, { n: sent, value: next.value });
        send({ f: "change", n: sent, topic: name, since: base.n, change: next.change });
      }
    },
    event: (topic, event) => {
      // After one lost event the next ones would not fit together: the window loads anew instead.
      if (behind.has(topic.name)) return;
      if (full()) behind.set(topic.name, reloadOf(topic, event.f));
      else sendEvent(event);
    },
    release: (topic) => {
      const others = (holds.get(topic.name) ?? 1) - 1;
      if (others > 0) return void holds.set(topic.name, others);
      holds.delete(topic.name);
      if (!full()) refresh(topic);
    },
    has: (topic, value) => {
      const whole = copyOf(value);
      last.set(topic.name, { n: 0, value: whole });
      holds.set(topic.name, (holds.get(topic.name) ?? 0) + 1);
      return whole;
    },
    forget: (topic) => {
      last.delete(topic.name);
      stale.delete(topic.name);
      behind.delete(topic.name);
    },
    ack: (n) => {
      // A number that was never sent says nothing about what the window has handled.
      if (n > sent || n <= acked) return;
      acked = n;
      drain();
    },
    held: () => ({ unacked: sent - acked, values: last.size, topics: stale.size, behind: behind.size }),
  };
};

const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null)) as unknown;
/** Null where nothing changed; undefined where the whole is as good. */
const changeOf = (base: HeldValue, value: unknown): { change: unknown; value: unknown } | null | undefined => {
  const found = changeBetween(base.value, value);
  if (found === null) return null;
  if (found.kind === "is") return undefined;
  const change = copyOf(found);
  const after = afterChange(base.value, change);
  return after === undefined ? undefined : { change, value: after };
};

const reloadOf = ({ name, argument }: Topic, f: WindowEvent["f"]): WindowEvent =>
  f === "list" ? { f, event: { kind: "reload", list: name } } : { f, event: { kind: "reload", thread: argument } };
