/**
 * What a change of the policy would do, before it is signed. Pure: it asks the same `evaluate` as every call, of both
 * policies, for each tool and each role, whatever the arguments. Rules with conditions cannot be counted like that, since
 * arguments are without number: they are named apart, and judged so that no call ever gets easier without a word of it.
 */
import type { QueuePolicy, Rule, RuleEffect } from "#core/protocol/command.ts";
import type { RoleId } from "#core/protocol/ids.ts";
import type { Policy } from "#core/rules/state.ts";
import { evaluate, names, needed, STRENGTH, unnamedEffect } from "./match.ts";
import type { Asked, Found } from "./match.ts";
import { isSame } from "#core/protocol/same.ts";

export interface ToolPlace {
  readonly server: string;
  readonly tool: string;
}
/** The same change for the same roles, of one or more tools. */
export interface Change {
  readonly from: RuleEffect;
  readonly to: RuleEffect;
  readonly tools: readonly ToolPlace[];
  readonly roles: readonly RoleId[];
}
export interface Conditional {
  readonly how: "new" | "changed" | "removed";
  /** As it will be, or as it was where it is removed. */
  readonly rule: Rule;
}
/** What makes it easier to get a yes from a queue. */
export type Ease = "fewer" | "others" | "steps" | "one-for-two" | "independent" | "rejections" | "longer";
export interface QueueChange {
  readonly how: "new" | "changed" | "removed";
  readonly queue: QueuePolicy;
  readonly eases: readonly Ease[];
  /** Something makes it harder. */
  readonly harder: boolean;
  /** Tools that ask it, for any role, once the change holds. */
  readonly tools: number;
}
export interface Preview {
  /** Most tools first. */
  readonly changes: readonly Change[];
  readonly conditional: readonly Conditional[];
  readonly queues: readonly QueueChange[];
  readonly unnamed: { readonly from: RuleEffect; readonly to: RuleEffect } | null;
  /** Some call gets, or may get, an effect that asks for less. */
  readonly loosens: boolean;
  readonly tightens: boolean;
  /** Nothing would stand in the policy that does not stand there now. */
  readonly same: boolean;
}

export const effectKey = (effect: RuleEffect): string => (effect.kind === "ask" ? `ask ${effect.queue}` : effect.kind);

export const previewOf = (
  before: Policy,
  after: Policy,
  tools: readonly ToolPlace[],
  roles: readonly RoleId[],
): Preview => {
  const changes = changesOf(before, after, tools, roles);
  const conditional = conditionalOf(before, after);
  const queues = queuesOf(before, after, tools, roles);
  const unnamed =
    effectKey(unnamedEffect(before)) === effectKey(unnamedEffect(after))
      ? null
      : { from: unnamedEffect(before), to: unnamedEffect(after) };
  const all = [
    ...tools.flatMap((place) =>
      roles.flatMap((role) => ways(before, after, conditional, { ...place, role, args: null })),
    ),
    ...queues.flatMap(({ eases, harder }) => [...(eases.length > 0 ? [-1] : []), ...(harder ? [1] : [])]),
    ...(unnamed === null ? [] : [weight(after, unnamed.to) - weight(before, unnamed.from)]),
  ];
  return {
    changes,
    conditional,
    queues,
    unnamed,
    loosens: all.some((way) => way < 0),
    tightens: all.some((way) => way > 0),
    same: textOf(before) === textOf(after),
  };
};

/** Comparable over two policies: what asks for more weighs more. */
const weight = (policy: Policy, effect: RuleEffect): number =>
  STRENGTH[effect.kind] + (effect.kind === "ask" ? Math.min(needed(policy, effect), 500) / 1_000 : 0);

const changesOf = (before: Policy, after: Policy, tools: readonly ToolPlace[], roles: readonly RoleId[]): Change[] => {
  const groups = new Map<string, { from: RuleEffect; to: RuleEffect; tools: ToolPlace[]; roles: readonly RoleId[] }>();
  for (const place of tools) {
    for (const { from, to, roles: of } of changesAt(before, after, place, roles)) {
      const key = JSON.stringify([effectKey(from), effectKey(to), of]);
      const group = groups.get(key) ?? { from, to, tools: [], roles: of };
      group.tools.push(place);
      groups.set(key, group);
    }
  }
  return [...groups.values()].toSorted((a, b) => b.tools.length - a.tools.length);
};

/** One tool: each other effect, with the roles that get it. */
const changesAt = (
  before: Policy,
  after: Policy,
  place: ToolPlace,
  roles: readonly RoleId[],
): { from: RuleEffect; to: RuleEffect; roles: RoleId[] }[] => {
  const found = new Map<string, { from: RuleEffect; to: RuleEffect; roles: RoleId[] }>();
  for (const role of roles) {
    const [from, to] = [before, after].map((policy) => evaluate(policy, { ...place, role, args: null }).effect) as [
      RuleEffect,
      RuleEffect,
    ];
    const key = JSON.stringify([effectKey(from), effectKey(to)]);
    if (effectKey(from) === effectKey(to)) continue;
    const change = found.get(key) ?? { from, to, roles: [] };
    change.roles.push(role);
    found.set(key, change);
  }
  return [...found.values()];
};

// ---- rules with conditions ----------------------------------------------------------------------

