/**
 * What goes to one window, bounded by what the window has acknowledged. A frozen window costs the host at most
 * UNACKED_EVENTS_MAX frames under way and one name per watched topic: no text and no row is kept for it.
 */
import { UNACKED_EVENTS_MAX, type ToWindow } from "#bridge/frames.ts";
import type { ListEvent } from "#bridge/list.ts";
import type { ThreadEvent } from "#bridge/thread.ts";
import type { Topic } from "./topics.ts";

export type WindowEvent =
  | { readonly f: "thread"; readonly event: ThreadEvent }
  | { readonly f: "list"; readonly event: ListEvent };

export interface Outlet {
  /** Sends a topic's value unless the window has it already; later, if the window is behind. */
  topic(topic: Topic, json: string): void;
  /** Sends an event of a topic; where the window is behind, one `reload` later instead of all that it missed. */
  event(topic: Topic, event: WindowEvent): void;
  /** The window has this value, since it was the answer to `watch`. */
  has(topic: Topic, json: string): void;
  forget(topic: Topic): void;
  ack(n: number): void;
  /** How much is kept for this window now. */
  held(): { unacked: number; topics: number; behind: number };
}

export const createOutlet = (send: (frame: ToWindow) => void, rebuild: (topic: Topic) => void): Outlet => {
  let sent = 0;
  let acked = 0;
  const last = new Map<string, string>();
  const stale = new Map<string, Topic>();
  const behind = new Map<string, WindowEvent>();

  const full = (): boolean => sent - acked >= UNACKED_EVENTS_MAX;
  const sendEvent = (event: WindowEvent): void => {
    sent += 1;
    send({ n: sent, ...event });
  };
  const drain = (): void => {
    for (const [name, reload] of behind) {
      if (full()) return;
      behind.delete(name);
      sendEvent(reload);
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
    event: (topic, event) => {
      // After one lost event the next ones would not fit together: the window loads anew instead.
      if (behind.has(topic.name)) return;
      if (full()) behind.set(topic.name, reloadOf(topic, event.f));
      else sendEvent(event);
    },
    has: (topic, json) => void last.set(topic.name, json),
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
    held: () => ({ unacked: sent - acked, topics: stale.size, behind: behind.size }),
  };
};

const reloadOf = ({ name, argument }: Topic, f: WindowEvent["f"]): WindowEvent =>
  f === "list" ? { f, event: { kind: "reload", list: name } } : { f, event: { kind: "reload", thread: argument } };
