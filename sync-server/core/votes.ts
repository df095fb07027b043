/**
 * Counting votes. What counts is asked at a log position and, for escalation, at a time after the request. Time alone
 * never approves: reaching a rung decides nothing, and the next vote is counted against the thresholds of that rung.
 */
import type { Threshold } from "./command.ts";
import { isCounted, may, names, roleOf } from "./may.ts";
import type { Log, Request, Vote } from "./state.ts";

/** Thresholds in force: those of the newest rung that has begun. */
export const thresholdsAt = (request: Request, time: number): readonly Threshold[] => request.policy.steps.findLast((step) => request.at + step.afterMs <= time)?.all ?? request.policy.all;

/** What was decided is counted as of the decision; what is open, as of `time`. */
const countedAt = (log: Log, request: Request, time?: number): number => request.decidedAt ?? time ?? Math.max(log.time, request.at);

/** Votes that count at `position`: their people, and whoever cast them, must still be entitled there. A replaced request has none. */
export const countingVotes = (log: Log, request: Request, position: number, time?: number): Vote[] => {
  if (request.state === "replaced") return [];
  const when = countedAt(log, request, time);
  return request.votes.filter((vote) => isCounted(log, request, vote.member, position, when) && (vote.by === vote.member || may(log, vote.by, "approvals.decide", null, position).allowed));
};

/** For each threshold in force how many approvals it has and needs. One vote may serve several. */
export const tally = (log: Log, request: Request, position = log.seq, time?: number): { need: number; have: number; threshold: Threshold }[] => {
  const approvals = countingVotes(log, request, position, time).filter((vote) => vote.v === "approve");
  const has = (threshold: Threshold): number => approvals.filter(({ member }) => names(threshold, member, roleOf(log, member, position))).length;
  return thresholdsAt(request, countedAt(log, request, time)).map((threshold) => ({ need: threshold.n, have: has(threshold), threshold }));
};

export const isMet = (log: Log, request: Request, position = log.seq, time?: number): boolean =>
  request.state !== "replaced" && tally(log, request, position, time).every(({ need, have }) => have >= need);
