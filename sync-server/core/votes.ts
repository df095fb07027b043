/**
 * Counting votes. What counts is asked at a log position and, for escalation, at a time after the request. Time alone
 * never approves: reaching a rung decides nothing, and the next vote is counted against the thresholds of that rung.
 */
import type { Threshold } from "./command.ts";
import type { MemberId } from "./ids.ts";
import { may, mayVote, names, roleOf, standsInFor } from "./may.ts";
import type { Answer } from "./may.ts";
import type { Log, Request, Vote } from "./state.ts";

/** Thresholds in force: those of the newest rung that has begun. */
export const thresholdsAt = (request: Request, time: number): readonly Threshold[] => request.policy.steps.findLast((step) => request.at + step.afterMs <= time)?.all ?? request.policy.all;

const counts = (log: Log, request: Request, member: MemberId, position: number, time: number): Answer =>
  mayVote(log, request.policy, request.requester, member, position, { practice: request.practice, after: time - request.at });

/** What was decided is counted as of the decision; what is open, as of `time`. */
const countedAt = (log: Log, request: Request, time?: number): number => request.decidedAt ?? time ?? Math.max(log.time, request.at);

/** Votes that count at `position`: their people, and whoever cast them, must still be entitled there. A replaced request has none. */
export const countingVotes = (log: Log, request: Request, position: number, time?: number): Vote[] => {
  if (request.state === "replaced") return [];
  const when = countedAt(log, request, time);
  return request.votes.filter((vote) => counts(log, request, vote.member, position, when).allowed && (vote.by === vote.member || may(log, vote.by, "approvals.decide", position).allowed));
};

/** For each threshold in force how many approvals it has and needs. One vote may serve several. */
export const tally = (log: Log, request: Request, position = log.seq, time?: number): { need: number; have: number; threshold: Threshold }[] => {
  const approvals = countingVotes(log, request, position, time).filter((vote) => vote.v === "approve");
  const has = (threshold: Threshold): number => approvals.filter(({ member }) => names(threshold, member, roleOf(log, member, position))).length;
  return thresholdsAt(request, countedAt(log, request, time)).map((threshold) => ({ need: threshold.n, have: has(threshold), threshold }));
};

export const isMet = (log: Log, request: Request, position = log.seq, time?: number): boolean =>
  request.state !== "replaced" && tally(log, request, position, time).every(({ need, have }) => have >= need);

/** Whose votes `member` would cast: the own one and those of the people they stand in for. The requester stands in for nobody. */
export const votersBehind = (log: Log, request: Request, member: MemberId, position: number, time: number): MemberId[] => {
  const others = member === request.requester ? [] : standsInFor(log, member, position, time).filter((who) => who !== request.requester);
  return [...new Set([member, ...others])].filter((who) => counts(log, request, who, position, time).allowed);
};

/** Whether `member` may cast a vote now, for themselves or for somebody they stand in for, and which rule says so. */
export const mayCast = (log: Log, request: Request, member: MemberId, position: number, time: number): Answer => {
  const own = counts(log, request, member, position, time);
  if (own.allowed) return own;
  const [behind] = votersBehind(log, request, member, position, time);
  return behind === undefined ? own : { allowed: true, rule: `This person stands in for ${log.members.get(behind)?.name ?? "a member"}.` };
};
