/**
 * People who came with an invite above Member: Guests until somebody gives the promised role or refuses it. Each is a
 * card for everybody who may give that role, and a line on their own first screen.
 */
import { why } from "#core/facts/why.ts";
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import type { MemberId, RoleId } from "#core/protocol/ids.ts";
import { may, roleNamed, roleOf } from "#core/rules/may.ts";
import type { ReadLog, ReadMember } from "#core/rules/read.ts";
import { dateOf } from "#core/rules/time.ts";
import type { ArrivalView } from "#bridge/member.ts";
import type { Verdict } from "#bridge/answer.ts";
import type { News } from "./announcements.ts";
import type { Live } from "#client/live.ts";
import { markOf, nameInLine, nameOf } from "../people/names.ts";

/** How long an answer is still shown, and told to somebody whose app was closed. */
const ANSWER_SHOWN_MS = 24 * 3_600_000;

type Promised = ReadMember & { readonly promised: RoleId };
const isWaiting = (log: ReadLog, member: ReadMember): member is Promised =>
  member.promised !== null && roleOf(log, member.id) !== null;

/** Whether I may give this person the role now: then I may also refuse it. */
const mayAnswer = (live: Live, member: MemberId, to: RoleId): Verdict => {
  const halt = live.replica.halt();
  if (halt !== null) return { allowed: false, why: halt };
  if (!live.active()) return { allowed: false, why: why("not-active") };
  return may(live.log, live.me, "members.assign", { member, to });
};

/** Everybody who waits for a role that this person may give. */
export const toLetIn = (live: Live): Promised[] =>
  [...live.log.members.values()].filter(
    (member): member is Promised => isWaiting(live.log, member) && mayAnswer(live, member.id, member.promised).allowed,
  );

/** Whether the id names somebody who waits, or waited, for a promised role. */
export const isArrival = ({ log }: Live, id: string): boolean => {
  const member = log.members.get(id as MemberId);
  return member !== undefined && (member.promised !== null || member.answered !== null);
};

/** Everybody who may give that person that role, in the order in which they came. */
const whoMayGive = (log: ReadLog, member: MemberId, to: RoleId): string[] =>
  [...log.members.values()]
    .filter(({ id }) => may(log, id, "members.assign", { member, to }).allowed)
    .map(({ id }) => nameOf(log, id));

/** Who let them in last: by the invite of the device that came back, or of the person. */
const cameBy = (
  log: ReadLog,
  { id, invitedBy, joinedAt, invite }: ReadMember,
): { readonly by: MemberId | null; readonly at: number; readonly back: boolean } => {
  const back = [...log.devices.values()].findLast(
    (device) => device.member === id && device.recovered !== null && device.recovered.invite === invite,
  )?.recovered;
  return back === undefined || back === null
    ? { by: invitedBy, at: joinedAt, back: false }
    : { by: back.by, at: back.at, back: true };
};

const viewOf = (live: Live, member: ReadMember, role: RoleId): ArrivalView => {
  const { log, me } = live;
  const held = roleNamed(log, role);
  const { by, at, back } = cameBy(log, member);
  const { answered } = member;
  const outcome =
    member.promised === null && answered !== null
      ? {
          given: answered.given === null ? null : (roleNamed(log, answered.given)?.name ?? answered.given),
          by: nameOf(log, answered.by),
          byMe: answered.by === me,
          at: dateOf(log, answered.at),
        }
      : null;
  return {
    member: member.id,
    name: member.name,
    mark: markOf(log, member.id),
    me: member.id === me,
    role,
    roleName: held?.name ?? role,
    caps: [...(held?.caps ?? [])],
    invitedBy: by === null ? null : { name: nameOf(log, by), me: by === me },
    at,
    back,
    can: outcome === null ? mayAnswer(live, member.id, role) : { allowed: false, why: told("answered") },
    who: whoMayGive(log, member.id, role),
    outcome,
  };
};

/** Who waits, and whose answer is young; a refusal as long as it still is the last word to me. */
export const arrivalViews = (live: Live): ArrivalView[] =>
  [...live.log.members.values()].flatMap((member) => {
    const role = roleOf(live.log, member.id);
    if (role === null) return [];
    if (member.promised !== null) return [viewOf(live, member, member.promised)];
    const { answered } = member;
    if (answered === null) return [];
    const young = live.serverNow() - answered.at < ANSWER_SHOWN_MS;
    return young || (member.id === live.me && answered.given === null) ? [viewOf(live, member, answered.promised)] : [];
  });

/** What a person is told of by itself: who waits for their answer, and the answer that they waited for. */
export const arrivalNews = (live: Live): News[] => {
  const { log, me } = live;
  const nameOfRole = (id: RoleId): string => roleNamed(log, id)?.name ?? id;
  const waiting = toLetIn(live).map((member): News => {
    const { by, back } = cameBy(log, member);
    const whose = by === me ? "mine" : by === null ? null : nameInLine(log, by);
    return {
      key: `arrival.${member.id}.${member.role.at(-1)?.[0] ?? 0}`,
      title: told("notice.arrival", nameInLine(log, member.id), nameOfRole(member.promised)),
      body: told("notice.arrived", back, whose, log.name),
      card: member.id,
    };
  });
  const own = log.members.get(me);
  const answer = own === undefined ? null : (own.answered ?? appointed(own));
  if (answer === null || answer.by === me || live.serverNow() - answer.at >= ANSWER_SHOWN_MS) return waiting;
  return [...waiting, { key: `answer.${me}.${answer.at}`, ...answerNews(log, answer), card: null }];
};

type Answer = NonNullable<ReadMember["answered"]>;
/** The role that somebody gave last without a promise, while it holds. */
const appointed = ({ appointed: all, role }: ReadMember): Answer | null => {
  const last = all.at(-1);
  const [seq, given] = role.at(-1) ?? [0, null];
  return last === undefined || given === null || seq !== last.seq
    ? null
    : { promised: given, given, by: last.by, at: last.at };
};

const answerNews = (log: ReadLog, { by, given, promised }: Answer): { readonly title: Told; readonly body: Told } => {
  const who = nameInLine(log, by);
  return given === null
    ? {
        title: told("notice.role-refused", who, roleNamed(log, promised)?.name ?? promised),
        body: told("notice.stay-guest", log.name),
      }
    : {
        title: told("notice.role-given", who, roleNamed(log, given)?.name ?? given),
        body: told("notice.holds", log.name),
      };
};
