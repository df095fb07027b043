/** A rule of the policy as a sentence, as audits of format 1 write it. Frozen: see `words.ts`. */
import type { Rule, RuleEffect } from "../../protocol/command.ts";
import { roleNamed } from "../../rules/may.ts";
import type { ReadLog } from "../../rules/read.ts";
import type { Policy } from "../../rules/state.ts";

const OP_WORDS = {
  equals: "is",
  under: "is under",
  "host-in": "has a host in",
  "at-most": "is at most",
  matches: "matches",
} as const;

/** `tool` where the rule is told of one call: a long list then says no more than its name. */
export const ruleWords = (log: ReadLog, policy: Policy, rule: Rule, tool: string | null = null): string => {
  const server = rule.server === null ? "every server" : (log.servers.get(rule.server)?.name ?? "a removed server");
  const what = `${tool !== null && rule.tools.length > 0 ? tool : toolsNamed(rule)} of ${server}`;
  const where =
    rule.args.map(({ path, op, value }) => `${path} ${OP_WORDS[op]} ${value}`).join(" and ") + unseenLinks(log, rule);
  const who = rule.roles.map((role) => roleNamed(log, role)?.name ?? role).join(" or ");
  const does = DOES[rule.effect.kind] ?? `asks ${queueAsked(policy, rule.effect)}`;
  return `${what}${who === "" ? "" : ` for ${who}`} ${does}${where === "" ? "" : ` when ${where}`}.`;
};

/** A link under a folder may lead out of it, and only on the server's own computer can that be seen. */
const unseenLinks = (log: ReadLog, { server, args }: Rule): string => {
  const elsewhere = server !== null && log.servers.get(server)?.launch.kind === "http";
  return elsewhere && args.some(({ op }) => op === "under") ? " (links on that computer are not followed)" : "";
};

const DOES: { readonly [K in RuleEffect["kind"]]?: string } = {
  allow: "runs without asking",
  confirm: "is confirmed by whoever runs it",
  deny: "is never run",
};

/** A long list is counted, so that a rule stays one line. */
const NAMED_MAX = 3;
const toolsNamed = ({ tools, except }: Rule): string => {
  if (tools.length === 0) return "Every tool";
  const list = tools.length > NAMED_MAX ? `${tools.length} tools` : tools.join(" or ");
  return except ? `Every tool but ${list}` : tools.length > NAMED_MAX ? `One of ${list}` : list;
};

export const queueAsked = (policy: Policy, effect: RuleEffect): string =>
  policy.queues.find((queue) => effect.kind === "ask" && queue.id === effect.queue)?.name ?? "approvers";
