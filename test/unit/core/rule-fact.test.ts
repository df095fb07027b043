/** A rule as a fact, of one call and by itself. */
import { expect, test } from "vitest";
import { why } from "#core/facts/why.ts";
import type { Rule } from "#core/protocol/command.ts";
import { ruleFact } from "#core/rules/rule-fact.ts";
import type { ReadLog } from "#core/rules/read.ts";
import type { Policy } from "#core/rules/state.ts";
import { factWords } from "#text/facts.ts";

const log = { servers: new Map(), seq: 1 } as unknown as ReadLog;
const policy = { queues: [] } as unknown as Policy;
const names = Array.from({ length: 200 }, (_each, n) => `tool_${n}`);
const ruleOf = (tools: readonly string[], except: boolean): Rule =>
  ({ id: "r", server: null, tools, except, args: [], roles: [], effect: { kind: "deny" } }) as unknown as Rule;
const wordsOf = (rule: Rule, tool: string | null): string => factWords(why("rule", ruleFact(log, policy, rule, tool)));

test("told of one call a rule names no other tool, whatever it lists, so that a list does not go with each of its tools", () => {
  for (const except of [false, true])
    expect(JSON.stringify(ruleFact(log, policy, ruleOf(names, except), "tool_7")).length).toBeLessThan(250);
  expect(ruleFact(log, policy, ruleOf(names, true))).toMatchObject({ tools: names, except: true });
});

test("it reads the same of a call whether its rule lists few tools, many, all but some, or every one", () => {
  for (const rule of [ruleOf(["tool_7"], false), ruleOf(names, false), ruleOf(["other"], true)])
    expect(wordsOf(rule, "tool_7")).toBe("tool_7 of every server is never run.");
  expect(wordsOf(ruleOf([], true), "tool_7")).toBe("Every tool of every server is never run.");
  expect(wordsOf(ruleOf(names, true), null)).toBe("Every tool but 200 tools of every server is never run.");
});
