/**
 * Topics: values that windows watch. The first change of one is sent at once, a burst at most every 50 ms, and a value
 * only where it differs.
 */
import { isTopicKind, topics, type TopicKind, type TopicValue } from "#bridge/contract.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Publisher } from "../seams.ts";
import { createGather } from "./gather.ts";

export type Builders = { [K in TopicKind]: (argument: string) => TopicValue<K> | Promise<TopicValue<K>> };
export interface Topic {
  readonly name: string;
  readonly kind: TopicKind;
  readonly argument: string;
}
export interface Topics extends Publisher {
  provide<K extends TopicKind>(kind: K, build: Builders[K]): void;
  /** Throws `Refusal("bad-request")` for a name that is no topic. */
  parse(name: string): Topic;
  build(topic: Topic): Promise<unknown>;
  /** Called with the watched topics that may have changed. */
  onChange(listener: (changed: (topic: Topic) => boolean) => void): void;
  close(): void;
}

export const COALESCE_MS = 50;
const isAlone = (kind: string): boolean => isTopicKind(kind) && topics[kind].of === "app";

export const createTopics = (): Topics => {
  const builders = new Map<TopicKind, (argument: string) => unknown>();
  let listener: (changed: (topic: Topic) => boolean) => void = () => undefined;
  // A kind without a slash stands for all its topics; one that is `alone` is named so anyway.
  const gather = createGather(COALESCE_MS, (names) =>
    listener((topic) => names.has(topic.name) || names.has(topic.kind)),
  );
  return {
    provide: (kind, build) => void builders.set(kind, build),
    parse: (name) => {
      const cut = name.indexOf("/");
      const kind = cut < 0 ? name : name.slice(0, cut);
      const argument = cut < 0 ? "" : name.slice(cut + 1);
      if (!isTopicKind(kind) || isAlone(kind) !== cut < 0 || (cut >= 0 && !/^[\w-]{1,64}$/.test(argument)))
        throw new Refusal("bad-request", "There is no such topic.");
      return { name, kind, argument };
    },
    build: async ({ kind, argument }) => {
      const builder = builders.get(kind);
      if (builder === undefined) throw new Refusal("not-here", "This part of Bulkhead is not running.");
      return builder(argument);
    },
    // Without an argument every topic of the kind may have changed.
    publish: (kind, argument) => gather.note(argument === undefined || isAlone(kind) ? kind : `${kind}/${argument}`),
    onChange: (added) => {
      listener = added;
    },
    close: gather.close,
  };
};
