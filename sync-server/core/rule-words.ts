/** A rule of the policy as a sentence for a person: on a card, in the list of rules, and in the audit. */
import type { Rule, RuleEffect } from "./command.ts";
import { roleNamed } from "./may.ts";
import type { Log, Policy } from "./state.ts";

const OP_WORDS = { equals: "is", under: "is under", "host-in": "has a host in", "at-most": "is at most", matches: "matches" } as const;

export const ruleWords = (log: Log, policy: Policy, rule: Rule): string => {
  const server = rule.server === null ? "every server" : (log.servers.get(rule.server)?.name ?? "a removed server");
  const what = rule.tool === null ? `Every tool of ${server}` : `${rule.tool} of ${server}`;
  const where = rule.args.map(({ path, op, value }) => `${path} ${OP_WORDS[op]} ${value}`).join(" and ");
  const who = rule.roles.map((role) => roleNamed(log, role)?.name ?? role).join(" or ");
  const does = rule.effect.kind === "allow" ? "runs without asking" : rule.effect.kind === "deny" ? "is never run" : `asks ${queueAsked(policy, rule.effect)}`;
  return `${what}${who === "" ? "" : ` for ${who}`} ${does}${where === "" ? "" : ` when ${where}`}.`;
};

export const queueAsked = (policy: Policy, effect: RuleEffect): string => policy.queues.find((queue) => effect.kind === "ask" && queue.id === effect.queue)?.name ?? "approvers";
