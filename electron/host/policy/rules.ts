/** Rules by tool, arguments and role: what the log says, and "which rule decides?". */
import { why } from "#core/facts/why.ts";
import type { RoleId, ServerId } from "#core/protocol/ids.ts";
import { may, policyAt, policyPosition } from "#core/rules/may.ts";
import type { PolicyView, RuleFinding } from "#bridge/policy.ts";
import { ruleFact } from "#core/rules/rule-fact.ts";
import { linksOf } from "../gate/links.ts";
import { findingFact, tryOut } from "../gate/match.ts";
import { rejected } from "../seams.ts";
import { queueViews } from "./catalogue.ts";
import type { Live } from "#client/live.ts";
import { nameOf } from "../people/names.ts";
import { removedQueues } from "./queue-removal.ts";
import { ruleProblem } from "./rule-judge.ts";
import type { Schemas } from "./rule-judge.ts";
import { othersWhoDecide } from "./unnamed.ts";

export const policyView = (live: Live, schemas: Schemas): PolicyView => {
  const { log, me, wid } = live;
  const policy = policyAt(log);
  return {
    wid,
    base: policyPosition(log),
    mayEdit: may(log, me, "policy.edit"),
    unnamed: policy.unnamed,
    others: othersWhoDecide(live).map((member) => nameOf(log, member)),
    rules: policy.rules.map((rule) => ({
      ...rule,
      args: rule.args.map((condition) => ({ ...condition })),
      roles: [...rule.roles],
      told: why("rule", ruleFact(log, policy, rule)),
      problem: ruleProblem(log, rule, schemas),
    })),
    queues: queueViews(live),
    removedQueues: removedQueues(log),
    servers: [...log.servers.values()].map(({ id, name, tools }) => ({
      id,
      name,
      tools: tools.map((tool) => tool.name),
    })),
  };
};

/** What the gate would find for these arguments, by the same function. */
export const tryRules = (
  { log }: Live,
  asked: { readonly server: string; readonly tool: string; readonly role: string; readonly args: string },
): RuleFinding => {
  if (!log.servers.has(asked.server as ServerId)) throw rejected("no-such-server");
  if (!log.roles.has(asked.role as RoleId)) throw rejected("no-such-role");
  const policy = policyAt(log);
  const { found, fitting } = tryOut(policy, {
    ...asked,
    role: asked.role as RoleId,
    links: linksOf(log, asked.server),
  });
  return {
    effect: found.effect,
    why: findingFact(log, policy, found, asked.tool),
    rule: found.rule?.id ?? null,
    fitting: fitting.map((rule) => why("rule", ruleFact(log, policy, rule))),
  };
};
