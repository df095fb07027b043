/**
 * Messages that were sent while the agent was at work. They join the thread when a step reads them and not before, so
 * that every answer stands below what it answers; until then they can be taken back.
 */
import type { MessageStore } from "../store/messages.ts";
import type { Store } from "../store/open.ts";
import type { UnreadStore } from "../store/unread.ts";

/** Moves all of them into the thread, in their order. Answers their ids. */
export const joinUnread = (
  parts: { readonly store: Store; readonly messages: MessageStore; readonly unread: UnreadStore },
  thread: string,
): string[] => {
  const { store, messages, unread } = parts;
  const waiting = unread.list(thread);
  if (waiting.length === 0) return [];
  return store.write(() =>
    waiting.map(({ id, at, text }) => {
      unread.take(thread, id);
      messages.add({ id, thread, at, author: "person", run: null, step: null, streaming: false });
      messages.setParts(id, [{ kind: "text", text, final: true }], false);
      return id;
    }),
  );
};
