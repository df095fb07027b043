/**
 * What the shell signs only after a click in a window that it draws, and that is neither a vote nor a new device (SG1).
 * The host says what it wants signed; the shell reads that, shows what this file says of it, and signs that and no other.
 */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import type { LineName } from "#core/facts/client-args.ts";
import { id, wid } from "./fields.ts";
import { method } from "./method.ts";

/** A name as the host says it: the log that knows it is not the shell's. */
const Named = z.string().min(1).max(400);
/** As many of those whose name could be taken for somebody's as a title has room for. */
export const LIKE_MAX = 4;
/** A member with what tells them from such others, as it is in a line of text. */
const OnePerson = z.custom<LineName>((value) => Line.safeParse(value).success);
const like = z.string().max(400);
const Line = z.tuple([
  id,
  like,
  z
    .strictObject({
      role: like.nullable(),
      joinedAt: z.number(),
      not: z.array(z.tuple([id, like, like.nullable()])).max(LIKE_MAX),
    })
    .nullable(),
]);

/** As the window shows it. Kind, level, role and end are what is signed; names of people and own roles are the host's word. */
export const ShownAct = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("workspace.level"), workspace: Named, from: z.number(), to: z.number() }),
  z.strictObject({
    kind: z.literal("member.role"),
    workspace: Named,
    member: OnePerson,
    role: Named,
    /** A role that the team made itself: its name is the host's word, and may be that of a built-in one. */
    own: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("approval.delegate"), workspace: Named, member: OnePerson, until: z.number() }),
]);
export type ShownAct = DeepReadonly<z.infer<typeof ShownAct>>;
export type ActKind = ShownAct["kind"];

/** What the host asks to be confirmed. `people` and `roles`: whom and which the body names, by their ids. */
export const AskedAct = z.strictObject({
  wid,
  workspace: Named,
  kind: z.enum(["workspace.level", "member.role", "approval.delegate"]),
  body: z.unknown(),
  people: z.record(z.string().max(64), OnePerson),
  roles: z.record(z.string().max(64), Named),
});
export type AskedAct = DeepReadonly<z.infer<typeof AskedAct>>;

/** Roles in which nobody decides, invites or changes anything. Of a role that a team made itself the shell knows nothing. */
const GIVEN_FREELY: readonly string[] = ["member", "guest"];
export const roleAsks = (role: string): boolean => !GIVEN_FREELY.includes(role);

/** Whether a command of that kind and body is signed only after a click in that window. */
export const asksInWindow = (kind: string, body: unknown): kind is ActKind => {
  if (kind === "workspace.level" || kind === "approval.delegate") return true;
  if (kind !== "member.role") return false;
  const to = typeof body === "object" && body !== null && "to" in body ? body.to : null;
  return typeof to !== "string" || roleAsks(to);
};

export const actMethods = {
  /** Only the window of that act. The shell hears it; who asked for the act is told by the shell. */
  "act.answer": method({
    params: z.strictObject({ wid, act: z.string().length(22), yes: z.boolean() }),
    result: z.strictObject({}),
    windows: ["popup"],
    needs: { none: "here" },
  }),
};
