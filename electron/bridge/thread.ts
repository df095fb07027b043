/** What a window sees of threads: messages, calls and what the model would be shown. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Told } from "./told.ts";
import { CallView } from "./call.ts";
import { WHY_MAX } from "./card.ts";
import { Place } from "./model.ts";
import { wid, id, name, done } from "./fields.ts";
import { listHead } from "./list.ts";
import { ARGS_MAX, DRAFT_MAX, MESSAGE_MAX, DRAFT_CALLS_MAX } from "./limits.ts";
import { method, topic } from "./method.ts";

/** The title of a thread that nobody has named and nothing was written in. A window says it in its own language. */
export const UNNAMED_THREAD = "New thread";

export const ThreadSummary = z.strictObject({
  id: z.string(),
  wid: z.string(),
  title: z.string(),
  updatedAt: z.number(),
  state: z.enum(["idle", "running", "waiting", "failed"]),
  boundary: z.literal("private"),
});
export type ThreadSummary = DeepReadonly<z.infer<typeof ThreadSummary>>;

export const Part = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), text: z.string() }),
  z.strictObject({ kind: z.literal("call"), call: CallView }),
  z.strictObject({ kind: z.literal("error"), error: Told, retry: z.boolean() }),
]);
export type Part = DeepReadonly<z.infer<typeof Part>>;

export const MessageView = z.strictObject({
  id: z.string(),
  threadId: z.string(),
  /** Position in the thread, from 1, without gaps. */
  seq: z.number(),
  at: z.number(),
  from: z.enum(["person", "agent"]),
  parts: z.array(Part),
  streaming: z.boolean(),
});
export type MessageView = DeepReadonly<z.infer<typeof MessageView>>;

/** A call that is being filled in. */
export const CallDraft = z.strictObject({
  server: z.string().max(64),
  tool: z.string().max(200),
  /** What stands in the fields of the tool's form, as JSON text that only the window reads. */
  values: z.string().max(DRAFT_MAX),
  /** What stands in the JSON editor, where that is open. */
  raw: z.string().max(DRAFT_MAX).nullable(),
  /** For approvers. */
  why: z.string().max(DRAFT_MAX),
});
export type CallDraft = DeepReadonly<z.infer<typeof CallDraft>>;

/** What is being written in a thread. `open` is the place of the call whose form is on the screen. */
export const Draft = z.strictObject({
  text: z.string().max(DRAFT_MAX),
  calls: z.array(CallDraft).max(DRAFT_CALLS_MAX),
  open: z.number().int().min(0).nullable(),
});
export type Draft = DeepReadonly<z.infer<typeof Draft>>;
/** Characters that a draft holds; more than DRAFT_MAX are not kept. */
export const draftLength = ({ text, calls }: Draft): number =>
  calls.reduce((sum, call) => sum + call.values.length + (call.raw?.length ?? 0) + call.why.length, text.length);

/** The beginning of something longer, with its whole length in characters. */
const AsideView = z.strictObject({ id: z.number(), text: z.string(), length: z.number(), tools: z.array(z.string()) });
export type AsideView = DeepReadonly<z.infer<typeof AsideView>>;
export const DraftView = z.strictObject({
  version: z.number(),
  draft: Draft,
  /** What gave way to another window's text, oldest first. */ aside: z.array(AsideView),
});
export type DraftView = DeepReadonly<z.infer<typeof DraftView>>;

export const ContextItem = z.strictObject({ label: z.string(), tokens: z.number(), detail: z.string() });
export const ThreadView = z.strictObject({
  thread: ThreadSummary,
  messages: z.number(),
  /** Model used by this thread's runs, or null: the composer calls tools directly. */
  model: z.strictObject({ id: z.string(), name: z.string(), place: Place }).nullable(),
  /** Its model was removed, or none is the default: nothing is sent until the person chooses one. */
  mustChoose: z.boolean(),
  run: z
    .strictObject({
      id: z.string(),
      state: z.enum(["thinking", "calling", "confirming", "waiting", "queued"]),
      step: z.number(),
      since: z.number(),
      /** Why it does not move: a provider that asked to wait, a full disk. */ note: Told.optional(),
    })
    .nullable(),
  /** Sent, and not read by the agent yet, oldest first; `text` is its beginning. Without a run they wait until somebody sends them on. */
  unread: z.array(z.strictObject({ id: z.string(), at: z.number(), text: z.string(), length: z.number() })),
  /** Exactly what the next model request would hold. Tokens are estimates (4 bytes a token) until the provider reports. */
  context: z.array(ContextItem),
  tokens: z.strictObject({ context: z.number(), spentIn: z.number(), spentOut: z.number() }),
});
export type ThreadView = DeepReadonly<z.infer<typeof ThreadView>>;

