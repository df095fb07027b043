/**
 * What happens to the tools of one server, as few rules. A plain rule speaks about tools whatever their arguments and
 * whoever asks. One of them may be the server's default, for every tool but the exceptions; each other effect is one rule
 * that names its tools. So a server with two hundred tools is a handful of rules, and fits into one signed act.
 */
import type { Rule, RuleEffect } from "#core/protocol/command.ts";
import type { ServerId } from "#core/protocol/ids.ts";
import type { Effect } from "#bridge/policy.ts";
import { random22 } from "#node/crypto.ts";

export const isPlain = (rule: Rule, server: ServerId): boolean =>
  rule.server === server && rule.args.length === 0 && rule.roles.length === 0;
const isDefault = (rule: Rule, server: ServerId): boolean => isPlain(rule, server) && rule.except;

const STRENGTH = { allow: 0, confirm: 1, ask: 2, deny: 3 } as const;
export const effectKey = (effect: Effect): string => (effect.kind === "ask" ? `ask ${effect.queue}` : effect.kind);
const ruleOf = (server: ServerId, tools: string[], except: boolean, effect: Effect): Rule => ({
  id: random22(),
  server,
  tools,
  except,
  args: [],
  roles: [],
  effect: effect as RuleEffect,
});

/** Rules of a new server: what most of its tools get is the default, and of two equally frequent the stricter. */
export const rulesFor = (server: ServerId, effects: Readonly<Record<string, Effect>>): Rule[] => {
  const groups = new Map<string, { effect: Effect; tools: string[] }>();
  for (const [tool, effect] of Object.entries(effects)) {
    const group = groups.get(effectKey(effect)) ?? { effect, tools: [] };
    group.tools.push(tool);
    groups.set(effectKey(effect), group);
  }
  const [most, ...others] = [...groups.values()].toSorted(
    (a, b) => b.tools.length - a.tools.length || STRENGTH[b.effect.kind] - STRENGTH[a.effect.kind],
  );
  if (most === undefined) return [];
  return [
    ruleOf(
      server,
      others.flatMap(({ tools }) => tools),
      true,
      most.effect,
    ),
    ...others.map(({ tools, effect }) => ruleOf(server, tools, false, effect)),
  ];
};

/** The rules with these effects for tools of a server. Rules with conditions or roles stay as they are. */
export const withEffects = (
  rules: readonly Rule[],
  server: ServerId,
  effects: Readonly<Record<string, Effect>>,
): Rule[] => {
  const tools = Object.keys(effects);
  const without = rules.map((rule) =>
    isPlain(rule, server) && !rule.except
      ? { ...rule, tools: rule.tools.filter((tool) => !tools.includes(tool)) }
      : rule,
  );
  const defaults = without.filter((rule) => isDefault(rule, server));
  /** A tool that gets what the default says needs no words of its own; where there are several defaults it must be taken out of each. */
  const asDefault = (tool: string): boolean =>
    defaults.length === 1 && effectKey(effects[tool] as Effect) === effectKey((defaults[0] as Rule).effect);
  const excepted = without.map((rule) => {
    if (!isDefault(rule, server)) return rule;
    const kept = rule.tools.filter((tool) => !tools.includes(tool));
    return { ...rule, tools: [...kept, ...tools.filter((tool) => !asDefault(tool))] };
  });
  return tools
    .filter((tool) => !asDefault(tool))
    .reduce((next, tool) => named(next, server, tool, effects[tool] as Effect), excepted)
    .filter((rule) => rule.except || rule.tools.length > 0);
};

const named = (rules: readonly Rule[], server: ServerId, tool: string, effect: Effect): Rule[] => {
  const group = rules.find(
    (rule) => isPlain(rule, server) && !rule.except && effectKey(rule.effect) === effectKey(effect),
  );
  if (group === undefined) return [...rules, ruleOf(server, [tool], false, effect)];
  return rules.map((rule) => (rule === group ? { ...rule, tools: [...rule.tools, tool] } : rule));
};
