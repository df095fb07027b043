/**
 * Topics: what windows watch, values and lists. The first change of one is sent at once, a burst at most every 50 ms, and
 * of both goes what changed.
 */
import type { ListEvent } from "#bridge/list.ts";
import { isListKind, type ListKind } from "#bridge/lists.ts";
import { isTopicKind, topics, type TopicKind, type TopicValue } from "#bridge/contract.ts";
import { refused } from "#bridge/refused.ts";
import type { Publisher } from "../seams.ts";
import { createGather, type GatherTimers } from "./gather.ts";
import { createLists, type Lists } from "./lists.ts";

type ValueKind = Exclude<TopicKind, ListKind>;
/** A value is there at once: two that were built one after the other cannot overtake each other on their way. */
export type Builders = { [K in ValueKind]: (argument: string) => TopicValue<K> };
export interface Topic {
  readonly name: string;
  readonly kind: TopicKind;
  readonly argument: string;
}
export interface Topics extends Publisher {
  provide<K extends ValueKind>(kind: K, build: Builders[K]): void;
  provideList: Lists["provide"];
  /** Throws `Refusal("bad-request")` for a name that is no topic. */
  parse(name: string): Topic;
  build(topic: Topic): unknown;
  /** Called with the watched topics that may have changed. */
  onChange(listener: (changed: (topic: Topic) => boolean) => void): void;
  /** Called with what changed in a list that is watched. */
  onList(listener: (event: ListEvent) => void): void;
  readonly lists: Pick<Lists, "page" | "row" | "left">;
  close(): void;
}

export const COALESCE_MS = 50;
const isAlone = (kind: string): boolean => isTopicKind(kind) && topics[kind].of === "app";

export const createTopics = (
  failed: (kind: string, error: unknown) => void = () => undefined,
  timers?: GatherTimers,
): Topics => {
  const builders = new Map<TopicKind, (argument: string) => unknown>();
  let listener: (changed: (topic: Topic) => boolean) => void = () => undefined;
  let tell: (event: ListEvent) => void = () => undefined;
  const lists = createLists({ emit: (event) => tell(event), failed, timers });
  // A kind without a slash stands for all its topics; one that is `alone` is named so anyway.
  const gather = createGather(
    COALESCE_MS,
    (names) => listener((topic) => names.has(topic.name) || names.has(topic.kind)),
    timers,
  );
  return {
    provide: (kind, build) => void builders.set(kind, build),
    parse: (name) => {
      const cut = name.indexOf("/");
      const kind = cut < 0 ? name : name.slice(0, cut);
      const argument = cut < 0 ? "" : name.slice(cut + 1);
      if (!isTopicKind(kind) || isAlone(kind) !== cut < 0 || (cut >= 0 && !/^[\w-]{1,64}$/.test(argument)))
        throw refused("bad-request", "topic", "");
      return { name, kind, argument };
    },
    provideList: lists.provide,
    build: (topic) => {
      const { kind, argument } = topic;
      if (isListKind(kind)) return lists.head(topic);
      const builder = builders.get(kind);
      if (builder === undefined) throw refused("not-here");
      return builder(argument);
    },
    // Without an argument every topic of the kind may have changed.
    publish: (kind, argument, keys) => {
      if (isListKind(kind)) lists.touch(kind, argument, keys);
      else gather.note(argument === undefined || isAlone(kind) ? kind : `${kind}/${argument}`);
    },
    onChange: (added) => {
      listener = added;
    },
    onList: (added) => {
      tell = added;
    },
    lists,
    close: () => {
      gather.close();
      lists.close();
    },
  };
};