export const SearchHit = z.strictObject({
  threadId: z.string(),
  title: z.string(),
  messageId: z.string(),
  seq: z.number(),
  at: z.number(),
  before: z.string(),
  match: z.string(),
  after: z.string(),
});
export type SearchHit = DeepReadonly<z.infer<typeof SearchHit>>;

/** Events of a watched `thread/<id>`: a message whole (new or changed), or more text at the end of its last text part. */
export const ThreadEvent = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("put"), message: MessageView }),
  z.strictObject({ kind: z.literal("delta"), thread: id, message: id, text: z.string() }),
  /** The window fell behind and deltas were dropped: load the newest page again. */
  z.strictObject({ kind: z.literal("reload"), thread: id }),
]);
export type ThreadEvent = DeepReadonly<z.infer<typeof ThreadEvent>>;

export const threadMethods = {
  "thread.create": method({
    /** `reuse`: answers with one in which nobody wrote anything yet, where there is one. */
    params: z.strictObject({ wid, reuse: z.boolean().optional() }),
    result: ThreadSummary,
    windows: ["main"],
    needs: "threads.create",
  }),
  "thread.rename": method({
    params: z.strictObject({ thread: id, title: name }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  "thread.delete": method({
    params: z.strictObject({ thread: id }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  "thread.page": method({
    /** Messages with seq < before (or the newest), oldest first. */
    params: z.strictObject({
      thread: id,
      before: z.number().int().nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    result: z.strictObject({ messages: z.array(MessageView), total: z.number() }),
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** While the agent works the message waits unread; its next step reads it. */
  /** `writer` is the window, as in `thread.saveDraft`: what it kept of this text as a draft is sent with it. */
  "thread.send": method({
    params: z.strictObject({
      thread: id,
      text: z.string().trim().min(1).max(MESSAGE_MAX),
      writer: z.string().max(64).optional(),
    }),
    result: done,
    windows: ["main"],
    needs: "threads.create",
  }),
  /** Sends on what waits unread after its run has ended. */
  "thread.sendUnread": method({
    params: z.strictObject({ thread: id }),
    result: done,
    windows: ["main"],
    needs: "threads.create",
  }),
  "thread.takeBack": method({
    params: z.strictObject({ thread: id, message: id }),
    result: z.strictObject({ text: z.string() }),
    windows: ["main"],
    needs: { none: "here" },
  }),
  "thread.callTool": method({
    params: z.strictObject({
      thread: id,
      server: id,
      tool: z.string().max(200),
      args: z.string().max(ARGS_MAX),
      /** For approvers, where the call asks somebody. */ why: z.string().max(WHY_MAX).optional(),
    }),
    result: done,
    windows: ["main"],
    needs: ["threads.create", "tools.use"],
  }),
  "thread.retry": method({
    params: z.strictObject({ thread: id }),
    result: done,
    windows: ["main"],
    needs: "threads.create",
  }),
  "thread.setModel": method({
    params: z.strictObject({ thread: id, model: id.nullable() }),
    result: done,
    windows: ["main"],
    needs: { none: "here" },
  }),
  /** `base` is the version that was written on, `writer` the window, `typedAt` when it was typed, ms. `instead`: another window was typed in later, and this is its text. */
  "thread.saveDraft": method({
    params: z.strictObject({
      thread: id,
      draft: Draft.refine((draft) => draftLength(draft) <= DRAFT_MAX),
      base: z.number().int(),
      writer: id,
      typedAt: z.number().int(),
    }),
    result: DraftView.omit({ draft: true }).extend({ instead: Draft.nullable() }),
    windows: ["main"],
    needs: { none: "here" },
  }),
  "thread.draft": method({
    params: z.strictObject({ thread: id }),
    result: DraftView,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** Takes up a text that gave way to another window's, or puts it away for good. */
  "thread.aside": method({
    params: z.strictObject({ thread: id, aside: z.number().int(), use: z.boolean() }),
    result: DraftView,
    windows: ["main"],
    needs: { none: "here" },
  }),
  /** Threads whose title has these letters in this order, those with the words as they stand first, then the newest. */
  "thread.find": method({
    params: z.strictObject({ wid, query: z.string().max(500) }),
    result: z.array(ThreadSummary),
    windows: ["main"],
    needs: { none: "reads" },
  }),
  search: method({
    params: z.strictObject({ wid, query: z.string().max(500) }),
    result: z.array(SearchHit),
    windows: ["main"],
    needs: { none: "reads" },
  }),
};

export const threadTopics = {
  threads: topic({ of: "workspace", value: listHead(ThreadSummary), windows: ["main"], needs: { none: "reads" } }),
  thread: topic({ of: "thread", value: ThreadView, windows: ["main"], needs: { none: "reads" } }),
};
