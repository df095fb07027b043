/** Rules by tool, arguments and role: what the log says, the commands that change it, and "which rule decides?". */
import type { Rule, RuleEffect } from "#core/command.ts";
import type { RoleId, ServerId } from "#core/ids.ts";
import { may, policyAt, policyPosition } from "#core/may.ts";
import { REJECTS } from "#core/reject.ts";
import type { Log } from "#core/state.ts";
import { ruleWords } from "#core/rule-words.ts";
import type { PolicyView, RuleFinding, RuleText } from "#bridge/views.ts";
import { conditionProblem } from "../gate/conditions.ts";
import { linksOf } from "../gate/links.ts";
import { findingWords, tryOut } from "../gate/match.ts";
import { Refusal } from "../seams.ts";
import { queueViews, setPolicy, stillThe } from "./catalogue.ts";
import { random22 } from "./crypto.ts";
import type { Live } from "./live.ts";
import { needs } from "./needs.ts";
import { removedQueues } from "./queue-removal.ts";

const NO_SUCH_RULE = "There is no such rule. Somebody may have removed it.";

export const policyView = (live: Live): PolicyView => {
  const { log, me, wid } = live;
  const policy = policyAt(log);
  return {
    wid,
    base: policyPosition(log),
    mayEdit: may(log, me, "policy.edit"),
    unnamed: policy.unnamed,
    rules: policy.rules.map((rule) => ({ ...rule, args: rule.args.map((condition) => ({ ...condition })), roles: [...rule.roles], words: ruleWords(log, policy, rule) })),
    queues: queueViews(live),
    removedQueues: removedQueues(log),
    servers: [...log.servers.values()].map(({ id, name, tools }) => ({ id, name, tools: tools.map((tool) => tool.name) })),
  };
};

/** Replaces the rule of that id, or adds one where there is none. */
export const setRule = async (live: Live, given: RuleText, base: number): Promise<void> => {
  needs(may(live.log, live.me, "policy.edit"));
  stillThe(live, base);
  if (given.id !== null) known(live.log, given.id);
  const problem = unknownName(live.log, given) ?? given.args.map(conditionProblem).find((found) => found !== null);
  if (problem !== undefined && problem !== null) throw new Refusal("bad-rule", problem);
  const rule: Rule = { id: given.id ?? random22(), server: given.server as ServerId | null, tools: given.tools, except: given.except, args: given.args, roles: given.roles as RoleId[], effect: given.effect as RuleEffect };
  const { rules } = policyAt(live.log);
  await setPolicy(live, { rules: given.id === null ? [...rules, rule] : rules.map((each) => (each.id === rule.id ? rule : each)) });
};

export const removeRule = async (live: Live, id: string, base: number): Promise<void> => {
  needs(may(live.log, live.me, "policy.edit"));
  stillThe(live, base);
  known(live.log, id);
  await setPolicy(live, { rules: policyAt(live.log).rules.filter((rule) => rule.id !== id) });
};

const known = (log: Log, id: string): void => {
  if (!policyAt(log).rules.some((rule) => rule.id === id)) throw new Refusal("no-such-rule", NO_SUCH_RULE);
};

/** A rule that names something unknown would silently never fit. */
const unknownName = (log: Log, { server, tools, except, roles, effect }: RuleText): string | undefined => {
  const found = server === null ? undefined : log.servers.get(server as ServerId);
  if (server !== null && found === undefined) return REJECTS["no-such-server"];
  if (tools.length === 0 && !except) return "Choose a tool. This rule would speak about none.";
  if (tools.length > 0 && found === undefined) return "Choose the server of this tool.";
  const missing = tools.find((tool) => found?.tools.some(({ name }) => name === tool) === false);
  if (missing !== undefined && found !== undefined) return `${found.name} has no tool named ${missing}.`;
  if (roles.some((role) => !log.roles.has(role as RoleId))) return REJECTS["no-such-role"];
  return effect.kind === "ask" && !policyAt(log).queues.some(({ id }) => id === effect.queue) ? REJECTS["no-such-queue"] : undefined;
};

/** What the gate would find for these arguments, by the same function. */
export const tryRules = ({ log }: Live, asked: { readonly server: string; readonly tool: string; readonly role: string; readonly args: string }): RuleFinding => {
  if (!log.servers.has(asked.server as ServerId)) throw new Refusal("no-such-server", REJECTS["no-such-server"]);
  if (!log.roles.has(asked.role as RoleId)) throw new Refusal("no-such-role", REJECTS["no-such-role"]);
  const policy = policyAt(log);
  const { found, fitting } = tryOut(policy, { ...asked, role: asked.role as RoleId, links: linksOf(log, asked.server) });
  return { effect: found.effect, words: findingWords(log, policy, found, asked.tool), rule: found.rule?.id ?? null, fitting: fitting.map((rule) => ruleWords(log, policy, rule)) };
};
