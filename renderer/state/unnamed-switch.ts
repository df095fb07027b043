/**
 * What a new choice for calls that no rule names changes in the rules too. A server that was added got that choice for
 * each of its tools, so its plain rules that say the same follow it; what was chosen otherwise stays. Pure.
 */
import type { Effect, PolicyChange, PolicyView, RuleView } from "#bridge/policy.ts";
import { isSame } from "#core/protocol/same.ts";

type Unnamed = PolicyView["unnamed"];

const DEFAULT_QUEUE = "approvers";
const effectOf = (policy: PolicyView, unnamed: Unnamed): Effect =>
  unnamed === "ask"
    ? {
        kind: "ask",
        queue: (policy.queues.find(({ id }) => id === DEFAULT_QUEUE) ?? policy.queues[0])?.id ?? DEFAULT_QUEUE,
      }
    : { kind: unnamed };

/** Plain rules of one server that say what unnamed calls get now. A refusal stays one whatever is chosen. */
const following = (policy: PolicyView): RuleView[] => {
  const now = effectOf(policy, policy.unnamed);
  return now.kind === "deny"
    ? []
    : policy.rules.filter(
        (rule) =>
          rule.server !== null &&
          rule.args.length === 0 &&
          rule.roles.length === 0 &&
          rule.problem === null &&
          isSame(rule.effect, now),
      );
};

export const switchUnnamed = (policy: PolicyView, to: Unnamed): PolicyChange[] => {
  const effect = effectOf(policy, to);
  const rules = to === "deny" ? [] : following(policy);
  return [
    { kind: "unnamed", unnamed: to },
    ...rules.map(({ id, server, tools, except, args, roles }): PolicyChange => ({
      kind: "rule",
      rule: { id, server, tools, except, args, roles, effect },
    })),
  ];
};

/** Names of the servers whose tools follow. */
export const followingServers = (policy: PolicyView, to: Unnamed): string[] => {
  const ids = new Set(to === "deny" ? [] : following(policy).map(({ server }) => server));
  return policy.servers.filter(({ id }) => ids.has(id)).map(({ name }) => name);
};
