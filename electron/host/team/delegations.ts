/** Who decides in whose place, and until when. Only what holds now is shown: a delegation ends by time, without an entry. */
import { why } from "#core/facts/why.ts";
import { asMemberId, LOG } from "#core/protocol/ids.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { may, roleOf } from "#core/rules/may.ts";
import { at } from "#core/rules/state.ts";
import type { ReadLog } from "#core/rules/read.ts";
import { dateOf } from "#core/rules/time.ts";
import type { StandInView } from "#bridge/member.ts";
import type { Verdict } from "#bridge/answer.ts";
import { refusalOf } from "#bridge/refused.ts";
import { rejected } from "../seams.ts";
import type { Live } from "#client/live.ts";

export const standIns = (live: Live): StandInView[] => {
  const { log } = live;
  const now = live.serverNow();
  return [...log.delegations].flatMap(([member, history]) => {
    const given = at(history, log.seq) ?? null;
    return given !== null && now <= given.until && roleOf(log, member) !== null && roleOf(log, given.to) !== null
      ? [{ member, to: given.to, until: dateOf(log, given.until) }]
      : [];
  });
};

/** The delegation that `member` gave, whether or not its end has passed. */
const givenBy = (log: ReadLog, member: MemberId): { until: number } | null =>
  at(log.delegations.get(member) ?? [], log.seq) ?? null;

/** Whether I may choose `member` to decide in my place. A delegate's own right is needed: it is not handed on. */
export const mayStandIn = ({ log, me }: Live, member: MemberId): Verdict => {
  if (member === me) return { allowed: false, why: why("own-delegate") };
  return may(log, member, "approvals.decide");
};

/** `until` is a date. */
export const setDelegation = async (live: Live, to: string, until: number): Promise<void> => {
  const { log } = live;
  const member = asMemberId(to);
  if (member === undefined || roleOf(log, member) === null) throw rejected("no-such-member");
  const theirs = mayStandIn(live, member);
  if (!theirs.allowed) throw refusalOf(theirs.why);
  await live.outbox.now("approval.delegate", LOG, { to: member, until: until + log.ahead });
};

export const clearDelegation = async (live: Live): Promise<void> => {
  // One that ended by time is over anyway: nothing has to be taken back.
  if ((givenBy(live.log, live.me)?.until ?? 0) < live.serverNow()) return;
  await live.outbox.now("approval.undelegate", LOG, {});
};
