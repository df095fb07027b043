/** What a window sees of threads: messages, calls and what the model would be shown. Shapes and times as in `views.ts`. */
import { z } from "zod";
import { DRAFT_CALLS_MAX, DRAFT_MAX } from "./limits.ts";
import { Code, Place } from "./views.ts";

export const ThreadSummary = z.strictObject({
  id: z.string(),
  wid: z.string(),
  title: z.string(),
  updatedAt: z.number(),
  state: z.enum(["idle", "running", "waiting", "failed"]),
  boundary: z.literal("private"),
});
export type ThreadSummary = z.infer<typeof ThreadSummary>;

export const Enclosed = z.strictObject({
  /** The words, or null. */
  why: z.string().nullable(),
  /** The file whose text went with the request, or null. */
  file: z.string().nullable(),
  /** What was left out because it was too large. */
  tooLarge: z.array(z.enum(["why", "file"])),
});
export type Enclosed = z.infer<typeof Enclosed>;

export const CallView = z.strictObject({
  id: z.string(),
  server: z.string(),
  serverId: z.string(),
  tool: z.string(),
  /** Arguments as JSON text, exactly what would be executed. */
  args: z.string(),
  /** What was asked at first, where the person changed the arguments since. */
  asked: z.string().nullable(),
  /** What approvers were given to read beside the arguments, or null where nothing is asked. */
  enclosed: Enclosed.nullable(),
  state: z.enum([
    "proposed",
    "confirming",
    "queued",
    "waiting",
    "approved",
    "running",
    "done",
    "failed",
    "rejected",
    "refused",
    "canceled",
    "expired",
    "unknown",
  ]),
  rule: z.string(),
  request: z.string().nullable(),
  votes: z.number(),
  needed: z.number(),
  expiresAt: z.number().nullable(),
  decidedBy: z.string().nullable(),
  /** Why it was rejected, refused or failed, in words. */
  reason: z.string().nullable(),
  result: z.strictObject({ text: z.string(), bytes: z.number(), truncated: z.boolean() }).nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type CallView = z.infer<typeof CallView>;

export const Part = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), text: z.string() }),
  z.strictObject({ kind: z.literal("call"), call: CallView }),
  z.strictObject({ kind: z.literal("error"), error: Code, retry: z.boolean() }),
]);
export type Part = z.infer<typeof Part>;

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
export type MessageView = z.infer<typeof MessageView>;

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
export type CallDraft = z.infer<typeof CallDraft>;

/** What is being written in a thread. `open` is the place of the call whose form is on the screen. */
export const Draft = z.strictObject({
  text: z.string().max(DRAFT_MAX),
  calls: z.array(CallDraft).max(DRAFT_CALLS_MAX),
  open: z.number().int().min(0).nullable(),
});
export type Draft = z.infer<typeof Draft>;
/** Characters that a draft holds; more than DRAFT_MAX are not kept. */
export const draftLength = ({ text, calls }: Draft): number =>
  calls.reduce((sum, call) => sum + call.values.length + (call.raw?.length ?? 0) + call.why.length, text.length);

/** The beginning of something longer, with its whole length in characters. */
const AsideView = z.strictObject({ id: z.number(), text: z.string(), length: z.number(), tools: z.array(z.string()) });
export type AsideView = z.infer<typeof AsideView>;
export const DraftView = z.strictObject({
  version: z.number(),
  draft: Draft,
  /** What gave way to another window's text, oldest first. */ aside: z.array(AsideView),
});
export type DraftView = z.infer<typeof DraftView>;

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
      /** Why it does not move: a provider that asked to wait, a full disk. */ note: z.string().optional(),
    })
    .nullable(),
  /** Sent, and not read by the agent yet, oldest first; `text` is its beginning. Without a run they wait until somebody sends them on. */
  unread: z.array(z.strictObject({ id: z.string(), at: z.number(), text: z.string(), length: z.number() })),
  /** Exactly what the next model request would hold. Tokens are estimates (4 bytes a token) until the provider reports. */
  context: z.array(ContextItem),
  tokens: z.strictObject({ context: z.number(), spentIn: z.number(), spentOut: z.number() }),
});
export type ThreadView = z.infer<typeof ThreadView>;

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
export type SearchHit = z.infer<typeof SearchHit>;
