/**
 * Rules of the approval documents. The policy of the queue is copied onto the request at its position; the first
 * threshold that is reached decides, and nothing after that has an effect.
 *
 *   pending -> approved | rejected | canceled | replaced | expired        approved -> used | canceled | replaced | lapsed
 *   of a practice request: pending -> practiced | rejected | canceled | replaced | expired
 *
 * `expired` and `lapsed` are questions of time and therefore derived, never stored: see waiting.ts.
 */
import type { Body, Kind } from "../protocol/command.ts";
import { docArgument } from "../protocol/ids.ts";
import type { DocName, Hash, MemberId, QueueId } from "../protocol/ids.ts";
import { isSameDevice, policyAt, refusal, votersBehind } from "./may.ts";
import { refusedTo } from "./context.ts";
import type { Context } from "./context.ts";
import type { RejectCode } from "../facts/reject.ts";
import type { ReadLog } from "./read.ts";
import type { ApprovalDoc, Request } from "./state.ts";
import { isMet, rejections } from "./votes.ts";
import { asked, asksTooMuch, sealed, sealsTooMuch } from "./waiting.ts";

/** `id` is the hash of the command; `target` the queue document that the command names. */
export interface ApprovalContext extends Context {
  readonly id: Hash;
  readonly target: DocName;
}
type Handler<K extends Kind> = (
  log: ReadLog,
  doc: ApprovalDoc,
  body: Body<K>,
  context: ApprovalContext,
) => RejectCode | undefined;

const decide = (log: ReadLog, request: Request, context: ApprovalContext): void => {
  const rejected = rejections(log, request, context.position, context.time) >= request.policy.deny;
  if (!rejected && !isMet(log, request, context.position, context.time)) return;
  // A practice request is never "approved", so that no code that waits for that word can run it.
  request.state = rejected ? "rejected" : request.practice ? "practiced" : "approved";
  request.decidedAt = context.time;
};

/** The request that an edit replaces. Only the device that asked knows whether its call has begun. */
const replacedBy = (log: ReadLog, doc: ApprovalDoc, id: Hash, context: ApprovalContext): Request | RejectCode => {
  const request = ownRequest(doc, id, context);
  if (typeof request === "string") return request;
  if (!isSameDevice(log, request.device, context.device)) return "not-requester";
  return request.state === "pending" || request.state === "approved" ? request : "resolved";
};

const onRequest: Handler<"approval.request"> = (log, doc, body, context) => {
  const refused = refusedTo(log, context, "tools.use");
  if (refused !== undefined) return refused;
  const queue = docArgument(context.target) as QueueId;
  const policy = policyAt(log, context.position).queues.find((item) => item.id === queue);
  if (policy === undefined) return "no-such-queue";
  if (body.practice && !policy.practice) return "no-practice";
  const before = body.replaces === null ? null : replacedBy(log, doc, body.replaces, context);
  if (typeof before === "string") return before;
  const tooMuch = asksTooMuch(doc, context.member, body.replaces, context.size, context.time);
  if (tooMuch !== undefined) return tooMuch;
  asked(doc, context.member, { id: context.id, replaces: body.replaces }, context.size, context.time);
  if (before !== null) {
    before.state = "replaced";
    before.decidedAt = context.time;
    before.replacedBy = context.id;
  }
  doc.requests.set(context.id, {
    id: context.id,
    queue,
    doc: context.target,
    policy,
    requester: context.member,
    device: context.device,
    server: body.server,
    tool: body.tool,
    rule: body.rule,
    callHash: body.callHash,
    jwe: body.jwe,
    copies: [],
    practice: body.practice,
    replaces: body.replaces,
    replacedBy: null,
    at: context.time,
    decideBy: context.time + Math.min(body.ttlMs, policy.decideMs),
    votes: [],
    state: "pending",
    decidedAt: null,
    result: null,
  });
  return undefined;
};

