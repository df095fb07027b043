/** Taking a queue out of the policy: what stands in the way, what follows from it, and the command. */
import { told } from "#bridge/told.ts";
import type { Told } from "#bridge/told.ts";
import { why } from "#core/facts/why.ts";
import { standing } from "#core/rules/waiting.ts";
import type { QueueId } from "#core/protocol/ids.ts";
import { may, policyAt, policyPosition, queuesEver } from "#core/rules/may.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Policy } from "#core/rules/state.ts";
import type { QueueRemoval } from "#bridge/policy.ts";
import type { Verdict } from "#bridge/answer.ts";
import { ruleFact } from "#core/rules/rule-fact.ts";
import { fallback } from "../gate/match.ts";
import { rejected } from "../seams.ts";
import { requestsOf } from "#client/docs/requests.ts";
import type { Live } from "#client/live.ts";

const no = (because: Told): Verdict => ({ allowed: false, why: because });

const askedBy = (policy: Policy, id: string): Policy["rules"] =>
  policy.rules.filter(({ effect }) => effect.kind === "ask" && effect.queue === (id as QueueId));

const verdict = ({ log, me }: Live, policy: Policy, id: string, others: Policy["queues"]): Verdict => {
  const right = may(log, me, "policy.edit");
  if (!right.allowed) return right;
  if (others.length === 0) return no(told("queue.last"));
  const rules = askedBy(policy, id).length;
  return rules === 0 ? right : no(told("queue.asked", rules));
};

/** Whether a queue may be taken out of a policy, and which then stay. Throws where there is no such queue. */
export const removable = (
  live: Live,
  policy: Policy,
  id: string,
): { readonly can: Verdict; readonly others: Policy["queues"] } => {
  const others = policy.queues.filter((queue) => queue.id !== id);
  if (others.length === policy.queues.length) throw rejected("no-such-queue");
  return { can: verdict(live, policy, id, others), others };
};

export const queueRemoval = (live: Live, id: string): QueueRemoval => {
  const { log } = live;
  const policy = policyAt(log);
  const { can, others } = removable(live, policy, id);
  const now = live.serverNow();
  return {
    base: policyPosition(log),
    can,
    rules: askedBy(policy, id).map((rule) => why("rule", ruleFact(log, policy, rule))),
    waiting: requestsOf(live).filter((request) => request.queue === id && standing(request, now) === "pending").length,
    instead: fallback(policy).id === id && others.length > 0 ? fallback({ ...policy, queues: others }).name : null,
  };
};

/** Queues that the policy has no more; their names stand in the audit, and their ids are not given again. */
export const removedQueues = (log: ReadLog): { readonly id: string; readonly name: string }[] => {
  const now = new Set(policyAt(log).queues.map(({ id }) => id));
  return queuesEver(log)
    .filter(({ id }) => !now.has(id))
    .map(({ id, name }) => ({ id, name }));
};
