/** Members in words: what they did outlives their membership. */
import { mistakable } from "#bridge/likeness.ts";
import type { PersonMark } from "#bridge/member.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { roleNamed, roleOf } from "#core/rules/may.ts";
import type { ReadLog, ReadMember } from "#core/rules/read.ts";
import type { Person } from "#core/facts/why.ts";
import type { LineName } from "#core/facts/client-args.ts";

export const nameOf = ({ members }: Pick<ReadLog, "members">, member: MemberId): string =>
  members.get(member)?.name ?? "a former member";

/** With the name that they have now. */
export const personOf = ({ members }: Pick<ReadLog, "members">, member: MemberId): Person => [
  member,
  members.get(member)?.name ?? "",
];

/** Name of the role, or null of somebody who is no longer a member. */
const roleNow = (log: ReadLog, member: MemberId): string | null => {
  const role = roleOf(log, member);
  return role === null ? null : (roleNamed(log, role)?.name ?? role);
};

/** Everybody, also who left, whose name could be taken for this one: what a name did once is still remembered. */
const likeTo = (log: ReadLog, member: MemberId): ReadMember[] => {
  const name = nameOf(log, member);
  return [...log.members.values()].filter((other) => other.id !== member && mistakable(other.name, name));
};
export const alikeTo = (log: ReadLog, member: MemberId): PersonMark["alike"] =>
  likeTo(log, member).map(({ id, name }) => ({ name, role: roleNow(log, id) }));

export const markOf = (log: ReadLog, member: MemberId): PersonMark => ({
  role: roleNow(log, member),
  joinedAt: log.members.get(member)?.joinedAt ?? 0,
  formerly: log.members.get(member)?.formerly.slice() ?? [],
  alike: alikeTo(log, member),
});

/** The name where only a line of text is shown: a notice. Somebody who could be taken for another is told by role and date. */
export const nameInLine = (log: ReadLog, member: MemberId): LineName => {
  const others = likeTo(log, member);
  const name = log.members.get(member)?.name ?? "";
  if (others.length === 0) return [member, name, null];
  const not = others.map((other) => [other.id, other.name, roleNow(log, other.id)] as const);
  return [member, name, { role: roleNow(log, member), joinedAt: log.members.get(member)?.joinedAt ?? 0, not }];
};

/** How many tool servers have a name that could be taken for that one, itself included where it is there. */
export const serversAlike = (log: ReadLog, name: string): number =>
  [...log.servers.values()].filter((server) => mistakable(server.name, name)).length;
