/** Calls of tools as a thread shows them, and what a person may do with their own before it has begun. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Before } from "./card.ts";
import { done, id, wid } from "./fields.ts";
import { ARGS_MAX } from "./limits.ts";
import { method } from "./method.ts";
import { Told } from "./told.ts";

export const Enclosed = z.strictObject({
  /** The words, or null. */
  why: z.string().nullable(),
  /** The file whose text went with the request, or null. */
  file: z.string().nullable(),
  /** What was left out because it was too large. */
  tooLarge: z.array(z.enum(["why", "file"])),
});
export type Enclosed = DeepReadonly<z.infer<typeof Enclosed>>;

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
  /** What decided over it, or null before it was judged. */
  rule: Told.nullable(),
  request: z.string().nullable(),
  votes: z.number(),
  needed: z.number(),
  expiresAt: z.number().nullable(),
  /** Names, where others than the person decided. */
  decidedBy: Told.nullable(),
  /** Why it was rejected, refused or failed. */
  reason: Told.nullable(),
  result: z.strictObject({ text: z.string(), bytes: z.number(), truncated: z.boolean() }).nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
export type CallView = DeepReadonly<z.infer<typeof CallView>>;

export const callMethods = {
  "run.stop": method({
    params: z.strictObject({ thread: id }),
    result: done,
    windows: ["main"],
    needs: { none: "self" },
  }),
  "call.cancel": method({
    params: z.strictObject({ thread: id, call: id }),
    result: done,
    windows: ["main"],
    needs: { none: "self" },
  }),
  /** Changes the arguments of an own call that has not begun. It is judged anew, and earlier votes no longer count. */
  "call.edit": method({
    params: z.strictObject({ thread: id, call: id, args: z.string().max(ARGS_MAX) }),
    result: done,
    windows: ["main"],
    needs: ["threads.create", "tools.use"],
  }),
  /** The file that an own call would write, as it is now on this computer; it leaves it only by the person's choice. */
  "call.present": method({
    params: z.strictObject({ thread: id, call: id }),
    result: z.strictObject({ before: Before.nullable() }),
    windows: ["main"],
    needs: { none: "reads" },
  }),
  /** The own call behind an approval request, where it was asked from this computer. */
  "call.ofRequest": method({
    params: z.strictObject({ wid, request: id }),
    result: z.strictObject({ own: z.strictObject({ thread: id, call: CallView }).nullable() }),
    windows: ["main"],
    needs: { none: "reads" },
  }),
};
