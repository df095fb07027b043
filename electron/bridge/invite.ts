/** Invites, from making one to joining with it. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { done, id, wid } from "./fields.ts";
import { method, topic } from "./method.ts";

export const InviteView = z.strictObject({
  id: z.string(),
  label: z.string(),
  role: z.string(),
  createdBy: z.string(),
  expiresAt: z.number(),
  uses: z.number(),
  used: z.number(),
  state: z.enum(["open", "used", "expired", "revoked"]),
  /** Name of the member who comes back with it, or null. */
  back: z.string().nullable(),
  /** Whoever came in with it, and the name of the role that they still wait for. */
  usedBy: z.array(z.strictObject({ name: z.string(), waitsFor: z.string().nullable() })),
  /** Where links of it lead that were sent before the server was reached at another address; null where they are good. */
  oldAddress: z.string().nullable(),
  /** Only on the computer that made the invite; the seed is never synced. */
  link: z.string().nullable(),
  appLink: z.string().nullable(),
});
export type InviteView = DeepReadonly<z.infer<typeof InviteView>>;

/** What the confirm screen shows before anything happens. */
export const InvitePreview = z.strictObject({
  server: z.string(),
  workspace: z.string(),
  wid: z.string(),
  inviter: z.string(),
  role: z.string(),
  /** The workspace defined it, and its name is the workspace's. */
  roleDefined: z.boolean(),
  /** Whether one joins as Guest until somebody gives that role. */
  confirm: z.boolean(),
  expiresAt: z.number(),
  usesLeft: z.number(),
  /** Name of the member as whom this person comes back, or null. Their older devices are closed. */
  back: z.string().nullable(),
  /** Set when this app is already a member: the button opens the workspace instead. */
  alreadyMember: z.boolean(),
});
export type InvitePreview = DeepReadonly<z.infer<typeof InvitePreview>>;

export const inviteMethods = {
  "invite.inspect": method({
    params: z.strictObject({ link: z.string() }),
    result: InvitePreview,
    windows: ["main"],
    needs: { none: "reads" },
  }),
  "invite.join": method({
    params: z.strictObject({ link: z.string() }),
    result: z.strictObject({ wid }),
    windows: ["main"],
    needs: { none: "self" },
  }),
  "invite.create": method({
    params: z.strictObject({
      wid,
      role: id,
      label: z.string().max(80),
      expiresInMs: z
        .number()
        .int()
        .min(60_000)
        .max(30 * 86_400_000),
      uses: z.number().int().min(1).max(50),
    }),
    result: InviteView,
    windows: ["main"],
    needs: "members.invite",
  }),
  "invite.revoke": method({
    params: z.strictObject({ wid, invite: id }),
    result: done,
    windows: ["main"],
    needs: "members.invite",
  }),
};

export const inviteTopics = {
  invites: topic({
    of: "workspace",
    value: z.array(InviteView),
    windows: ["main"],
    needs: { in: "handler", because: "whoever may not invite sees an empty list" },
  }),
};
