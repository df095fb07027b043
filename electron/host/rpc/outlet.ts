/**
 * What goes to one window, bounded by what the window has acknowledged. A frozen window costs the host at most
 * UNACKED_EVENTS_MAX frames under way, one name per watched topic and one per watched thread: no text is kept for it.
 */
import type { ThreadEvent } from "#bridge/thread.ts";
import { UNACKED_EVENTS_MAX, type ToWindow } from "#bridge/frames.ts";
import type { Topic } from "./topics.ts";

export interface Outlet {
  /** Sends a topic's value unless the window has it already; later, if the window is behind. */
  topic(topic: Topic, json: string): void;
  event(event: ThreadEvent): void;
  /** The window has this value, since it was the answer to `watch`. */
  has(topic: Topic, json: string): void;
  forget(topic: Topic): void;
  ack(n: number): void;
  /** How much is kept for this window now. */
  held(): { unacked: number; topics: number; threads: number };
}

export const createOutlet = (send: (frame: ToWindow) => void, rebuild: (topic: Topic) => void): Outlet => {
  let sent = 0;
  let acked = 0;
  const last = new Map<string, string>();
  const stale = new Map<string, Topic>();
  const behind = new Set<string>();

  const full = (): boolean => sent - acked >= UNACKED_EVENTS_MAX;
  const sendEvent = (event: ThreadEvent): void => {
    sent += 1;
    send({ f: "thread", n: sent, event });
  };
  const drain = (): void => {
    for (const thread of behind) {
      if (full()) return;
      behind.delete(thread);
      sendEvent({ kind: "reload", thread });
    }
    for (const [name, topic] of stale) {
      if (full()) return;
      stale.delete(name);
      rebuild(topic);
    }
  };
  return {
    topic: (topic, json) => {
      if (last.get(topic.name) === json) return;
      if (full()) {
        stale.set(topic.name, topic);
        return;
      }
      last.set(topic.name, json);
      sent += 1;
      send({ f: "topic", n: sent, topic: topic.name, value: JSON.parse(json) as unknown });
    },
    event: (event) => {
      const thread = event.kind === "put" ? event.message.threadId : event.thread;
      // After one lost event the next ones would not fit together: the window loads the page anew instead.
      if (behind.has(thread)) return;
      if (full()) behind.add(thread);
      else sendEvent(event);
    },
    has: (topic, json) => void last.set(topic.name, json),
    forget: (topic) => {
      last.delete(topic.name);
      stale.delete(topic.name);
      behind.delete(topic.argument);
    },
    ack: (n) => {
      // A number that was never sent says nothing about what the window has handled.
      if (n > sent || n <= acked) return;
      acked = n;
      drain();
    },
    held: () => ({ unacked: sent - acked, topics: stale.size, threads: behind.size }),
  };
};
