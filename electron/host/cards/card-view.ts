/** Approval requests as a person sees them. */
import { why } from "#core/facts/why.ts";
import { told } from "#bridge/told.ts";
import { standing } from "#core/rules/waiting.ts";
import type { Threshold } from "#core/protocol/command.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { may, mayOpen, policyAt, roleNamed, votersBehind } from "#core/rules/may.ts";
import type { ReadLog, ReadRequest } from "#core/rules/read.ts";
import { ruleFact } from "#core/rules/rule-fact.ts";
import type { QueueName, Why } from "#core/facts/why.ts";
import { dateOf } from "#core/rules/time.ts";
import { tieTo } from "#core/rules/ties.ts";
import { tally } from "#core/rules/votes.ts";
import type { CardSummary } from "#bridge/card.ts";
import type { Verdict } from "#bridge/answer.ts";
import type { OutboxRow } from "#client/ports/store.ts";
import type { Told } from "#bridge/told.ts";
import type { Live } from "#client/live.ts";
import { markOf, nameInLine, nameOf, serversAlike } from "../people/names.ts";
import { requestsOf } from "#client/docs/requests.ts";
import { refusalFact } from "#client/link/outbox.ts";

/** Of requests that are over, the newest that lists show. */
export const RECENT = 100;

/** Whether I may vote on it now, and why. `votes` finds what of this computer about it left or waits to leave. */
export const canVote = (live: Live, request: ReadRequest, votes: () => readonly OutboxRow[]): Verdict => {
  const no = (fact: Told): Verdict => ({ allowed: false, why: fact });
  if (request.requester === live.me && !request.practice) return no(why("own-request"));
  const state = standing(request, live.serverNow());
  if (state !== "pending") return no(why(state === "expired" ? "expired" : "resolved"));
  if (request.votes.some((vote) => vote.by === live.me)) return no(why("already-voted"));
  const sent = votes().findLast((row) => row.kind === "approval.vote");
  if (sent?.state === "waiting") return no(told("vote.waits"));
  // The server's answer is here before its entry.
  if (sent?.state === "done") return no(why("already-voted"));
  if (sent?.state === "refused") return no(told("vote.refused", refusalFact(sent.code ?? "")));
  const halt = live.replica.halt();
  if (halt !== null) return no(halt);
  if (!live.active()) return no(told("you-not-active"));
  const verdict = may(live.log, live.me, "approvals.decide", { request, time: live.serverNow() });
  return verdict.allowed && openVoters(live, request).length === 0 ? no(votedFor(live, request)) : verdict;
};

/** For whom my vote would be the first: myself, and those in whose place I stand. */
const openVoters = (live: Live, request: ReadRequest): MemberId[] =>
  votersBehind(live.log, request, live.me, live.log.seq, live.serverNow()).filter(
    (member) => !request.votes.some((vote) => vote.member === member),
  );

const votedFor = ({ log, me }: Live, request: ReadRequest): Told => {
  const mine = request.votes.find((vote) => vote.member === me);
  return mine === undefined
    ? told("voted-for-all")
    : told("voted-for-you", [mine.by, log.members.get(mine.by)?.name ?? ""]);
};

/** Whether this app shows me the card at all, and why. A queue that I may read holds cards of others too. */
export const canOpen = (live: Live, request: ReadRequest): Verdict => {
  if (request.requester !== live.me && !live.active()) return { allowed: false, why: told("you-not-active") };
  return mayOpen(live.log, live.me, request, live.serverNow());
};

/** What this person should see: what waits, and the newest of what is over. */
export const shownRequests = (live: Live): ReadRequest[] => {
  const now = live.serverNow();
  const [waiting, decided]: [ReadRequest[], ReadRequest[]] = [[], []];
  for (const request of requestsOf(live).toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))) {
    const over = standing(request, now) !== "pending";
    if (over && decided.length === RECENT) continue;
    if (canOpen(live, request).allowed) (over ? decided : waiting).push(request);
  }
  return [...waiting, ...decided];
};

