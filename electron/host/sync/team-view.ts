/** The team as a window sees it: every "may I?" is answered with the rule that decides. */
import { mayHandOut, may, owners, roleNamed, roleOf } from "#core/may.ts";
import type { MemberId, RoleId } from "#core/ids.ts";
import { REJECTS } from "#core/reject.ts";
import { CAPABILITIES, isOwnersOnly, OWNER } from "#core/roles.ts";
import type { Role } from "#core/roles.ts";
import type { Device, Log, Member } from "#core/state.ts";
import type { MemberView, TeamView, Verdict } from "#bridge/views.ts";
import type { Live } from "./live.ts";

const yes = (rule: string): Verdict => ({ allowed: true, rule });
const no = (rule: string): Verdict => ({ allowed: false, rule });

export const explain = (log: Log, member: MemberId): Record<string, Verdict> => Object.fromEntries(CAPABILITIES.map((capability) => [capability, may(log, member, capability)]));

export const teamView = (live: Live): TeamView => {
  const { log, me, wid } = live;
  return {
    wid,
    name: log.name,
    me,
    members: [...log.members.values()].map((member) => memberView(live, member)),
    roles: rolesNow(log).map(({ id, name, caps, builtIn }) => ({ id, name, caps: [...caps], builtIn })),
    mine: explain(log, me),
  };
};

const rolesNow = (log: Log): Role[] => [...log.roles.keys()].flatMap((id) => roleNamed(log, id) ?? []);

const memberView = (live: Live, member: Member): MemberView => {
  const { log, me } = live;
  const role = roleOf(log, member.id);
  const last = member.role.findLast(([, value]) => value !== null)?.[1] ?? "";
  const given = role === null ? { assignable: [], roleRule: "No longer a member." } : assignable(log, me, member, role);
  return {
    id: member.id,
    name: member.name,
    role: role ?? last,
    active: role !== null,
    me: member.id === me,
    joinedAt: member.joinedAt,
    devices: [...log.devices.values()].filter((device) => device.member === member.id).map((device) => deviceView(live, device, role)),
    ...given,
    canRemove: canRemove(log, me, member.id, role),
  };
};

const isLastOwner = (log: Log, member: MemberId, role: RoleId | null): boolean => role === OWNER && owners(log).length === 1 && owners(log)[0] === member;

/** The same questions, in the same order, that the rules ask about `member.role`. */
const assignable = (log: Log, me: MemberId, member: Member, role: RoleId): { assignable: string[]; roleRule: string } => {
  const promised = member.promised === null ? "" : ` Invited as ${roleNamed(log, member.promised)?.name ?? member.promised}: give that role to confirm.`;
  const refused = [may(log, me, "members.assign"), mayHandOut(log, me, role)].find((answer) => !answer.allowed);
  if (refused !== undefined) return { assignable: [], roleRule: refused.rule };
  if (isLastOwner(log, member.id, role)) return { assignable: [], roleRule: REJECTS["last-owner"] };
  const roles = rolesNow(log).filter(({ id }) => id !== role && mayHandOut(log, me, id).allowed);
  const kept = rolesNow(log).some(({ id }) => isOwnersOnly(id) && !mayHandOut(log, me, id).allowed) ? " Only an Owner gives the roles Owner and Admin." : "";
  return { assignable: roles.map(({ id }) => id), roleRule: `You can give roles whose rights you hold.${kept}${promised}` };
};

const canRemove = (log: Log, me: MemberId, member: MemberId, role: RoleId | null): Verdict => {
  if (role === null) return no("No longer a member.");
  if (isLastOwner(log, member, role)) return no(REJECTS["last-owner"]);
  if (member === me) return yes("Everybody may leave.");
  const rights = may(log, me, "members.remove");
  return rights.allowed ? mayHandOut(log, me, role) : rights;
};

const deviceView = ({ log, me, device: own }: Live, device: Device, role: RoleId | null): MemberView["devices"][number] => ({
  id: device.id,
  addedAt: device.addedAt,
  revokedAt: device.revokedAt,
  current: device.id === own,
  canRevoke: canRevoke(log, me, own, device, role),
});

const canRevoke = (log: Log, me: MemberId, own: string, device: Device, role: RoleId | null): Verdict => {
  if (device.to !== null) return no("Revoked already.");
  if (device.id === own) return no(REJECTS["own-device"]);
  if (device.member === me) return yes("Your own other device.");
  const rights = may(log, me, "members.remove");
  return rights.allowed && role !== null ? mayHandOut(log, me, role) : rights;
};
