/**
 * Rules of the approval documents. The policy of the queue is copied onto the request at its position; the first
 * threshold that is reached decides, and nothing after that has an effect.
 *
 *   pending -> approved | rejected | canceled | expired        approved -> used | lapsed
 *
 * `expired` and `lapsed` are questions of time and therefore derived, never stored: see `standing`.
 */
import { bodies } from "./command.ts";
import type { Body, Kind, Threshold } from "./command.ts";
import { docArgument } from "./ids.ts";
import type { DocName, Hash, MemberId, QueueId } from "./ids.ts";
import { may, mayVote, policyAt, roleOf } from "./may.ts";
import type { Context } from "./membership.ts";
import type { RejectCode } from "./reject.ts";
import type { ApprovalDoc, Log, Request, Vote } from "./state.ts";

/** `id` is the hash of the command; `target` the queue document that the command names. */
export interface ApprovalContext extends Context {
  readonly id: Hash;
  readonly target: DocName;
}
type Handler<K extends Kind> = (log: Log, doc: ApprovalDoc, body: Body<K>, context: ApprovalContext) => RejectCode | undefined;

export type RequestStanding = "pending" | "approved" | "rejected" | "canceled" | "expired" | "used" | "lapsed";
export const standing = (request: Request, now: number): RequestStanding => {
  if (request.state === "pending") return now > request.decideBy ? "expired" : "pending";
  if (request.state === "approved" && request.decidedAt !== null) return now > request.decidedAt + request.policy.useMs ? "lapsed" : "approved";
  return request.state;
};

const inThreshold = (log: Log, threshold: Threshold, member: MemberId, position: number): boolean => {
  const role = roleOf(log, member, position);
  return threshold.members.includes(member) || (role !== null && threshold.roles.includes(role));
};

/** Votes that count at `position`: their authors must still be entitled there. */
export const countingVotes = (log: Log, request: Request, position: number): Vote[] => request.votes.filter((vote) => mayVote(log, request.policy, request.requester, vote.member, position).allowed);

/** For each threshold how many approvals it has and needs. One vote may serve several. */
export const tally = (log: Log, request: Request, position = log.seq): { need: number; have: number; threshold: Threshold }[] => {
  const approvals = countingVotes(log, request, position).filter((vote) => vote.v === "approve");
  return request.policy.all.map((threshold) => ({ need: threshold.n, have: approvals.filter((vote) => inThreshold(log, threshold, vote.member, position)).length, threshold }));
};

export const isMet = (log: Log, request: Request, position = log.seq): boolean => tally(log, request, position).every(({ need, have }) => have >= need);

const decide = (log: Log, request: Request, context: ApprovalContext): void => {
  const rejections = countingVotes(log, request, context.position).filter((vote) => vote.v === "reject").length;
  const state = rejections >= request.policy.deny ? "rejected" : isMet(log, request, context.position) ? "approved" : "pending";
  if (state === "pending") return;
  request.state = state;
  request.decidedAt = context.time;
};

const onRequest: Handler<"approval.request"> = (log, doc, body, context) => {
  if (!may(log, context.member, "tools.use", context.position).allowed) return "not-allowed";
  const queue = docArgument(context.target) as QueueId;
  const policy = policyAt(log, context.position).queues.find((item) => item.id === queue);
  if (policy === undefined) return "no-such-queue";
  doc.requests.set(context.id, {
    id: context.id,
    queue,
    policy,
    requester: context.member,
    device: context.device,
    server: body.server,
    tool: body.tool,
    rule: body.rule,
    callHash: body.callHash,
    jwe: body.jwe,
    at: context.time,
    decideBy: context.time + Math.min(body.ttlMs, policy.decideMs),
    votes: [],
    state: "pending",
    decidedAt: null,
    result: null,
  });
  return undefined;
};

const refusedVote = (log: Log, request: Request, context: ApprovalContext): RejectCode | undefined => {
  if (request.state !== "pending") return "resolved";
  if (context.time > request.decideBy) return "expired";
  if (context.member === request.requester) return "own-request";
  if (!mayVote(log, request.policy, request.requester, context.member, context.position).allowed) return "not-approver";
  return request.votes.some((vote) => vote.member === context.member) ? "already-voted" : undefined;
};

const onVote: Handler<"approval.vote"> = (log, doc, body, context) => {
  const request = doc.requests.get(body.request);
  if (request === undefined || request.queue !== docArgument(context.target)) return "no-such-request";
  const refused = refusedVote(log, request, context);
  if (refused !== undefined) return refused;
  request.votes.push({ member: context.member, device: context.device, v: body.v, note: body.note, at: context.time });
  decide(log, request, context);
  return undefined;
};

const ownRequest = (doc: ApprovalDoc, id: Hash, context: ApprovalContext): Request | RejectCode => {
  const request = doc.requests.get(id);
  if (request === undefined || request.queue !== docArgument(context.target)) return "no-such-request";
  return request.requester === context.member ? request : "not-requester";
};

const onCancel: Handler<"approval.cancel"> = (_log, doc, body, context) => {
  const request = ownRequest(doc, body.request, context);
  if (typeof request === "string") return request;
  if (request.state !== "pending" && request.state !== "approved") return "resolved";
  request.state = "canceled";
  request.decidedAt = context.time;
  return undefined;
};

const onUsed: Handler<"approval.used"> = (_log, doc, body, context) => {
  const request = ownRequest(doc, body.request, context);
  if (typeof request === "string") return request;
  if (request.device !== context.device) return "not-requester";
  if (request.state === "used") return "resolved";
  if (request.state !== "approved") return "not-approved";
  request.state = "used";
  request.result = body.result;
  return undefined;
};

const handlers: { [K in Kind]?: Handler<K> } = { "approval.request": onRequest, "approval.vote": onVote, "approval.cancel": onCancel, "approval.used": onUsed };

export const isApprovalKind = (kind: Kind): boolean => Object.hasOwn(handlers, kind);

export const applyToApprovals = <K extends Kind>(log: Log, doc: ApprovalDoc, kind: K, raw: unknown, context: ApprovalContext): RejectCode | undefined => {
  const handler = handlers[kind] as Handler<K> | undefined;
  if (handler === undefined) return "wrong-doc";
  const body = (bodies[kind] as (value: unknown) => Body<K> | undefined)(raw);
  return body === undefined ? "malformed" : handler(log, doc, body, context);
};
