/** The team as a window sees it: every "may I?" is answered with the rule that decides. */
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import { may, policyAt, roleNamed, roleOf } from "#core/rules/may.ts";
import type { MemberId, RoleId } from "#core/protocol/ids.ts";
import { CAPABILITIES } from "#core/protocol/capabilities.ts";
import { isOwnersOnly } from "#core/rules/roles.ts";
import type { Role } from "#core/rules/roles.ts";
import type { Knows } from "#core/rules/state.ts";
import { behindHere, levelView } from "./level.ts";
import type { ReadDevice, ReadLog, ReadMember } from "#core/rules/read.ts";
import { dateOf } from "#core/rules/time.ts";
import type { Explained, MemberView, TeamView } from "#bridge/member.ts";
import type { Verdict } from "#bridge/answer.ts";
import { mayStandIn, standIns } from "./delegations.ts";
import { checkpointView } from "./checkpoint-view.ts";
import { cameBack, canLetBack, deviceViews } from "./device-view.ts";
import type { Live } from "#client/live.ts";
import { alikeTo } from "../people/names.ts";

const no = (because: Told): Verdict => ({ allowed: false, why: because });

const rightsOf = (log: ReadLog, member: MemberId): Record<string, Verdict> =>
  Object.fromEntries(CAPABILITIES.map((capability) => [capability, may(log, member, capability)]));

const ANYBODY_ELSE = "" as MemberId;

/** "What can this person do, and why?": the rights alone, then asked about every role, person and queue there is. */
export const explain = (log: ReadLog, member: MemberId): Explained => ({
  rights: rightsOf(log, member),
  questions: [
    ...policyAt(log).queues.map((queue) => ({
      kind: "decide-queue" as const,
      about: queue.name,
      verdict: may(log, member, "approvals.decide", { queue, requester: ANYBODY_ELSE }),
    })),
    ...rolesNow(log).map((role) => ({
      kind: "give-role" as const,
      about: role.name,
      verdict: may(log, member, "members.assign", { role: role.id }),
    })),
    ...peopleNow(log).map(({ id, name }) => ({
      kind: "change-role" as const,
      about: name,
      verdict: may(log, member, "members.assign", { member: id }),
    })),
    ...peopleNow(log).map(({ id, name }) => ({
      kind: "remove-member" as const,
      about: name,
      verdict: may(log, member, "members.remove", { member: id }),
    })),
  ],
});

const peopleNow = (log: ReadLog): ReadMember[] =>
  [...log.members.values()].filter(({ id }) => roleOf(log, id) !== null);

export const mayChangeRole = (log: ReadLog, me: MemberId, role: Role): Verdict =>
  role.builtIn ? no(told("role.built-in")) : may(log, me, "members.assign", { rights: role.caps });

export const teamView = (live: Live, build: Knows): TeamView => {
  const { log, me, wid } = live;
  const late = behindHere(log, build);
  return {
    wid,
    name: log.name,
    me,
    members: [...log.members.values()].map((member) => memberView(live, member, late)),
    roles: rolesNow(log).map((role) => ({
      id: role.id,
      name: role.name,
      caps: [...role.caps],
      builtIn: role.builtIn,
      change: mayChangeRole(log, me, role),
    })),
    standIns: standIns(live),
    cameBack: cameBack(live),
    mine: rightsOf(log, me),
    checkpoint: checkpointView(live),
    level: levelView(live, build),
  };
};

export const rolesNow = (log: ReadLog): Role[] => [...log.roles.keys()].flatMap((id) => roleNamed(log, id) ?? []);

const memberView = (live: Live, member: ReadMember, late: ReadonlySet<ReadDevice>): MemberView => {
  const { log, me } = live;
  const role = roleOf(log, member.id);
  const last = member.role.findLast(([, value]) => value !== null)?.[1] ?? "";
  const given = role === null ? { assignable: [], roleRule: [told("member.gone")] } : assignable(log, me, member, role);
  return {
    id: member.id,
    name: member.name,
    role: role ?? last,
    active: role !== null,
    me: member.id === me,
    joinedAt: dateOf(live.log, member.joinedAt),
    alike: alikeTo(log, member.id),
    formerly: [...member.formerly],
    devices: deviceViews(live, member.id, late),
    ...given,
    canRemove: role === null ? no(told("member.gone")) : may(log, me, "members.remove", { member: member.id }),
    canLetBack: canLetBack(live, member.id),
    canStandIn: mayStandIn(live, member.id),
  };
};

const assignable = (
  log: ReadLog,
  me: MemberId,
  member: ReadMember,
  role: RoleId,
): Pick<MemberView, "assignable" | "roleRule"> => {
  const asked = (to?: RoleId): Verdict =>
    may(log, me, "members.assign", to === undefined ? { member: member.id } : { member: member.id, to });
  const roles = rolesNow(log).filter(({ id }) => id !== role && asked(id).allowed);
  if (roles.length === 0) return { assignable: [], roleRule: [asked().why] };
  const keeps = rolesNow(log).some(({ id }) => isOwnersOnly(id) && !asked(id).allowed);
  const { promised } = member;
  return {
    assignable: roles.map(({ id }) => id),
    roleRule: [
      told("role.gives"),
      ...(keeps ? [told("role.owners-keep")] : []),
      ...(promised === null ? [] : [told("role.promised", [promised, roleNamed(log, promised)?.name ?? ""])]),
    ],
  };
};
