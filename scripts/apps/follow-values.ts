/** Values of topics as the host sent them last, on which the change that it sends next builds. */
import { heldAfter, type HeldValue } from "#bridge/change.ts";
import type { ToWindow } from "#bridge/frames.ts";

export interface FollowedValues {
  /** The answer to a watch. */
  answered(topic: string, value: unknown): void;
  heard(frame: Extract<ToWindow, { f: "topic" | "change" }>): void;
}

/** `watch` asks for the whole, where a change builds on another value than the one that is here. */
export const followValues = (parts: {
  watch(topic: string): void;
  whole(topic: string, value: unknown): void;
}): FollowedValues => {
  const held = new Map<string, HeldValue>();
  const hold = (topic: string, next: HeldValue): void => {
    held.set(topic, next);
    parts.whole(topic, next.value);
  };
  return {
    answered: (topic, value) => hold(topic, { n: 0, value }),
    heard: (frame) => {
      if (frame.f === "topic") return hold(frame.topic, { n: frame.n, value: frame.value });
      const next = heldAfter(held.get(frame.topic), frame);
      if (next === null) parts.watch(frame.topic);
      else hold(frame.topic, next);
    },
  };
};
