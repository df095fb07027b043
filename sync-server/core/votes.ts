/**
 * Counting votes. What counts is asked at a log position and, for escalation, at a time after the request. Time alone
 * never approves: reaching a rung decides nothing, and the next vote is counted against the thresholds of that rung.
 */
import type { Threshold } from "./command.ts";
import type { MemberId } from "./ids.ts";
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
  const thresholds = thresholdsAt(request, countedAt(log, request, time));
  const approvals = countingVotes(log, request, position, time).filter((vote) => vote.v === "approve");
  const serves = ({ member }: Vote): boolean[] => thresholds.map((threshold) => names(threshold, member, roleOf(log, member, position)));
  const people = request.policy.oneForTwo ? approvals.map((vote) => [serves(vote)]) : byCaster(approvals).map((votes) => votes.map(serves));
  const have = bestCount(people, thresholds.map(({ n }) => n));
  return thresholds.map((threshold, i) => ({ need: threshold.n, have: have[i] ?? 0, threshold }));
};

/** Rejections that count: people who said no, or everybody for whom it was said where the queue counts so. */
export const rejections = (log: Log, request: Request, position: number, time?: number): number => {
  const against = countingVotes(log, request, position, time).filter((vote) => vote.v === "reject");
  return request.policy.oneForTwo ? against.length : byCaster(against).length;
};

const byCaster = (votes: readonly Vote[]): Vote[][] => {
  const cast = new Map<MemberId, Vote[]>();
  for (const vote of votes) cast.set(vote.by, [...(cast.get(vote.by) ?? []), vote]);
  return [...cast.values()];
};

/** So many people who could count as one or as another are tried in every way; further ones count as the first they could be. */
const CHOOSERS_MAX = 10;

/**
 * Whoever clicks counts as one person: as themselves, or as one of those in whose place they stand, whichever brings the
 * request further. `people` holds for each what they could be, and for each of these which thresholds it serves.
 */
const bestCount = (people: readonly (readonly boolean[][])[], needs: readonly number[]): number[] => {
  const choosers = people.filter((choices) => choices.length > 1).slice(0, CHOOSERS_MAX);
  const settled = people.filter((choices) => !choosers.includes(choices)).map((choices) => choices[0] ?? []);
  const start = needs.map((_, i) => settled.filter((serves) => serves[i]).length);
  const worth = (counts: readonly number[]): number => counts.reduce((sum, count, i) => sum + Math.min(count, needs[i] ?? 0), 0);
  const full = worth(needs);
  const search = (counts: number[], left: readonly (readonly boolean[][])[]): number[] => {
    const [first, ...rest] = left;
    if (first === undefined || worth(counts) === full) return left.length === 0 ? counts : search(plus(counts, first?.[0]), rest);
    let best: number[] | undefined;
    for (const serves of distinct(first)) {
      const found = search(plus(counts, serves), rest);
      if (best === undefined || worth(found) > worth(best)) best = found;
      if (worth(best) === full) break;
    }
    return best ?? counts;
  };
  return search(start, choosers);
};
const plus = (counts: readonly number[], serves: readonly boolean[] | undefined): number[] => counts.map((count, i) => count + (serves?.[i] === true ? 1 : 0));
/** Two people who serve the same thresholds are one choice. */
const distinct = (choices: readonly boolean[][]): boolean[][] => [...new Map(choices.map((serves) => [serves.join(), serves])).values()];

export const isMet = (log: Log, request: Request, position = log.seq, time?: number): boolean =>
  request.state !== "replaced" && tally(log, request, position, time).every(({ need, have }) => have >= need);
