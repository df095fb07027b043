/**
 * What a window holds of a thread: a sparse set of messages by their position. A thread of 10,000 messages costs only
 * the pages that were looked at. Pure: events and pages in, the next value out.
 */
import type { MessageView, Part, ThreadEvent } from "#bridge/thread.ts";

export interface ThreadLog {
  readonly messages: ReadonlyMap<number, MessageView>;
  readonly positions: ReadonlyMap<string, number>;
  readonly total: number;
}

export const emptyLog: ThreadLog = { messages: new Map(), positions: new Map(), total: 0 };

export const withMessages = (log: ThreadLog, added: readonly MessageView[], total: number): ThreadLog => {
  const messages = new Map(log.messages);
  const positions = new Map(log.positions);
  for (const message of added) {
    messages.set(message.seq, message);
    positions.set(message.id, message.seq);
  }
  const last = added.at(-1)?.seq ?? 0;
  return { messages, positions, total: Math.max(total, last) };
};

/** The newest page, loaded again after events were missed: everything older is forgotten and loaded when looked at. */
export const restarted = (page: readonly MessageView[], total: number): ThreadLog =>
  withMessages(emptyLog, page, total);

export const afterEvent = (log: ThreadLog, event: Exclude<ThreadEvent, { kind: "reload" }>): ThreadLog => {
  if (event.kind === "put") return withMessages(log, [event.message], log.total);
  const seq = log.positions.get(event.message);
  const message = seq === undefined ? undefined : log.messages.get(seq);
  // A delta of a message that was never loaded is not lost: its page will hold the text.
  if (message === undefined) return log;
  return withMessages(log, [{ ...message, parts: extended(message.parts, event.text) }], log.total);
};

const extended = (parts: readonly Part[], text: string): Part[] => {
  const last = parts.findLastIndex((part) => part.kind === "text");
  if (last === -1) return [...parts, { kind: "text", text }];
  return parts.map((part, index) =>
    index === last && part.kind === "text" ? { kind: "text", text: part.text + text } : part,
  );
};

/** The `before` to ask for so that a page of `size` holds `seq` near its middle, or null when it is held already. */
export const missingPage = (log: ThreadLog, seq: number, size: number): number | null => {
  if (seq < 1 || seq > log.total || log.messages.has(seq)) return null;
  let first = seq;
  while (first > 1 && seq - first < size / 2 && !log.messages.has(first - 1)) first -= 1;
  return Math.min(first + size, log.total + 1);
};
