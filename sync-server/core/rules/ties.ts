/**
 * Who owes their vote to whom. Somebody who brings in a second self, or lets an approver back in to themselves, would
 * approve their own requests with it. A tie is an invite, a role that was given or a device that was let in; it lasts 30
 * days by the time of its entry, and goes on: who was appointed by somebody whom the requester appointed is tied too (CC7).
 */
import { DAY } from "../protocol/command.ts";
import type { MemberId } from "../protocol/ids.ts";
import type { ReadLog } from "./read.ts";

export const TIE_MS = 30 * DAY;

/** How the newest tie between two people came to be: a fact for a card, and a reason for a queue that asks for others. */
export type Tie = "invited" | "appointed" | "let-back";

interface Bond {
  readonly by: MemberId;
  readonly tie: Tie;
  readonly at: number;
}

/** Who was let back in at or before `position`: few of many devices, so they are looked for once and not for each person. */
const letBack = (log: ReadLog, position: number): ReadonlyMap<MemberId, readonly Bond[]> => {
  const found = new Map<MemberId, Bond[]>();
  for (const { member, recovered, from } of log.devices.values()) {
    if (recovered === null || from > position) continue;
    found.set(member, [...(found.get(member) ?? []), { by: recovered.by, tie: "let-back", at: recovered.at }]);
  }
  return found;
};

/** What others did for `member` at or before `position`. */
const bondsOf = (log: ReadLog, id: MemberId, position: number, back: readonly Bond[]): Bond[] => {
  const member = log.members.get(id);
  if (member === undefined) return [];
  const invited: Bond[] =
    member.invitedBy === null ? [] : [{ by: member.invitedBy, tie: "invited", at: member.joinedAt }];
  const appointed = member.appointed
    .filter(({ seq }) => seq <= position)
    .map(({ by, at }): Bond => ({ by, tie: "appointed", at }));
  return [...invited, ...appointed, ...back].filter(({ by }) => by !== id);
};

/** The tie by which `member` depends on `requester` at `time`, straight or over others, or null. */
export const tieTo = (
  log: ReadLog,
  requester: MemberId,
  member: MemberId,
  position = log.seq,
  time = log.time,
): Tie | null => {
  if (requester === member) return null;
  const back = letBack(log, position);
  const seen = new Set<MemberId>([member]);
  let reach: { id: MemberId; tie: Tie | null }[] = [{ id: member, tie: null }];
  while (reach.length > 0) {
    const next: typeof reach = [];
    for (const { id, tie } of reach) {
      for (const bond of bondsOf(log, id, position, back.get(id) ?? [])) {
        if (time - bond.at > TIE_MS) continue;
        const first = tie ?? bond.tie;
        if (bond.by === requester) return first;
        if (seen.has(bond.by)) continue;
        seen.add(bond.by);
        next.push({ id: bond.by, tie: first });
      }
    }
    reach = next;
  }
  return null;
};