export const cardSummary = (
  live: Live,
  request: ReadRequest,
  verdict: Verdict,
  note: (sealed: string) => string | null,
): CardSummary => {
  const { log } = live;
  return {
    kind: "ask",
    wid: live.wid,
    workspace: log.name,
    request: request.id,
    requester: nameOf(log, request.requester),
    who: markOf(log, request.requester),
    mine: request.requester === live.me,
    server: request.server,
    serversAlike: serversAlike(log, request.server),
    tool: request.tool,
    queue: request.policy.name,
    queueGone: queueGone(log, request),
    oneForTwo: request.policy.oneForTwo,
    independent: request.policy.independent,
    state: standing(request, live.serverNow()),
    requestedAt: dateOf(log, request.at),
    expiresAt: dateOf(log, request.decideBy),
    sealed: 1 + request.copies.length,
    replacedBy: request.replacedBy,
    canVote: verdict,
    standsFor: verdict.allowed ? standsFor(live, request) : [],
    practice: request.practice,
    rung: rungOf(log, request, live.serverNow()),
    votes: request.votes.map((vote) => ({
      member: vote.member,
      name: nameOf(log, vote.member),
      mark: markOf(log, vote.by),
      tie: tieTo(log, request.requester, vote.by, log.seq, vote.at),
      by: vote.by === vote.member ? null : { member: vote.by, name: nameOf(log, vote.by) },
      v: vote.v,
      at: dateOf(log, vote.at),
      note: vote.note === null ? null : note(vote.note),
    })),
    thresholds: tally(log, request, log.seq, live.serverNow()).map(({ need, have, threshold }) => ({
      need,
      have,
      who: whoIn(log, threshold),
    })),
  };
};

/** As it was when this was asked; a decision in a queue that is gone lets nothing run. */
const queueGone = (log: ReadLog, { queue }: ReadRequest): boolean =>
  !policyAt(log).queues.some(({ id }) => id === queue);

/** Each of them counts. */
const whoIn = (log: ReadLog, { roles, members }: Threshold): string[] => [
  ...roles.map((role) => roleNamed(log, role)?.name ?? role),
  ...members.map((member) => nameOf(log, member)),
];

/** People besides me for whom my vote would be the first. */
const standsFor = (live: Live, request: ReadRequest): string[] =>
  openVoters(live, request)
    .filter((member) => member !== live.me)
    .map((member) => nameOf(live.log, member));

/** Who asks what. */
export const noticeTitle = (live: Live, request: ReadRequest): Told =>
  told("notice.asks", nameInLine(live.log, request.requester), request.tool, request.practice);
/** Second line of a notification: where it would run, and for whom one decides. */
export const noticeBody = (live: Live, request: ReadRequest): Told =>
  request.practice ? told("notice.practice") : told("notice.where", request.server, standsFor(live, request));

/** Where a request stands on its ladder. What is decided climbs no further. */
const rungOf = (log: ReadLog, request: ReadRequest, now: number): CardSummary["rung"] => {
  const { steps } = request.policy;
  const passed = (request.decidedAt ?? Math.min(now, request.decideBy)) - request.at;
  const begun = steps.filter((step) => step.afterMs <= passed).length;
  const next = standing(request, now) === "pending" ? steps[begun] : undefined;
  return {
    now: begun,
    of: steps.length,
    next:
      next === undefined
        ? null
        : {
            at: dateOf(log, request.at + next.afterMs),
            all: next.all.map((threshold) => ({ n: threshold.n, who: whoIn(log, threshold) })),
          },
  };
};

/** The rule that asked. It may have been changed since: then the newest policy that still had it says what it was. */
export const askedBy = (log: ReadLog, request: ReadRequest): Why => {
  if (request.practice) return why("practice-asks");
  const queue: QueueName = [request.queue, request.policy.name];
  if (request.rule === "default") return why("no-rule", ["ask", queue]);
  for (const [, policy] of log.policy.toReversed()) {
    const rule = policy.rules.find((item) => item.id === request.rule);
    if (rule !== undefined) return why("rule", ruleFact(log, policy, rule, request.tool));
  }
  return why("rule-asks", queue);
};
