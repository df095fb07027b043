/**
 * Who owes their vote to whom. Somebody who brings in a second self, or lets an approver back in to themselves, would
 * approve their own requests with it. A tie is an invite, a role that was given or a device that was let in; it lasts 30
 * days by the time of its entry, and goes on: who was appointed by somebody whom the requester appointed is tied too (CC7).
 */
import { DAY } from "./command.ts";
import type { MemberId } from "./ids.ts";
import type { Log } from "./state.ts";

export const TIE_MS = 30 * DAY;

/** How the newest tie between two people came to be: a fact for a card, and a reason for a queue that asks for others. */
export type Tie = "invited" | "appointed" | "let-back";

interface Bond {
  readonly by: MemberId;
  readonly tie: Tie;
  readonly at: number;
}

/** What others did for `member` at or before `position`. */
const bondsOf = (log: Log, id: MemberId, position: number): Bond[] => {
  const member = log.members.get(id);
  if (member === undefined) return [];
  const invited: Bond[] = member.invitedBy === null ? [] : [{ by: member.invitedBy, tie: "invited", at: member.joinedAt }];
  const appointed = member.appointed.filter(({ seq }) => seq <= position).map(({ by, at }): Bond => ({ by, tie: "appointed", at }));
  const back = [...log.devices.values()].flatMap((device): Bond[] => (device.member === id && device.recovered !== null && device.from <= position ? [{ by: device.recovered.by, tie: "let-back", at: device.recovered.at }] : []));
  return [...invited, ...appointed, ...back].filter(({ by }) => by !== id);
};

/** The tie by which `member` depends on `requester` at `time`, straight or over others, or null. */
export const tieTo = (log: Log, requester: MemberId, member: MemberId, position = log.seq, time = log.time): Tie | null => {
  if (requester === member) return null;
  const seen = new Set<MemberId>([member]);
  let reach: { id: MemberId; tie: Tie | null }[] = [{ id: member, tie: null }];
  while (reach.length > 0) {
    const next: typeof reach = [];
    for (const { id, tie } of reach) {
      for (const bond of bondsOf(log, id, position)) {
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
