/**
 * Somebody stands in for an approver until a date. One delegate a person, and nothing is handed on: the delegate's own
 * right to decide is needed beside the delegator's. What was cast while it held stays cast.
 */
import { DAY } from "../protocol/command.ts";
import { refusedTo } from "./context.ts";
import type { Handler } from "./context.ts";
import type { MemberId } from "../protocol/ids.ts";
import { roleOf } from "./may.ts";
import { at } from "./state.ts";
import type { Log } from "./state.ts";

export const DELEGATION_MAX = 90 * DAY;

export const onDelegate: Handler<"approval.delegate"> = (log, body, context) => {
  const refused = refusedTo(log, context, "approvals.decide");
  if (refused !== undefined) return refused;
  if (body.to === context.member) return "own-delegate";
  if (roleOf(log, body.to) === null) return "no-such-member";
  if (body.until <= context.time || body.until > context.time + DELEGATION_MAX) return "bad-end";
  const history = log.delegations.get(context.member) ?? [];
  history.push([context.seq, { to: body.to, until: body.until }]);
  log.delegations.set(context.member, history);
  return undefined;
};

export const onUndelegate: Handler<"approval.undelegate"> = (log, _body, context) =>
  endDelegation(log, context.member, context.seq) ? undefined : "stale";

/** Nobody stands in for `member` from `seq` on; false where nobody did. */
export const endDelegation = (log: Log, member: MemberId, seq: number): boolean => {
  const history = log.delegations.get(member);
  if (history === undefined || (at(history, log.seq) ?? null) === null) return false;
  history.push([seq, null]);
  return true;
};
