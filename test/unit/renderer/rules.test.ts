import { expect, test } from "vitest";
import type { RuleView } from "#bridge/policy.ts";
import {
  draftOf,
  effectOf,
  effectValue,
  isPlain,
  newRule,
  ruleOf,
  textOf,
} from "../../../renderer/pages/tools/rule-draft.ts";
import type { RuleDraft } from "../../../renderer/pages/tools/rule-draft.ts";
import { noted, worded } from "../../helpers/worded.ts";

const view = (id: string, part: Partial<RuleView>): RuleView => ({
  id,
  server: "s",
  tools: ["t"],
  except: false,
  args: [],
  roles: [],
  effect: { kind: "ask", queue: "q" },
  told: noted(id),
  problem: null,
  ...part,
});
const draft = (part: Partial<RuleDraft> = {}): RuleDraft => ({
  ...newRule,
  server: "s",
  which: "only",
  tools: ["t"],
  effect: { kind: "allow" },
  ...part,
});

test("[T20] a rule survives the editor unchanged", () => {
  const rule = view("r", {
    args: [{ path: "options.path", op: "under", value: "/srv" }],
    roles: ["guest"],
    effect: { kind: "deny" },
  });
  expect(ruleOf(draftOf(textOf(rule)))).toEqual({ ok: true, rule: textOf(rule) });
});

test("[T20] a condition without a name or a value is not sent, and a tool without its server is none", () => {
  const condition = { path: "path", op: "under", value: "/srv" } as const;
  expect(ruleOf(draft({ args: [{ ...condition, path: " " }] }))).toEqual({
    ok: false,
    problem: worded("Write the name of the argument in each condition."),
  });
  expect(ruleOf(draft({ args: [{ ...condition, value: "" }] }))).toEqual({
    ok: false,
    problem: worded("Write a value in each condition."),
  });
  expect(ruleOf(draft({ args: [{ ...condition, op: "equals", value: "" }] })).ok).toBe(true);
  expect(ruleOf(draft({ server: null }))).toMatchObject({ ok: true, rule: { tools: [], except: true } });
});

test("[T20] a new rule says nothing until a tool or a condition, and what happens, are chosen", () => {
  const condition = { path: "path", op: "under", value: "/srv" } as const;
  expect(ruleOf(newRule)).toEqual({ ok: false, problem: worded("Choose a server and its tools, or add a condition.") });
  expect(ruleOf({ ...newRule, effect: { kind: "deny" } }).ok).toBe(false);
  expect(ruleOf({ ...newRule, server: "s", effect: { kind: "deny" } })).toEqual({
    ok: false,
    problem: worded("Choose the tools."),
  });
  expect(ruleOf({ ...newRule, server: "s", which: "only", effect: { kind: "deny" } }).ok).toBe(false);
  expect(ruleOf({ ...newRule, server: "s", which: "every" })).toEqual({
    ok: false,
    problem: worded("Choose what happens."),
  });
  // Chosen by hand, everything is one.
  expect(ruleOf({ ...newRule, server: null, effect: { kind: "deny" } })).toMatchObject({
    ok: true,
    rule: { server: null, tools: [], except: true },
  });
  expect(ruleOf({ ...newRule, args: [condition], effect: { kind: "deny" } })).toMatchObject({
    ok: true,
    rule: { server: null, args: [condition] },
  });
});

test("[T20] a rule about several tools, or all but some, keeps its list in the editor", () => {
  for (const part of [
    { tools: ["t", "u"] },
    { tools: ["t", "u"], except: true },
    { tools: [], except: true },
    { server: null, tools: [], except: true },
  ]) {
    const rule = textOf(view("r", part));
    expect(ruleOf(draftOf(rule))).toEqual({ ok: true, rule });
  }
});

test("an effect survives its list", () => {
  for (const effect of [{ kind: "allow" }, { kind: "deny" }, { kind: "ask", queue: "approvers" }] as const)
    expect(effectOf(effectValue(effect))).toEqual(effect);
});

test("only a rule for all calls and for everybody stands beside the tool", () => {
  expect(isPlain(view("r", {}))).toBe(true);
  for (const part of [{ roles: ["guest"] }, { args: [{ path: "p", op: "equals", value: "" }] }] as const)
    expect(isPlain(view("r", part as unknown as Partial<RuleView>))).toBe(false);
});
