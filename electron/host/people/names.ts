/** Members in words: what they did outlives their membership. */
import { mistakable } from "#bridge/likeness.ts";
import type { PersonMark } from "#bridge/member.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { roleNamed, roleOf } from "#core/rules/may.ts";
import type { ReadLog } from "#core/rules/read.ts";

export const nameOf = ({ members }: Pick<ReadLog, "members">, member: MemberId): string =>
  members.get(member)?.name ?? "a former member";

/** The role in words; of somebody who left, that they did. */
export const roleWords = (log: ReadLog, member: MemberId): string => {
  const role = roleOf(log, member);
  return role === null ? "no longer a member" : (roleNamed(log, role)?.name ?? role);
};

/** Everybody, also who left, whose name could be taken for this one: what a name did once is still remembered. */
export const alikeTo = (log: ReadLog, member: MemberId): string[] => {
  const name = nameOf(log, member);
  return [...log.members.values()]
    .filter((other) => other.id !== member && mistakable(other.name, name))
    .map((other) => `${other.name}, ${roleWords(log, other.id)}`);
};

export const markOf = (log: ReadLog, member: MemberId): PersonMark => ({
  role: roleWords(log, member),
  joinedAt: log.members.get(member)?.joinedAt ?? 0,
  formerly: log.members.get(member)?.formerly.slice() ?? [],
  alike: alikeTo(log, member),
});

/** The name where only a line of text is shown: a notice. Somebody who could be taken for another is told by role and date. */
export const nameInLine = (log: ReadLog, member: MemberId): string => {
  const { role, joinedAt, alike } = markOf(log, member);
  if (alike.length === 0) return nameOf(log, member);
  return `${nameOf(log, member)} (${role}, joined ${new Date(joinedAt).toISOString().slice(0, 10)}; not ${alike.join("; not ")})`;
};

/** How many tool servers have a name that could be taken for that one, itself included where it is there. */
export const serversAlike = (log: ReadLog, name: string): number =>
  [...log.servers.values()].filter((server) => mistakable(server.name, name)).length;
