/**
 * Counting votes. What counts is asked at a log position and, for escalation, at a time after the request. Time alone
 * never approves: reaching a rung decides nothing, and the next vote is counted against the thresholds of that rung.
 */
import type { Threshold } from "../protocol/command.ts";
import type { MemberId } from "../protocol/ids.ts";
import { castsForOthers, isCounted, names, roleOf } from "./may.ts";
import type { ReadLog, ReadRequest } from "./read.ts";
import type { Vote } from "./state.ts";

/** Thresholds in force: those of the newest rung that has begun. */
export const thresholdsAt = (request: ReadRequest, time: number): readonly Threshold[] =>
  request.policy.steps.findLast((step) => request.at + step.afterMs <= time)?.all ?? request.policy.all;

/** What was decided is counted as of the decision; what is open, as of `time`. */
const countedAt = (log: ReadLog, request: ReadRequest, time?: number): number =>
  request.decidedAt ?? time ?? Math.max(log.time, request.at);

/** Votes that count at `position`: their people, and whoever cast them, must still be entitled there. A replaced request has none. */
export const countingVotes = (log: ReadLog, request: ReadRequest, position: number, time?: number): Vote[] => {
  if (request.state === "replaced") return [];
  const when = countedAt(log, request, time);
  return request.votes.filter(
    (vote) =>
      isCounted(log, request, vote.member, position, when) &&
      (vote.by === vote.member || castsForOthers(log, request, vote.by, position, when)),
  );
};

/** For each threshold in force how many approvals it has and needs. One vote may serve several. */
export const tally = (
  log: ReadLog,
  request: ReadRequest,
  position = log.seq,
  time?: number,
): { need: number; have: number; threshold: Threshold }[] => {
  const thresholds = thresholdsAt(request, countedAt(log, request, time));
  const approvals = countingVotes(log, request, position, time).filter((vote) => vote.v === "approve");
  const serves = ({ member }: Vote): boolean[] =>
    thresholds.map((threshold) => names(threshold, member, roleOf(log, member, position)));
  const people = request.policy.oneForTwo
    ? approvals.map((vote) => [serves(vote)])
    : byCaster(approvals).map((votes) => votes.map(serves));
  const have = bestCount(
    people,
    thresholds.map(({ n }) => n),
  );
  return thresholds.map((threshold, i) => ({ need: threshold.n, have: have[i] ?? 0, threshold }));
};

/** Rejections that count: people who said no, or everybody for whom it was said where the queue counts so. */
export const rejections = (log: ReadLog, request: ReadRequest, position: number, time?: number): number => {
  const against = countingVotes(log, request, position, time).filter((vote) => vote.v === "reject");
  return request.policy.oneForTwo ? against.length : byCaster(against).length;
};

const byCaster = (votes: readonly Vote[]): Vote[][] => {
  const cast = new Map<MemberId, Vote[]>();
  for (const vote of votes) cast.set(vote.by, [...(cast.get(vote.by) ?? []), vote]);
  return [...cast.values()];
};

/**
 * Whoever clicks counts as one person: as themselves, or as one of those in whose place they stand, whichever brings the
 * request further. `people` holds for each what they could be, and for each of these which thresholds it serves.
 *
 * Person by person, every sum that can come of it is kept once. Sums that differ only beyond what is needed are one; of
 * more than `SUMS_MAX` the furthest are kept, so that no crowd of delegates can stop whoever counts. What is then left out
 * can only count for less.
 */
const bestCount = (people: readonly (readonly boolean[][])[], needs: readonly number[]): number[] => {
  const worth = (counts: readonly number[]): number =>
    counts.reduce((sum, count, i) => sum + Math.min(count, needs[i] ?? 0), 0);
  const keyOf = (counts: readonly number[]): string => counts.map((count, i) => Math.min(count, needs[i] ?? 0)).join();
  let sums: readonly (readonly number[])[] = [needs.map(() => 0)];
  for (const choices of people.map(worthwhile).toSorted((a, b) => a.length - b.length)) {
    const next = new Map<string, number[]>();
    for (const counts of sums) {
      for (const serves of choices) {
        const sum = plus(counts, serves);
        const key = keyOf(sum);
        if (!next.has(key)) next.set(key, sum);
      }
    }
    sums = [...next.values()];
    if (sums.length > SUMS_MAX) sums = sums.toSorted((a, b) => worth(b) - worth(a)).slice(0, SUMS_MAX);
  }
  return [...sums.reduce((best, counts) => (worth(counts) > worth(best) ? counts : best))];
};
const SUMS_MAX = 1_024;
const plus = (counts: readonly number[], serves: readonly boolean[]): number[] =>
  counts.map((count, i) => count + (serves[i] === true ? 1 : 0));
/** Choices that serve no more than another one are left out. */
const worthwhile = (choices: readonly boolean[][]): readonly boolean[][] => {
  const distinct = [...new Map(choices.map((serves) => [serves.join(), serves])).values()];
  return distinct.filter(
    (serves) => !distinct.some((other) => other !== serves && serves.every((is, i) => !is || other[i])),
  );
};

export const isMet = (log: ReadLog, request: ReadRequest, position = log.seq, time?: number): boolean =>
  request.state !== "replaced" && tally(log, request, position, time).every(({ need, have }) => have >= need);
