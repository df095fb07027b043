/** A rule as it is written, and as it is sent. Pure. What only the host can judge, it says when the rule is saved. */
import type { Condition, Effect, PolicyView, RuleText, RuleView } from "#bridge/views.ts";
import { ruleWords as words } from "../../text/rules.ts";

export const CONDITIONS_MAX = 8;
export const emptyCondition: Condition = { path: "", op: "equals", value: "" };

/** `id` null makes a new rule. A new one denies until somebody chooses otherwise. */
export const newRule: RuleText = { id: null, server: null, tools: [], except: true, args: [], roles: [], effect: { kind: "deny" } };

export const EVERY_TOOL = { tools: [] as string[], except: true };
/** The one tool that a rule names, or null where it speaks about another number of them. */
export const onlyTool = ({ tools, except }: Pick<RuleText, "tools" | "except">): string | null => (!except && tools.length === 1 ? (tools[0] ?? null) : null);

export const ruleOf = (draft: RuleText): { readonly ok: true; readonly rule: RuleText } | { readonly ok: false; readonly problem: string } => {
  const args = draft.args.map((condition) => ({ ...condition, path: condition.path.trim() }));
  if (args.some((condition) => condition.path === "")) return { ok: false, problem: words.needPath };
  // An empty text can be meant where it is compared whole.
  if (args.some((condition) => condition.op !== "equals" && condition.value.trim() === "")) return { ok: false, problem: words.needValue };
  return { ok: true, rule: { ...draft, args, ...(draft.server === null ? EVERY_TOOL : {}) } };
};

/** One that only says what happens to a tool: it is set beside the tool itself. */
export const isPlain = (rule: RuleText): boolean => rule.server !== null && rule.args.length === 0 && rule.roles.length === 0;

const STRENGTH = { allow: 0, confirm: 1, ask: 2, deny: 3 } as const;
const speaksOf = (rule: RuleText, tool: string): boolean => rule.tools.includes(tool) !== rule.except;
/** Rules for all calls of the tool and for everybody that are stricter: while one stands, the draft never decides. */
export const overruling = (policy: PolicyView, draft: RuleText): readonly RuleView[] =>
  policy.rules.filter(
    (rule) =>
      rule.id !== draft.id &&
      rule.args.length === 0 &&
      rule.roles.length === 0 &&
      (rule.server === null || rule.server === draft.server) &&
      ((rule.except && rule.tools.length === 0) || (!draft.except && draft.tools.length > 0 && draft.tools.every((tool) => speaksOf(rule, tool)))) &&
      STRENGTH[rule.effect.kind] > STRENGTH[draft.effect.kind],
  );

export const textOf = ({ words: _words, ...rule }: RuleView): RuleText => rule;

export const effectValue = (effect: Effect): string => (effect.kind === "ask" ? `ask ${effect.queue}` : effect.kind);
export const effectOf = (value: string): Effect => (value === "allow" || value === "confirm" || value === "deny" ? { kind: value } : { kind: "ask", queue: value.slice(4) });

export const effectOptions = (policy: PolicyView): { value: string; label: string }[] => [
  { value: "deny", label: words.deny },
  ...policy.queues.map((queue) => ({ value: `ask ${queue.id}`, label: words.ask(queue.name) })),
  { value: "confirm", label: words.confirm },
  { value: "allow", label: words.allow },
];
