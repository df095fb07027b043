/**
 * How many requests one person may have open, and how fast they may ask. A card costs everybody who may decide it a look
 * and a notice, so a flood of them is an attack on attention: nobody sees the one that matters among a hundred.
 *
 * Queue and lane count apart. A lane holds what its person asked in every queue, so its number is the one for all of them.
 */
import { affords, ASKS, spend, unitsOf } from "./budget.ts";
import type { Hash, MemberId } from "../protocol/ids.ts";
import type { RejectCode } from "../facts/reject.ts";
import type { ReadApprovalDoc, ReadRequest } from "./read.ts";
import type { ApprovalDoc, RequestState } from "./state.ts";

/** Open requests of one person in one queue, and in all queues together. */
export const WAITING_MAX = 10;
export const WAITING_IN_ALL_MAX = 20;

export type RequestStanding = RequestState | "expired" | "lapsed";
export const standing = (request: ReadRequest, now: number): RequestStanding => {
  if (request.state === "pending") return now > request.decideBy ? "expired" : "pending";
  if (request.state === "approved" && request.decidedAt !== null)
    return now > request.decidedAt + request.policy.useMs ? "lapsed" : "approved";
  return request.state;
};

const mayWait = (doc: ReadApprovalDoc): number => (doc.doc.startsWith("lane:") ? WAITING_IN_ALL_MAX : WAITING_MAX);

/** Requests of that person in this document that somebody can still decide. */
export const waitingOf = (doc: ReadApprovalDoc, member: MemberId, time: number): Hash[] =>
  (doc.waiting.get(member) ?? []).filter((id) => {
    const request = doc.requests.get(id);
    return request !== undefined && standing(request, time) === "pending";
  });

/** Why that person may not ask now. An edit takes the place of what it replaces. */
export const asksTooMuch = (
  doc: ReadApprovalDoc,
  member: MemberId,
  replaces: Hash | null,
  size: number,
  time: number,
): RejectCode | undefined => {
  const others = waitingOf(doc, member, time).filter((id) => id !== replaces);
  if (others.length >= mayWait(doc)) return "too-many-waiting";
  return sealsTooMuch(doc, member, size, time);
};
/** Why that person may not put so much sealed text into this document now. */
export const sealsTooMuch = (
  doc: ReadApprovalDoc,
  member: MemberId,
  size: number,
  time: number,
): RejectCode | undefined => (affords(doc, ASKS, member, unitsOf(size), time) ? undefined : "asked-too-often");
export const sealed = (doc: ApprovalDoc, member: MemberId, size: number, time: number): void =>
  spend(doc, ASKS, member, unitsOf(size), time);

/** Counts a request that is about to stand in the document. */
export const asked = (
  doc: ApprovalDoc,
  member: MemberId,
  { id, replaces }: { readonly id: Hash; readonly replaces: Hash | null },
  size: number,
  time: number,
): void => {
  doc.waiting.set(member, [...waitingOf(doc, member, time).filter((other) => other !== replaces), id]);
  sealed(doc, member, size, time);
};
