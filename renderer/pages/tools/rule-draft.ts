/** A rule as it is written, and as it is sent. Pure. What only the host can judge, it says while the rule is written. */
import type { Condition, Effect, PolicyView, RuleText, RuleView } from "#bridge/policy.ts";
import { told, type Told } from "#bridge/told.ts";
import { ruleWords as words } from "../../text/rules.ts";

export const CONDITIONS_MAX = 8;
export const emptyCondition: Condition = { path: "", op: "equals", value: "" };

/** Which tools of the chosen server. */
export type Which = "every" | "only" | "but";
/** Nothing of a new rule is chosen before somebody chooses it: it must not say anything by itself. */
export interface RuleDraft extends Omit<RuleText, "server" | "except" | "effect"> {
  /** Null for every server; undefined until it is chosen. */
  readonly server: string | null | undefined;
  readonly which: Which | null;
  readonly effect: Effect | null;
}

export const newRule: RuleDraft = {
  id: null,
  server: undefined,
  which: null,
  tools: [],
  args: [],
  roles: [],
  effect: null,
};

export const draftOf = ({ id, server, tools, except, args, roles, effect }: RuleText): RuleDraft => ({
  id,
  server,
  which: server === null ? null : except ? (tools.length === 0 ? "every" : "but") : "only",
  tools,
  args,
  roles,
  effect,
});

type Read = { readonly ok: true; readonly rule: RuleText } | { readonly ok: false; readonly problem: Told };
const no = (problem: Told): Read => ({ ok: false, problem });

export const ruleOf = (draft: RuleDraft): Read => {
  const { id, roles, effect } = draft;
  const args = draft.args.map((condition) => ({ ...condition, path: condition.path.trim() }));
  if (args.some((condition) => condition.path === "")) return no(told("needs-path"));
  // An empty text can be meant where it is compared whole.
  if (args.some((condition) => condition.op !== "equals" && condition.value.trim() === ""))
    return no(told("needs-value"));
  if (draft.server === undefined && args.length === 0) return no(told("needs-tool"));
  const named = toolsIn(draft);
  if (named === null) return no(told("needs-tools"));
  return effect === null
    ? no(told("needs-effect"))
    : { ok: true, rule: { id, server: draft.server ?? null, ...named, args, roles, effect } };
};

/** What a draft says of tools, or null while that is not chosen. */
export const toolsIn = ({
  server,
  which,
  tools,
}: Pick<RuleDraft, "server" | "which" | "tools">): Pick<RuleText, "tools" | "except"> | null => {
  if (server === undefined || server === null || which === "every") return { tools: [], except: true };
  return which === null || tools.length === 0 ? null : { tools: [...tools], except: which === "but" };
};

/** One that only says what happens to a tool: it is set beside the tool itself. */
export const isPlain = (rule: RuleText): boolean =>
  rule.server !== null && rule.args.length === 0 && rule.roles.length === 0;

export const textOf = ({ told: _told, problem: _problem, ...rule }: RuleView): RuleText => rule;

export const effectValue = (effect: Effect): string => (effect.kind === "ask" ? `ask ${effect.queue}` : effect.kind);
export const effectOf = (value: string): Effect =>
  value === "allow" || value === "confirm" || value === "deny"
    ? { kind: value }
    : { kind: "ask", queue: value.slice(4) };

export const effectOptions = (policy: PolicyView): { value: string; label: string }[] => [
  { value: "deny", label: words.deny },
  ...policy.queues.map((queue) => ({ value: `ask ${queue.id}`, label: words.ask(queue.name) })),
  { value: "confirm", label: words.confirm },
  { value: "allow", label: words.allow },
];
