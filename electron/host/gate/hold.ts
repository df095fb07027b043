/**
 * Where an asked call stands: a pure step from what was known to what is known now.
 *
 *   queued -> waiting -> approved -> used
 *   any of the first three -> rejected | canceled | expired | refused
 *
 * Every limit of time denies, and is measured on the own steady clock: a computer whose clock is set back, and a server
 * that dates a decision as it likes, extend nothing.
 */
import type { DeviceId } from "#core/protocol/ids.ts";
import { policyAt, roleOf } from "#core/rules/may.ts";
import { dateOf } from "#core/rules/time.ts";
import { countingVotes, isMet, tally } from "#core/rules/votes.ts";
import type { ReadLog, ReadRequest } from "#core/rules/read.ts";
import { told, type Told } from "#bridge/told.ts";
import type { Hold, HoldState } from "../store/holds.ts";
import { isSameFact } from "../store/facts.ts";
import { personOf } from "../people/names.ts";

export interface HoldFacts {
  readonly log: ReadLog;
  /** The request in the fold of the own lane, or undefined before the server's entry is here. */
  readonly request: ReadRequest | undefined;
  /** The request whose place this one takes after an edit, where the own lane has it. */
  readonly replaced: ReadRequest | undefined;
  /** The command that asked: on its way, taken, or refused, and why. */
  readonly sent:
    | { readonly state: "waiting" | "done" }
    | { readonly state: "refused"; readonly code: string; readonly why: Told };
  /** Steady time, ms. */
  readonly now: number;
  readonly serverNow: number;
  /** Words of the rejection, opened; undefined while they still have to be. */
  readonly reason: Told | null | undefined;
}

const FINAL: ReadonlySet<HoldState> = new Set(["rejected", "canceled", "expired", "refused", "used"]);
export const isFinal = (state: HoldState): boolean => FINAL.has(state);

export const nextHold = (hold: Hold, facts: HoldFacts): Hold => {
  if (isFinal(hold.state)) return hold;
  const { request, sent, now } = facts;
  if (request !== undefined) return withRequest({ ...started(hold, facts, request), reason: null }, request, facts);
  if (sent.state === "refused") return refused(hold, sent, facts);
  if (now > hold.decideBy) return { ...hold, state: "expired", reason: told("nobody-decided") };
  return sent.state === "waiting"
    ? { ...hold, state: "queued" }
    : hold.state === "queued"
      ? { ...hold, state: "waiting" }
      : hold;
};

/** Where the request before an edit was decided first, that decision stands: nothing asks around it. */
const refused = (hold: Hold, { code, why }: { readonly code: string; readonly why: Told }, facts: HoldFacts): Hold => {
  const { replaced } = facts;
  if (code !== "resolved" || replaced === undefined) return { ...hold, state: "refused", reason: why };
  // The server answers before its entries are folded here.
  if (replaced.state === "pending" || replaced.state === "approved") return hold;
  const decided = withRequest(hold, replaced, facts);
  return decided.state === "rejected" ? { ...decided, reason: told("decided-first", decided.reason) } : decided;
};

/** The time to decide begins when the server's entry for the request is first seen here. */
const started = (hold: Hold, { log, now }: HoldFacts, { policy, decideBy }: ReadRequest): Hold => {
  if (hold.expiresAt !== null) return hold;
  const expiresAt = dateOf(log, decideBy);
  // A hold past its limit while queued stays past it.
  if (now > hold.decideBy) return { ...hold, expiresAt };
  const by = now + policy.decideMs;
  return { ...hold, expiresAt, decideBy: by, useBy: by + policy.useMs };
};

/**
 * Whether the rung that decided has begun by the own clock too. It may ask other people, or fewer: a server that dates the
 * decision ahead would otherwise choose who is asked.
 */
const rungHasBegun = (hold: Hold, { policy, at, decidedAt }: ReadRequest, now: number): boolean => {
  const seenFor = now - (hold.decideBy - policy.decideMs);
  return policy.steps.every(({ afterMs }) => afterMs <= seenFor || at + afterMs > (decidedAt ?? at));
};

