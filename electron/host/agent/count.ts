/**
 * What the next request of a thread would hold, counted for the person who reads it. A thread is counted anew at each
 * change of it: weights of messages are kept, and only of those that changed since asked again, so that the cost of a
 * change does not grow with the thread. The request itself is never made from here.
 */
import type { MessageStore } from "../store/messages.ts";
import type { RunStore } from "../store/runs.ts";
import {
  describeTools,
  leftFor,
  listed,
  PAGE,
  weigh,
  type BuiltContext,
  type ContextSources,
  type Described,
} from "./context.ts";
import { fit, type Weight } from "./fit.ts";

/** Threads whose weights are kept: those in the windows, and some more. */
const THREADS = 16;

interface Kept {
  readonly message: string;
  readonly calls: readonly string[];
  /** Changes of the message and of its calls when it was weighed. */
  readonly changes: number;
  /** Null where it says nothing to a model. */
  readonly weight: Weight | null;
}
type Ready = ContextSources["ready"];

export interface Counted {
  readonly thread: string;
  /** How many messages it has. */
  readonly messages: number;
  readonly ready: Ready;
  readonly budget: number;
}
export type Count = (of: Counted) => Pick<BuiltContext, "items" | "tokens">;

export const createCount = (messages: MessageStore, runs: RunStore): Count => {
  /** By thread, with and without tools; by number of the message. The one that was counted last stands last. */
  const threads = new Map<string, Map<number, Kept>>();
  const described = createDescribed();

  const changesOf = (message: string, calls: readonly string[]): number =>
    calls.reduce((sum, call) => sum + runs.changes(call), messages.changes(message));
  const keptOf = (name: string): Map<number, Kept> => {
    const known = threads.get(name) ?? new Map<number, Kept>();
    threads.delete(name);
    threads.set(name, known);
    for (const oldest of threads.keys()) if (threads.size > THREADS) threads.delete(oldest);
    return known;
  };
  const load = (known: Map<number, Kept>, thread: string, seq: number, withTools: boolean): void => {
    for (const message of messages.page(thread, seq + 1, PAGE)) {
      const calls = message.parts.flatMap((part) => (part.kind === "call" ? [part.call.id] : []));
      const found = weigh(message, runs, withTools);
      const weight = found === null ? null : { seq: found.seq, from: found.from, whole: found.whole, cut: found.cut };
      known.set(message.seq, { message: message.id, calls, changes: changesOf(message.id, calls), weight });
    }
  };
  function* newestFirst({ thread, messages: count }: Counted, withTools: boolean): Generator<Weight> {
    const known = keptOf(`${thread} ${String(withTools)}`);
    for (let seq = count; seq > 0; seq -= 1) {
      const before = known.get(seq);
      if (before === undefined || changesOf(before.message, before.calls) !== before.changes)
        load(known, thread, seq, withTools);
      const weight = known.get(seq)?.weight ?? null;
      if (weight !== null) yield weight;
    }
  }
  return (of) => {
    const tools = described(of.ready);
    return listed(tools, fit(newestFirst(of, tools.tools.length > 0), leftFor(tools, of.budget)));
  };
};

/** Tools are the same objects until their server lists them anew. */
const createDescribed = (): ((ready: Ready) => Described) => {
  let before: { readonly ready: Ready; readonly described: Described } | null = null;
  const same = (ready: Ready): boolean =>
    before?.ready.length === ready.length &&
    ready.every(({ server, name, tools }, index) => {
      const other = before?.ready[index];
      return other?.server === server && other.name === name && other.tools === tools;
    });
  return (ready) => {
    if (before === null || !same(ready)) before = { ready, described: describeTools(ready) };
    return before.described;
  };
};
