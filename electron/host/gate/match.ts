/**
 * What the workspace's policy says about a call: pure, no state. Deny wins over ask, ask over confirm, confirm over allow,
 * and what a call gets that no rule names stands in the policy. The order of rules does not matter, so that nobody can weaken a policy by moving a line.
 */
import type { QueuePolicy, Rule, RuleEffect } from "#core/protocol/command.ts";
import { DEFAULT_QUEUE } from "#core/rules/state.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Policy } from "#core/rules/state.ts";
import type { RoleId } from "#core/protocol/ids.ts";
import { doesOf, ruleFact } from "#core/rules/rule-fact.ts";
import type { Why } from "#core/facts/why.ts";
import { why } from "#core/facts/why.ts";
import { isObject, readJson } from "../json/strict-json.ts";
import { holds } from "./conditions.ts";
import type { Links } from "./paths.ts";

export interface Asked {
  readonly server: string;
  readonly tool: string;
  readonly role: RoleId;
  /** Exact argument text, or null where the question is about the tool whatever the arguments. */
  readonly args: string | null;
  /** Where paths lead, for a server whose disk is this computer's. */
  readonly links?: Links | undefined;
  /** The tool is not what the team accepted: nothing allows or confirms it (TD1, TD5). */
  readonly changed?: boolean;
}
export interface Found {
  readonly effect: RuleEffect;
  /** Null where no rule decided. */
  readonly rule: Rule | null;
  readonly why: "rule" | "no-rule" | "bad-args" | "changed";
}

const DEPTH_MAX = 64;
export const STRENGTH = { allow: 0, confirm: 1, ask: 2, deny: 3 } as const;

/**
 * The strictest of: every rule that fits or may fit, and what unnamed calls get unless a rule certainly fits (CF1). So a
 * rule whose condition cannot be judged never makes a call easier than it would be without the rule.
 */
export const evaluate = (policy: Policy, asked: Asked): Found => {
  const args = asked.args === null ? null : readArgs(asked.args);
  if (args !== null && !args.ok) return { effect: { kind: "deny" }, rule: null, why: "bad-args" };
  const speaking = fitting(policy, asked, args?.value);
  const strictest = speaking[0];
  const unnamed = unnamedEffect(policy);
  const certain = speaking.some((rule) => conditionsHold(rule, args?.value, "certain", asked.links));
  if (asked.changed === true) return whereChanged(policy, speaking, certain);
  if (strictest === undefined || (!certain && STRENGTH[unnamed.kind] > STRENGTH[strictest.effect.kind]))
    return { effect: unnamed, rule: null, why: "no-rule" };
  return { effect: strictest.effect, rule: strictest, why: "rule" };
};

/** What allows or confirms was said of another tool, so only rules that ask or deny speak. A change never makes a call easier. */
const whereChanged = (policy: Policy, speaking: readonly Rule[], certain: boolean): Found => {
  const strict = speaking.find(({ effect }) => effect.kind === "deny" || effect.kind === "ask");
  const denied = policy.unnamed === "deny" && !certain;
  if (strict !== undefined && !(denied && strict.effect.kind === "ask"))
    return { effect: strict.effect, rule: strict, why: "rule" };
  return {
    effect: denied ? { kind: "deny" } : { kind: "ask", queue: fallback(policy).id },
    rule: null,
    why: "changed",
  };
};

export const unnamedEffect = (policy: Policy): RuleEffect =>
  policy.unnamed === "ask" ? { kind: "ask", queue: fallback(policy).id } : { kind: policy.unnamed };

/** Every rule that speaks, or may speak, about the call, the strictest first. */
const fitting = (policy: Policy, asked: Asked, args: unknown): Rule[] =>
  policy.rules
    .filter((rule) => names(rule, asked) && conditionsHold(rule, args, "perhaps", asked.links))
    .toSorted((a, b) => stricterFirst(policy, a, b));

/** The finding, with all rules that fit beside the one that decides. */
export const tryOut = (
  policy: Policy,
  asked: Asked & { readonly args: string },
): { found: Found; fitting: readonly Rule[] } => {
  const args = readArgs(asked.args);
  return { found: evaluate(policy, asked), fitting: args.ok ? fitting(policy, asked, args.value) : [] };
};

/** Whether the rule is about this tool and role, whatever its conditions. */
export const names = (rule: Rule, asked: Asked): boolean =>
  (rule.server === null || rule.server === asked.server) &&
  rule.tools.includes(asked.tool) !== rule.except &&
  (rule.roles.length === 0 || rule.roles.includes(asked.role));

/** `args` is undefined where the question is about the tool alone: then only rules without conditions speak. */
const conditionsHold = (rule: Rule, args: unknown, how: "certain" | "perhaps", links: Links | undefined): boolean =>
  args === undefined
    ? rule.args.length === 0
    : rule.args.every((condition) => holds(condition, args, how === "perhaps", links));

const readArgs = (text: string): { ok: true; value: unknown } | { ok: false } => {
  const read = readJson(text, { lenient: false, maxDepth: DEPTH_MAX });
  return read.ok && isObject(read.value) ? { ok: true, value: read.value } : { ok: false };
};

/** Asked of nobody in particular: the built-in queue, or the first one where it is gone. */
export const fallback = (policy: Policy): QueuePolicy =>
  policy.queues.find((queue) => queue.id === DEFAULT_QUEUE) ?? (policy.queues[0] as QueuePolicy);

/** A total order that does not depend on where a rule stands: of two queues the one that needs more people. */
const stricterFirst = (policy: Policy, a: Rule, b: Rule): number => {
  const byKind = STRENGTH[b.effect.kind] - STRENGTH[a.effect.kind];
  if (byKind !== 0) return byKind;
  const byNeed = needed(policy, b.effect) - needed(policy, a.effect);
  if (byNeed !== 0) return byNeed;
  const byQueue = compare(queueIn(a.effect), queueIn(b.effect));
  return byQueue === 0 ? compare(a.id, b.id) : byQueue;
};
/** Votes that a queue wants before it says yes. */
export const needed = (policy: Policy, effect: RuleEffect): number =>
  policy.queues.find((queue) => queue.id === queueIn(effect))?.all.reduce((sum, { n }) => sum + n, 0) ?? 0;
const queueIn = (effect: RuleEffect): string => (effect.kind === "ask" ? effect.queue : "");
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

// ---- facts ------------------------------------------------------------------------------------

/** The finding as a fact. */
export const findingFact = (log: ReadLog, policy: Policy, found: Found, tool: string): Why => {
  if (found.why === "bad-args") return why("bad-args");
  if (found.why === "changed") return why("tool-changed", doesOf(policy, found.effect));
  if (found.rule === null) return why("no-rule", doesOf(policy, found.effect));
  return why("rule", ruleFact(log, policy, found.rule, tool));
};