const ruleText = ({ id: _id, ...rule }: Rule): string =>
  JSON.stringify({ ...rule, tools: rule.tools.toSorted(), roles: rule.roles.toSorted() });
const textOf = ({ unnamed, rules, queues }: Policy): string =>
  JSON.stringify([unnamed, [...new Set(rules.map(ruleText))].toSorted(), queues]);

const conditionalOf = (before: Policy, after: Policy): Conditional[] => {
  const [was, is] = [before, after].map(({ rules }) => rules.filter(({ args }) => args.length > 0)) as [Rule[], Rule[]];
  const stays = new Set(was.map(ruleText));
  const kept = new Set(is.map(ruleText));
  return [
    ...is
      .filter((rule) => !stays.has(ruleText(rule)))
      .map((rule): Conditional => ({ how: was.some(({ id }) => id === rule.id) ? "changed" : "new", rule })),
    ...was
      .filter((rule) => !kept.has(ruleText(rule)) && !is.some(({ id }) => id === rule.id))
      .map((rule): Conditional => ({ how: "removed", rule })),
  ];
};

/** For one tool and role: what the rules for all its calls say, if any does, and otherwise what unnamed calls get. */
const ways = (before: Policy, after: Policy, conditional: readonly Conditional[], asked: Asked): number[] => {
  const [was, is] = [before, after].map((policy) => evaluate(policy, asked)) as [Found, Found];
  /** Rules with conditions that may come to decide once nothing else speaks about every call. */
  const easier = (policy: Policy, than: number, but?: Rule): boolean =>
    policy.rules.some(
      (rule) => rule.args.length > 0 && rule.id !== but?.id && names(rule, asked) && weight(policy, rule.effect) < than,
    );
  const hidden = [
    ...(was.rule !== null && is.rule === null && easier(after, weight(before, was.effect)) ? [-1] : []),
    ...(was.rule === null && is.rule !== null && easier(before, weight(after, is.effect)) ? [1] : []),
  ];
  const come = (rule: Rule): number[] => {
    const gap = weight(after, rule.effect) - weight(after, is.effect);
    if (gap > 0) return [1];
    return is.rule === null
      ? [...(gap < 0 ? [-1] : []), ...(easier(after, weight(after, rule.effect), rule) ? [1] : [])]
      : [];
  };
  const gone = (rule: Rule): number[] => {
    const gap = weight(after, is.effect) - weight(before, rule.effect);
    if (gap < 0) return [-1];
    return is.rule === null
      ? [...(gap > 0 ? [1] : []), ...(easier(after, weight(before, rule.effect)) ? [-1] : [])]
      : [];
  };
  const rules = conditional.flatMap(({ how, rule }) => {
    const old = before.rules.find(({ id }) => id === rule.id);
    return [
      ...(how !== "removed" && names(rule, asked) ? come(rule) : []),
      ...(how !== "new" && old !== undefined && names(old, asked) ? gone(old) : []),
    ];
  });
  return [weight(after, is.effect) - weight(before, was.effect), ...hidden, ...rules];
};

// ---- queues ---------------------------------------------------------------------------------------

const queuesOf = (
  before: Policy,
  after: Policy,
  tools: readonly ToolPlace[],
  roles: readonly RoleId[],
): QueueChange[] => {
  const found = (policy: Policy, id: string): QueuePolicy | undefined => policy.queues.find((queue) => queue.id === id);
  const asking = (policy: Policy, id: string): number =>
    tools.filter((place) =>
      roles.some((role) => effectKey(evaluate(policy, { ...place, role, args: null }).effect) === `ask ${id}`),
    ).length;
  const changed = after.queues.flatMap((queue): QueueChange[] => {
    const was = found(before, queue.id);
    if (was !== undefined && isSame(was, queue)) return [];
    return [
      {
        how: was === undefined ? "new" : "changed",
        queue,
        eases: was === undefined ? [] : easesOf(was, queue),
        harder: was !== undefined && easesOf(queue, was).length > 0,
        tools: asking(after, queue.id),
      },
    ];
  });
  const removed = before.queues
    .filter(({ id }) => found(after, id) === undefined)
    .map((queue): QueueChange => ({
      how: "removed",
      queue,
      eases: [],
      harder: false,
      tools: asking(before, queue.id),
    }));
  return [...changed, ...removed];
};

const easesOf = (was: QueuePolicy, is: QueuePolicy): Ease[] => {
  const people = ({ all }: QueuePolicy): number => all.reduce((sum, { n }) => sum + n, 0);
  /** Each group that had to agree still has to, and nobody new is in it. */
  const kept = was.all.every((group) =>
    is.all.some(
      (each) =>
        each.n >= group.n &&
        each.roles.every((role) => group.roles.includes(role)) &&
        each.members.every((member) => group.members.includes(member)),
    ),
  );
  const eases: readonly (readonly [Ease, boolean])[] = [
    ["fewer", people(is) < people(was) || is.all.length < was.all.length],
    ["others", !kept],
    ["steps", is.steps.length > 0 && !isSame(is.steps, was.steps)],
    ["one-for-two", is.oneForTwo && !was.oneForTwo],
    ["independent", !is.independent && was.independent],
    ["rejections", is.deny > was.deny],
    ["longer", is.useMs > was.useMs || is.decideMs > was.decideMs],
  ];
  return eases.filter(([, holds]) => holds).map(([ease]) => ease);
};
