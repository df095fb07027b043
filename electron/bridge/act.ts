/**
 * What the shell signs only after a click in a window that it draws, and that is neither a vote nor a new device (SG1).
 * The host says what it wants signed; the shell reads that, shows what this file says of it, and signs that and no other.
 */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { wid } from "./fields.ts";
import { method } from "./method.ts";

/** A name as the host says it: the log that knows it is not the shell's. */
const Named = z.string().min(1).max(400);

/** As the window shows it. Kind, level, role and end are what is signed; names of people and own roles are the host's word. */
export const ShownAct = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("workspace.level"), workspace: Named, from: z.number(), to: z.number() }),
  z.strictObject({
    kind: z.literal("member.role"),
    workspace: Named,
    member: Named,
    role: Named,
    /** A role that the team made itself: its name is the host's word, and may be that of a built-in one. */
    own: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("approval.delegate"), workspace: Named, member: Named, until: z.number() }),
]);
export type ShownAct = DeepReadonly<z.infer<typeof ShownAct>>;
export type ActKind = ShownAct["kind"];

/** What the host asks to be confirmed. `names`: of the members and roles that the body names, by their ids. */
export const AskedAct = z.strictObject({
  wid,
  workspace: Named,
  kind: z.enum(["workspace.level", "member.role", "approval.delegate"]),
  body: z.unknown(),
  names: z.record(z.string().max(64), Named),
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