/** The people for whom this vote is new, or why it is refused. */
const votesFor = (log: ReadLog, request: Request, context: ApprovalContext): readonly MemberId[] | RejectCode => {
  if (request.state !== "pending") return "resolved";
  if (context.time > request.decideBy) return "expired";
  if (context.member === request.requester && !request.practice) return "own-request";
  const people = votersBehind(log, request, context.member, context.position, context.time);
  if (people.length === 0)
    return refusal(log, context.member, "approvals.decide", { request, time: context.time }, context.position) ===
      "not-independent"
      ? "not-independent"
      : "not-approver";
  if (request.votes.some((vote) => vote.by === context.member)) return "already-voted";
  const open = people.filter((member) => !request.votes.some((vote) => vote.member === member));
  return open.length === 0 ? "already-voted" : open;
};

const onVote: Handler<"approval.vote"> = (log, doc, body, context) => {
  const request = requestIn(doc, body.request, context);
  if (request === undefined) return "no-such-request";
  // A phone's yes needs a proof of its own, which nothing makes yet.
  if (log.devices.get(context.device)?.kind === "phone" && (body.v === "approve" || request.policy.phone === "none"))
    return "not-served";
  const people = votesFor(log, request, context);
  if (typeof people === "string") return people;
  for (const member of people)
    request.votes.push({
      member,
      by: context.member,
      device: context.device,
      v: body.v,
      note: body.note,
      at: context.time,
    });
  decide(log, request, context);
  return undefined;
};

const requestIn = (doc: ApprovalDoc, id: Hash, context: ApprovalContext): Request | undefined => {
  const request = doc.requests.get(id);
  return request?.doc === context.target ? request : undefined;
};

const ownRequest = (doc: ApprovalDoc, id: Hash, context: ApprovalContext): Request | RejectCode => {
  const request = requestIn(doc, id, context);
  if (request === undefined) return "no-such-request";
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

/** Enough for the people who join a queue while a request waits, and little enough to keep in memory. */
export const COPIES_MAX = 4;

const onRewrap: Handler<"approval.rewrap"> = (log, doc, body, context) => {
  const request = ownRequest(doc, body.request, context);
  if (typeof request === "string") return request;
  if (!isSameDevice(log, request.device, context.device)) return "not-requester";
  if (request.state !== "pending") return "resolved";
  if (context.time > request.decideBy) return "expired";
  if (request.copies.length >= COPIES_MAX) return "too-many";
  const tooMuch = sealsTooMuch(doc, context.member, context.size, context.time);
  if (tooMuch !== undefined) return tooMuch;
  sealed(doc, context.member, context.size, context.time);
  request.copies.push(body.jwe);
  return undefined;
};

const onUsed: Handler<"approval.used"> = (log, doc, body, context) => {
  const request = ownRequest(doc, body.request, context);
  if (typeof request === "string") return request;
  if (!isSameDevice(log, request.device, context.device)) return "not-requester";
  if (request.state === "used") return "resolved";
  if (request.state !== "approved") return "not-approved";
  request.state = "used";
  request.result = body.result;
  return undefined;
};

const handlers: { [K in Kind]?: Handler<K> } = {
  "approval.request": onRequest,
  "approval.vote": onVote,
  "approval.cancel": onCancel,
  "approval.rewrap": onRewrap,
  "approval.used": onUsed,
};

export const isApprovalKind = (kind: Kind): boolean => Object.hasOwn(handlers, kind);

export const applyToApprovals = <K extends Kind>(
  log: ReadLog,
  doc: ApprovalDoc,
  kind: K,
  raw: unknown,
  context: ApprovalContext,
): RejectCode | undefined => {
  const handler = handlers[kind] as Handler<K> | undefined;
  if (handler === undefined) return "wrong-doc";
  const body = context.build.bodies[kind]?.(raw) as Body<K> | undefined;
  return body === undefined ? "malformed" : handler(log, doc, body, context);
};