const withRequest = (hold: Hold, request: ReadRequest, facts: HoldFacts): Hold => {
  const counts = countsOf(facts, request);
  switch (request.state) {
    // An edited request is another call with votes of its own, and a practice request is never one that runs.
    case "canceled":
    case "replaced":
    case "practiced":
      return { ...hold, ...counts, state: "canceled" };
    case "used":
      return { ...hold, ...counts, state: "used" };
    case "rejected":
      // The words travel sealed. The standing turns only when they are open, so that whoever asked gets both at once.
      if (facts.reason === undefined) return hold;
      return {
        ...hold,
        ...counts,
        state: "rejected",
        decidedBy: decidersOf(facts.log, request, "reject"),
        reason: facts.reason,
      };
    case "pending":
      // Nothing of somebody who is out runs, and what they asked before is over when they come back.
      if (roleOf(facts.log, request.requester) === null)
        return { ...hold, ...counts, state: "refused", reason: told("asker-left") };
      if (facts.now > hold.decideBy || facts.serverNow > request.decideBy)
        return { ...hold, ...counts, state: "expired", reason: told("nobody-decided") };
      return { ...hold, ...counts, state: "waiting", reason: queueGone(facts.log, request) };
    case "approved":
      return approved({ ...hold, ...counts }, request, facts);
  }
};

/** Its approvers do not see it there any more, and the rules ask others by now. */
const queueGone = (log: ReadLog, { queue, policy }: ReadRequest): Told | null =>
  policyAt(log).queues.some(({ id }) => id === queue) ? null : told("asked-queue-removed", policy.name);

const approved = (hold: Hold, request: ReadRequest, { log, now }: HoldFacts): Hold => {
  const first = hold.state !== "approved";
  if (first && now > hold.decideBy) return { ...hold, state: "expired", reason: told("decided-too-late") };
  if (first && !rungHasBegun(hold, request, now)) return { ...hold, state: "waiting" };
  const useBy = first ? Math.min(hold.useBy, now + request.policy.useMs) : hold.useBy;
  if (now > useBy) return { ...hold, useBy, state: "expired", reason: told("approval-unused") };
  return { ...hold, useBy, state: "approved", decidedBy: decidersOf(log, request, "approve") };
};

/** Of the rung in force: a later one may ask fewer people, or more. */
const countsOf = ({ log, serverNow }: HoldFacts, request: ReadRequest): { votes: number; needed: number } => {
  const groups = tally(log, request, log.seq, Math.min(serverNow, request.decideBy));
  return {
    votes: groups.reduce((sum, { need, have }) => sum + Math.min(need, have), 0),
    needed: groups.reduce((sum, { need }) => sum + need, 0),
  };
};
const decidersOf = (log: ReadLog, request: ReadRequest, v: "approve" | "reject"): Told =>
  told(
    "deciders",
    request.votes.filter((vote) => vote.v === v).map((vote) => personOf(log, vote.member)),
  );

/** Whether the decision still stands when its votes are counted again at the newest position. */
export const stillMet = (log: ReadLog, request: ReadRequest): boolean =>
  request.state === "approved" && isMet(log, request) && countingVotes(log, request, log.seq).length > 0;

/** The same without what devices said that were given up since: one that was lost may have been in other hands before. */
export const metByOpenDevices = (log: ReadLog, request: ReadRequest): boolean =>
  stillMet(log, { ...request, votes: request.votes.filter(({ device }) => isOpen(log, device)) });

/** In force, or replaced by a key of the same machine that is. */
const isOpen = (log: ReadLog, id: DeviceId): boolean => {
  const heirs = [...log.devices.values()].filter(({ rotatedFrom }) => rotatedFrom === id);
  return log.devices.get(id)?.to === null || heirs.some((heir) => isOpen(log, heir.id));
};

/** Whether nothing of it changed. A field that is not compared here does not compile. */
export const isSame = (before: Hold, after: Hold): boolean =>
  before === after ||
  FIELDS.every((field) =>
    field === "reason" || field === "decidedBy"
      ? isSameFact(before[field], after[field])
      : before[field] === after[field],
  );
const COMPARED: { readonly [K in keyof Hold]: true } = {
  call: true,
  wid: true,
  request: true,
  replaces: true,
  queue: true,
  callHash: true,
  salt: true,
  launch: true,
  schema: true,
  decideBy: true,
  useBy: true,
  state: true,
  votes: true,
  needed: true,
  expiresAt: true,
  decidedBy: true,
  reason: true,
  enclosed: true,
};
const FIELDS = Object.keys(COMPARED) as (keyof Hold)[];
