/** The topics that a window without a page watches: of each its value as it is now, of a list all rows. */
import { drop } from "#core/facts/drop.ts";
import type { ToWindow } from "#bridge/frames.ts";
import { PAGE_ROWS_MAX, type ListEvent, type ListHead } from "#bridge/list.ts";
import { isListKind } from "#bridge/lists.ts";
import { followLists } from "./follow-lists.ts";
import { followValues } from "./follow-values.ts";
import type { RpcCalls } from "./rpc-calls.ts";

export interface FollowedTopics {
  /** Watches it from now on; resolves once the host has answered. One that is refused is not watched. */
  watch(topic: string): Promise<void>;
  watches(topic: string): boolean;
  /** Watches all again: a new host knows of no watches. */
  watchAll(): void;
  /** Undefined before it is here whole. */
  value(topic: string): unknown;
  heard(frame: Extract<ToWindow, { f: "topic" | "change" }>): void;
  listed(event: ListEvent): void;
}

/** `came` is told when a list is whole after a page was asked for; what a frame brings is there when it was read. */
export const followTopics = (calls: Pick<RpcCalls, "ask" | "call">, came: () => void): FollowedTopics => {
  const values = new Map<string, unknown>();
  const watched = new Set<string>();
  /** The value is set while its frame is read: a promise would set it after a newer one that was read in the same turn. */
  const watch = (topic: string): Promise<void> =>
    new Promise((resolve, reject) => {
      watched.add(topic);
      const take = (value: unknown) => {
        if (isListKind(topic.split("/")[0] ?? "")) rows.head(topic, value as ListHead<unknown>);
        else own.answered(topic, value);
        resolve();
      };
      calls.ask("watch", { topic }, take, (error) => {
        if (!values.has(topic)) watched.delete(topic);
        reject(error);
      });
    });
  const watchAgain = (topic: string): void => drop(watch(topic), "a watch that is refused has no values");
  const own = followValues({ watch: watchAgain, whole: (topic, value) => void values.set(topic, value) });
  const rows = followLists({
    watch: watchAgain,
    page: (topic, from) => calls.call("list.page", { topic, from, limit: PAGE_ROWS_MAX }),
    whole: (topic, all) => {
      values.set(topic, all);
      came();
    },
  });
  return {
    watch,
    watches: (topic) => watched.has(topic),
    watchAll: () => watched.forEach((topic) => watchAgain(topic)),
    value: (topic) => values.get(topic),
    heard: own.heard,
    listed: rows.event,
  };
};
