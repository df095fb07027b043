/** What a person writes in a thread: drafts, messages, and messages that the agent has not read yet. */
import { refused } from "#bridge/refused.ts";
import type { DraftView, ThreadView } from "#bridge/thread.ts";
import { UNREAD_MAX } from "#bridge/limits.ts";
import { type Clock } from "#client/ports/clock.ts";
import { type Handlers } from "../seams.ts";
import type { DraftStore, KeptDraft } from "../store/drafts.ts";
import type { MessageStore } from "../store/messages.ts";
import type { Store } from "../store/open.ts";
import type { RunStore } from "../store/runs.ts";
import type { ThreadRow, ThreadStore } from "../store/threads.ts";
import type { UnreadStore } from "../store/unread.ts";
import { afterAside, afterSave, afterSent } from "./draft.ts";
import { titleOf } from "./title.ts";
import { joinUnread } from "./unread.ts";
import { UNNAMED_THREAD } from "#bridge/thread.ts";

export interface WritingParts {
  readonly store: Store;
  readonly threads: Pick<ThreadStore, "rename">;
  readonly messages: MessageStore;
  readonly runs: Pick<RunStore, "active">;
  readonly drafts: DraftStore;
  readonly unread: UnreadStore;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Throws `Refusal("no-such-thread")`. */
  readonly thread: (id: string) => ThreadRow;
  /** Throws `Refusal` where nobody would answer. What it answers is part of the transaction that keeps the message. */
  readonly bindModel: (row: ThreadRow) => () => void;
  /** Begins an agent run unless one is under way. Part of the transaction that keeps the message. */
  readonly beginRun: (thread: string) => string | null;
  readonly go: (run: string | null) => void;
  readonly show: (message: string) => void;
  readonly changed: (row: ThreadRow) => void;
}
type Method =
  | "thread.send"
  | "thread.sendUnread"
  | "thread.takeBack"
  | "thread.draft"
  | "thread.saveDraft"
  | "thread.aside";

/** A text that is sent, and the window that sends it. */
interface Sent {
  readonly text: string;
  readonly writer: string;
}

export const createWriting = (parts: WritingParts): Pick<Handlers, Method> => {
  const { store, threads, messages, runs, drafts, unread, clock, newId, thread: get } = parts;

  const sent = (id: string, text: string, writer: string): void => {
    const kept = drafts.get(id);
    const after = afterSent(kept, text, writer);
    if (after !== kept) drafts.set(id, after);
  };

  const queueUp = (row: ThreadRow, { text, writer }: Sent, bind: () => void): void => {
    if (unread.list(row.id).length >= UNREAD_MAX) throw refused("too-many-unread", UNREAD_MAX);
    store.write(() => {
      bind();
      unread.add(row.id, { id: newId(), at: clock.now(), text });
      sent(row.id, text, writer);
    });
    parts.changed(row);
  };

  /** What waits unread goes first, in its order; then `text`, where there is one. */
  const deliver = (row: ThreadRow, { text, writer }: Sent | { text: null; writer: string }, bind: () => void): void => {
    const { shown, run } = store.write(() => {
      bind();
      const joined = joinUnread(parts, row.id);
      if (text !== null) {
        const message = newId();
        messages.add({
          id: message,
          thread: row.id,
          at: clock.now(),
          author: "person",
          run: null,
          step: null,
          streaming: false,
        });
        messages.setParts(message, [{ kind: "text", text, final: true }], false);
        if (row.title === UNNAMED_THREAD) threads.rename(row.id, titleOf(text), false);
        sent(row.id, text, writer);
        joined.push(message);
      }
      return { shown: joined, run: joined.length === 0 ? null : parts.beginRun(row.id) };
    });
    for (const message of shown) parts.show(message);
    parts.changed(row);
    parts.go(run);
  };

  const working = (thread: string): boolean => runs.active(thread).some((run) => run.kind === "agent");

  return {
    "thread.send": ({ thread, text, writer = "" }) => {
      const row = get(thread);
      const bind = parts.bindModel(row);
      if (working(thread)) queueUp(row, { text, writer }, bind);
      else deliver(row, { text, writer }, bind);
      return {};
    },
    "thread.sendUnread": ({ thread }) => {
      const row = get(thread);
      const bind = parts.bindModel(row);
      if (!working(thread)) deliver(row, { text: null, writer: "" }, bind);
      return {};
    },
    "thread.takeBack": ({ thread, message }) => {
      const row = get(thread);
      const taken = unread.take(thread, message);
      if (taken === null) throw refused("message-read");
      parts.changed(row);
      return { text: taken.text };
    },
    "thread.draft": ({ thread }) => draftView(drafts.get(get(thread).id)),
    "thread.saveDraft": ({ thread, draft, base, writer, typedAt }) => {
      const { kept, won } = afterSave(drafts.get(get(thread).id), { draft, base, writer, typedAt });
      drafts.set(thread, kept, isEmpty(kept.draft));
      return { version: kept.version, aside: draftView(kept).aside, instead: won ? null : kept.draft };
    },
    "thread.aside": ({ thread, aside, use }) => {
      const kept = drafts.get(get(thread).id);
      const after = afterAside(kept, aside, use) ?? kept;
      if (after !== kept) drafts.set(thread, after, !use);
      return draftView(after);
    },
  };
};

const isEmpty = ({ text, calls }: KeptDraft["draft"]): boolean => text === "" && calls.length === 0;

const SHOWN = 200;
const draftView = ({ version, draft, aside }: KeptDraft): DraftView => ({
  version,
  draft,
  aside: aside.map(({ id, draft: { text, calls } }) => ({
    id,
    text: text.slice(0, SHOWN),
    length: text.length,
    tools: calls.map((call) => call.tool),
  })),
});

export const unreadView = (unread: UnreadStore, thread: string): ThreadView["unread"] =>
  unread.list(thread).map(({ id, at, text }) => ({ id, at, text: text.slice(0, SHOWN), length: text.length }));
