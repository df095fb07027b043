/** SQL of messages that were sent while the agent was at work, and that it has not read yet. */
import type { Store } from "./open.ts";

export interface UnreadRow {
  readonly id: string;
  readonly at: number;
  readonly text: string;
}
export interface UnreadStore {
  add(thread: string, message: UnreadRow): void;
  /** Oldest first. */
  list(thread: string): UnreadRow[];
  /** Removes one and answers it, or null where it is not there any more. */
  take(thread: string, id: string): UnreadRow | null;
}

export const createUnreadStore = (store: Store): UnreadStore => {
  const { db } = store;
  const add = db.prepare<[string, string, number, string]>(
    "INSERT INTO unread (id, thread, at, text) VALUES (?, ?, ?, ?)",
  );
  const list = db.prepare<[string], UnreadRow>("SELECT id, at, text FROM unread WHERE thread = ? ORDER BY place");
  const take = db.prepare<[string, string], UnreadRow>(
    "DELETE FROM unread WHERE thread = ? AND id = ? RETURNING id, at, text",
  );
  return {
    add: (thread, { id, at, text }) => void store.write(() => add.run(id, thread, at, text)),
    list: (thread) => list.all(thread),
    take: (thread, id) => store.write(() => take.get(thread, id) ?? null),
  };
};
