/** People of a workspace: who they are, what they may do, who comes in, and who decides in whose place. */
import { z } from "zod";
import type { DeepReadonly } from "#core/rules/read.ts";
import { Verdict } from "./answer.ts";
import { CheckpointView, LevelView } from "./workspace.ts";
import { CameBackView, DeviceView } from "./device.ts";
import { RoleView } from "./role.ts";
import { InviteView } from "./invite.ts";
import { wid, id, done } from "./fields.ts";
import { Told } from "./told.ts";
import { method, topic } from "./method.ts";

/** Whose name could be taken for another's. `role`: its name, or null of somebody who is no longer a member. */
const Alike = z.strictObject({ name: z.string(), role: z.string().nullable() });
export type Alike = DeepReadonly<z.infer<typeof Alike>>;

export const MemberView = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  active: z.boolean(),
  me: z.boolean(),
  joinedAt: z.number(),
  /** Others whose name could be taken for this one. */
  alike: z.array(Alike),
  /** Names before this one, newest last. */
  formerly: z.array(z.string()),
  devices: z.array(DeviceView),
  /** Roles I may give this person; empty when none, with the reason in `roleRule`. */
  assignable: z.array(z.string()),
  /** What holds of giving them a role, in this order. */
  roleRule: z.array(Told),
  canRemove: Verdict,
  /** Whether I may let this person back in with a new device. */
  canLetBack: Verdict,
  /** Whether this person may be chosen to decide in my place. */
  canStandIn: Verdict,
});
export type MemberView = DeepReadonly<z.infer<typeof MemberView>>;

/** `to` decides in the place of `member` until then. Only what holds now is listed. */
export const StandInView = z.strictObject({ member: z.string(), to: z.string(), until: z.number() });
export type StandInView = DeepReadonly<z.infer<typeof StandInView>>;

export const TeamView = z.strictObject({
  wid: z.string(),
  name: z.string(),
  me: z.string(),
  members: z.array(MemberView),
  roles: z.array(RoleView),
  standIns: z.array(StandInView),
  /** Since this device is here. */
  cameBack: z.array(CameBackView),
  /** capability -> may I, and why. */
  mine: z.record(z.string(), Verdict),
  checkpoint: CheckpointView,
  level: LevelView,
});
export type TeamView = DeepReadonly<z.infer<typeof TeamView>>;

/** Everything one person may do: each right by itself, then the questions that depend on what it is used on. */
export const Explained = z.strictObject({
  rights: z.record(z.string(), Verdict),
  /** `about` is the name of a role, a person or a queue. */
  questions: z.array(
    z.strictObject({
      kind: z.enum(["give-role", "change-role", "remove-member", "decide-queue"]),
      about: z.string(),
      verdict: Verdict,
    }),
  ),
});
export type Explained = DeepReadonly<z.infer<typeof Explained>>;

/** Who a person is beside their name, for where another could be taken for them: `alike` says who else. */
export const PersonMark = z.strictObject({
  role: z.string().nullable(),
  joinedAt: z.number(),
  formerly: z.array(z.string()),
  alike: z.array(Alike),
});
export type PersonMark = DeepReadonly<z.infer<typeof PersonMark>>;

/** How somebody who votes came to be here by the doing of whoever asked, within 30 days. */
export const TieView = z.enum(["invited", "appointed", "let-back"]);

/** Somebody who is a Guest until the role that their invite promised is given or refused. */
export const ArrivalView = z.strictObject({
  /** Id of the member: it names the card. */
  member: z.string(),
  name: z.string(),
  mark: PersonMark,
  me: z.boolean(),
  /** Id and name of the promised role, and what it allows. */
  role: z.string(),
  roleName: z.string(),
  caps: z.array(z.string()),
  /** Who made the invite; null where it is not known any more. */
  invitedBy: z.strictObject({ name: z.string(), me: z.boolean() }).nullable(),
  /** When they came: joined, or came back with a new device. */
  at: z.number(),
  back: z.boolean(),
  /** Whether I may give it. */
  can: Verdict,
  /** Names of everybody who may. */
  who: z.array(z.string()),
  /** Null while it waits; `given` is the name of the role that they got, or null where it was refused. */
  outcome: z
    .strictObject({ given: z.string().nullable(), by: z.string(), byMe: z.boolean(), at: z.number() })
    .nullable(),
});
export type ArrivalView = DeepReadonly<z.infer<typeof ArrivalView>>;

export const memberMethods = {
  /** Somebody decides in my place until then. */
  "delegation.set": method({
    params: z.strictObject({ wid, to: id, until: z.number().int() }),
    result: done,
    windows: ["main"],
    needs: "approvals.decide",
  }),
  "delegation.clear": method({
    params: z.strictObject({ wid }),
    result: done,
    windows: ["main"],
    needs: { none: "self" },
  }),
  /** `from` is the role that was on the screen: where it is another by now, nothing is changed. */
  "member.setRole": method({
    params: z.strictObject({ wid, member: id, role: id, from: id.optional() }),
    result: done,
    windows: ["main"],
    needs: "members.assign",
  }),
  /** Gives the role that an invite promised, or says no to it. `role` is the one that was on the screen. */
  "member.givePromised": method({
    params: z.strictObject({ wid, member: id, role: id }),
    result: done,
    windows: ["main", "popup"],
    needs: "members.assign",
  }),
  "member.refusePromised": method({
    params: z.strictObject({ wid, member: id, role: id }),
    result: done,
    windows: ["main", "popup"],
    needs: "members.assign",
  }),
  "member.remove": method({
    params: z.strictObject({ wid, member: id }),
    result: done,
    windows: ["main"],
    needs: { in: "handler", because: "everybody may leave" },
  }),
  /** An invite with which a member who lost their devices comes back as themselves. */
  "member.letBack": method({
    params: z.strictObject({
      wid,
      member: id,
      expiresInMs: z
        .number()
        .int()
        .min(60_000)
        .max(30 * 86_400_000),
    }),
    result: InviteView,
    windows: ["main"],
    needs: ["members.invite", "members.remove"],
  }),
  /** "What can this person do, and why?" */
  "member.explain": method({
    params: z.strictObject({ wid, member: id }),
    result: Explained,
    windows: ["main"],
    needs: { none: "reads" },
  }),
};

export const memberTopics = {
  team: topic({ of: "workspace", value: TeamView, windows: ["main", "popup"], needs: { none: "reads" } }),
  arrivals: topic({
    of: "workspace",
    value: z.array(ArrivalView),
    windows: ["main", "popup"],
    needs: { none: "reads" },
  }),
};
