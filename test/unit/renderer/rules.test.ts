import { expect, test } from "vitest";
import type { PolicyView, RuleText, RuleView } from "#bridge/views.ts";
import { effectOf, effectValue, isPlain, newRule, overruling, ruleOf, textOf } from "../../../renderer/pages/tools/rule-draft.ts";

const view = (id: string, part: Partial<RuleView>): RuleView => ({ id, server: "s", tools: ["t"], except: false, args: [], roles: [], effect: { kind: "ask", queue: "q" }, words: id, problem: null, ...part });
const policy = (...rules: RuleView[]): PolicyView => ({ wid: "w", base: 1, mayEdit: { allowed: true, rule: "" }, unnamed: "ask", others: [], rules, queues: [], removedQueues: [], servers: [] });
const draft = (part: Partial<RuleText> = {}): RuleText => ({ ...newRule, server: "s", tools: ["t"], except: false, effect: { kind: "allow" }, ...part });

test("[T20] a rule survives the editor unchanged", () => {
  const rule = view("r", { args: [{ path: "options.path", op: "under", value: "/srv" }], roles: ["guest"], effect: { kind: "deny" } });
  expect(ruleOf(textOf(rule))).toEqual({ ok: true, rule: textOf(rule) });
});

test("[T20] a condition without a name or a value is not sent, and a tool without its server is none", () => {
  const condition = { path: "path", op: "under", value: "/srv" } as const;
  expect(ruleOf(draft({ args: [{ ...condition, path: " " }] }))).toEqual({ ok: false, problem: "Write the name of the argument in each condition." });
  expect(ruleOf(draft({ args: [{ ...condition, value: "" }] }))).toEqual({ ok: false, problem: "Write a value in each condition." });
  expect(ruleOf(draft({ args: [{ ...condition, op: "equals", value: "" }] })).ok).toBe(true);
  expect(ruleOf(draft({ server: null }))).toMatchObject({ ok: true, rule: { tools: [], except: true } });
});

test("a new rule denies until somebody chooses otherwise", () => {
  expect(newRule.effect).toEqual({ kind: "deny" });
});

test("an effect survives its list", () => {
  for (const effect of [{ kind: "allow" }, { kind: "deny" }, { kind: "ask", queue: "approvers" }] as const) expect(effectOf(effectValue(effect))).toEqual(effect);
});

test("[T20] a rule that a stricter one for the whole tool makes useless says which", () => {
  const ids = (written: RuleText, ...rules: RuleView[]) => overruling(policy(...rules), written).map(({ id }) => id);
  const asks = view("asks", {});
  expect(ids(draft(), asks, view("all", { server: null, tools: [], except: true, effect: { kind: "deny" } }))).toEqual(["asks", "all"]);
  expect(ids(draft({ effect: { kind: "deny" } }), asks)).toEqual([]);
  expect(ids(draft(), view("role", { roles: ["guest"] }), view("when", { args: [{ path: "p", op: "equals", value: "" }] }), view("other", { tools: ["u"] }))).toEqual([]);
  expect(ids(draft({ id: "asks" }), asks)).toEqual([]);
});

test("only a rule for all calls and for everybody stands beside the tool", () => {
  expect(isPlain(view("r", {}))).toBe(true);
  for (const part of [{ roles: ["guest"] }, { args: [{ path: "p", op: "equals", value: "" }] }] as const) expect(isPlain(view("r", part as unknown as Partial<RuleView>))).toBe(false);
});
