/** The policy as a function: what rules say about a call. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Condition, Rule } from "#core/protocol/command.ts";
import type { RoleId } from "#core/protocol/ids.ts";
import { DEFAULT_POLICY } from "#core/rules/state.ts";
import type { Policy } from "#core/rules/state.ts";
import { conditionProblem, holds } from "../../../../electron/host/gate/conditions.ts";
import { evaluate, tryOut } from "../../../../electron/host/gate/match.ts";
import { normalPath } from "../../../../electron/host/gate/paths.ts";
import { glob } from "../../../../electron/host/gate/patterns.ts";
import { wordsOf } from "../../../helpers/worded.ts";

const SERVER = "serverserverserverserv";
const MEMBER = "member" as RoleId;
const rule = (id: string, over: Record<string, unknown> = {}): Rule =>
  ({
    id,
    server: SERVER,
    tools: ["write_file"],
    except: false,
    args: [],
    roles: [],
    effect: { kind: "allow" },
    ...over,
  }) as unknown as Rule;
const policy = (...rules: Rule[]): Policy => ({
  unnamed: "ask",
  rules,
  queues: [
    ...DEFAULT_POLICY.queues,
    {
      ...DEFAULT_POLICY.queues[0],
      id: "two",
      name: "Two people",
      all: [{ n: 2, roles: ["owner" as RoleId], members: [] }],
    } as unknown as Policy["queues"][number],
  ],
});
const asked = (args: string | null = "{}", over: Record<string, unknown> = {}) => ({
  server: SERVER,
  tool: "write_file",
  role: MEMBER,
  args,
  ...over,
});
const ask = (queue: string) => ({ kind: "ask", queue });
const when = (op: Condition["op"], value: string, path = "path"): Condition => ({ path, op, value });

describe("which rule decides", () => {
  test("a call that no rule names asks the built-in queue, or the first one where that is gone", () => {
    expect(evaluate(policy(), asked())).toMatchObject({ effect: ask("approvers"), rule: null, why: "no-rule" });
    const { queues } = policy();
    expect(evaluate({ unnamed: "ask", rules: [], queues: queues.slice(1) }, asked()).effect).toEqual(ask("two"));
  });

  test("deny wins over ask, and ask over allow, wherever they stand", () => {
    const rules = [rule("a"), rule("b", { effect: ask("approvers") }), rule("c", { effect: { kind: "deny" } })];
    expect(evaluate(policy(...rules), asked()).effect.kind).toBe("deny");
    expect(evaluate(policy(...rules.slice(0, 2)), asked()).effect).toEqual(ask("approvers"));
    expect(evaluate(policy(...rules.slice(0, 1)), asked()).effect.kind).toBe("allow");
  });

  test("of two queues the one that needs more people is asked", () => {
    const rules = [rule("a", { effect: ask("approvers") }), rule("b", { effect: ask("two") })];
    expect(evaluate(policy(...rules), asked()).effect).toEqual(ask("two"));
  });

  test("[T20] a rule speaks about exactly its server, tool and roles, or about all of them", () => {
    const names = (over: Record<string, unknown>, of = {}) =>
      evaluate(policy(rule("a", over)), asked("{}", of)).why === "rule";
    expect(names({})).toBe(true);
    expect(names({}, { tool: "write_file2" })).toBe(false);
    expect(names({}, { server: "otherotherotherotherot" })).toBe(false);
    expect(names({ tools: [], except: true }, { tool: "anything" })).toBe(true);
    expect(names({ server: null }, { server: "otherotherotherotherot" })).toBe(true);
    expect(names({ roles: ["guest"] })).toBe(false);
    expect(names({ roles: ["guest", "member"] })).toBe(true);
  });

  test("[CF1] a condition that cannot be judged never makes a call easier than it would be without the rule", () => {
    const unclear = asked('{"path":"relative"}');
    const confirms = rule("a", { effect: { kind: "confirm" }, args: [when("under", "/notes")] });
    expect(evaluate(policy(confirms), asked('{"path":"/notes/a"}')).effect.kind).toBe("confirm");
    expect(evaluate(policy(confirms), unclear)).toMatchObject({ effect: ask("approvers"), why: "no-rule" });
    expect(evaluate({ ...policy(confirms), unnamed: "deny" }, unclear).effect.kind).toBe("deny");
    // What certainly fits beside it takes the place of what unnamed calls get.
    expect(evaluate(policy(confirms, rule("b")), unclear).effect.kind).toBe("confirm");
  });

  test("[CF3] what no rule names is asked, confirmed or denied, as the policy says", () => {
    for (const unnamed of ["confirm", "deny"] as const)
      expect(evaluate({ ...policy(), unnamed }, asked())).toMatchObject({
        effect: { kind: unnamed },
        rule: null,
        why: "no-rule",
      });
    expect(evaluate({ ...policy(rule("a")), unnamed: "deny" }, asked()).effect.kind).toBe("allow");
  });

  test("[T33] [TD1] [TD5] nothing allows or confirms a tool that is not as it was accepted", () => {
    const changed = (unnamed: "ask" | "confirm" | "deny", ...rules: Rule[]) =>
      evaluate({ ...policy(...rules), unnamed }, asked("{}", { changed: true }));
    for (const effect of ["allow", "confirm"]) {
      expect(changed("ask", rule("a", { effect: { kind: effect } }))).toMatchObject({
        effect: ask("approvers"),
        why: "changed",
      });
      expect(changed("confirm", rule("a", { effect: { kind: effect }, tools: [], except: true }))).toMatchObject({
        effect: ask("approvers"),
        why: "changed",
      });
    }
    expect(changed("confirm")).toMatchObject({ effect: ask("approvers"), why: "changed" });
    expect(changed("deny").effect.kind).toBe("deny");
    expect(changed("ask", rule("a"), rule("b", { effect: ask("two") })).effect).toEqual(ask("two"));
    expect(changed("ask", rule("a"), rule("b", { effect: { kind: "deny" } })).effect.kind).toBe("deny");
  });

  test("[TD1] [CF1] a change of a tool never makes a call easier than it was", () => {
    const unclear = '{"path":"/notes/../x\\\\y"}';
    for (const effect of [{ kind: "allow" }, { kind: "confirm" }, ask("two")]) {
      const only = { ...policy(rule("a", { effect, args: [when("under", "/notes")] })), unnamed: "deny" as const };
      expect(evaluate(only, asked(unclear)).effect.kind).toBe("deny");
      expect([effect.kind, evaluate(only, asked(unclear, { changed: true })).effect.kind]).toEqual([
        effect.kind,
        "deny",
      ]);
      // What certainly fits was said of such calls, and takes the place of what unnamed calls get.
      expect([effect.kind, evaluate(only, asked('{"path":"/notes/a"}', { changed: true })).effect.kind]).toEqual([
        effect.kind,
        "ask",
      ]);
    }
  });

  test("a rule names several tools, or all but some", () => {
    const names = (tools: string[], except: boolean, tool: string) =>
      evaluate(policy(rule("a", { tools, except })), asked("{}", { tool })).why === "rule";
    expect([
      names(["a", "b"], false, "a"),
      names(["a", "b"], false, "c"),
      names(["a", "b"], true, "a"),
      names(["a", "b"], true, "c"),
    ]).toEqual([true, false, false, true]);
  });

  test("arguments that cannot be read are refused, whatever the rules allow", () => {
    for (const args of ["", "{", "[]", '"x"', "1", '{"path":"/a","path":"/b"}', "[".repeat(99)])
      expect(evaluate(policy(rule("a")), asked(args))).toMatchObject({ effect: { kind: "deny" }, why: "bad-args" });
  });

  test("a question about the tool alone is answered by rules without conditions", () => {
    const rules = policy(rule("a", { effect: { kind: "deny" }, args: [when("under", "/etc")] }));
    expect(evaluate(rules, asked(null)).why).toBe("no-rule");
    expect(evaluate(rules, asked('{"path":"/etc/passwd"}')).effect.kind).toBe("deny");
  });
});

const effects = fc.constantFrom<unknown>(
  { kind: "allow" },
  { kind: "confirm" },
  { kind: "deny" },
  ask("approvers"),
  ask("two"),
);
const conditions = fc.array(
  fc.record({
    path: fc.constantFrom("path", "paths", "a.b", "n"),
    op: fc.constantFrom("equals", "under", "host-in", "at-most", "matches"),
    value: fc.constantFrom("/etc", "/notes", "5", "*", "example.org"),
  }),
  { maxLength: 2 },
);
const rules = fc.array(
  fc.record({
    id: fc.stringMatching(/^[a-z]{8}$/),
    server: fc.constantFrom(SERVER, null, "otherotherotherotherot"),
    tools: fc.constantFrom(["write_file"], [], ["read_file"], ["read_file", "write_file"]),
    except: fc.boolean(),
    args: conditions,
    roles: fc.constantFrom([], ["member"], ["guest"]),
    effect: effects,
  }),
  { maxLength: 8 },
) as fc.Arbitrary<Rule[]>;
const args = fc.oneof(
  fc
    .record({
      path: fc.constantFrom<unknown>("/etc/x", "/notes/../etc/x", "/NOTES/a", "relative", 5, null, [
        "/etc/x",
        "/notes/a",
      ]),
      n: fc.constantFrom<unknown>(1, 9, "3"),
    })
    .map((value) => JSON.stringify(value)),
  fc.constant("{}"),
);
const STRENGTH = { allow: 0, confirm: 1, ask: 2, deny: 3 };

describe("properties", () => {
  test("the order of rules changes nothing", () => {
    fc.assert(
      fc.property(rules, args, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (list, text, dice) => {
        const shuffled = list
          .map((item) => ({ item, key: dice.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ item }) => item);
        expect(evaluate(policy(...shuffled), asked(text)).effect).toEqual(
          evaluate(policy(...list), asked(text)).effect,
        );
      }),
    );
  });

  test("one more rule never weakens a policy, but for an allow or a confirm where nothing else speaks", () => {
    fc.assert(
      fc.property(rules, rules, args, (list, more, text) => {
        const before = evaluate(policy(...list), asked(text));
        const after = evaluate(policy(...list, ...more.slice(0, 1)), asked(text));
        if (STRENGTH[after.effect.kind] >= STRENGTH[before.effect.kind]) return;
        expect(before.why).toBe("no-rule");
        expect(["allow", "confirm"]).toContain(after.effect.kind);
      }),
    );
  });
});

describe("conditions", () => {
  const fits = (op: Condition["op"], value: string, leaf: unknown) => ({
    allow: holds(when(op, value), { path: leaf }, false),
    deny: holds(when(op, value), { path: leaf }, true),
  });
  const YES = { allow: true, deny: true };
  const NO = { allow: false, deny: false };
  /** Never makes an allowing rule fit, always a stricter one. */
  const UNCLEAR = { allow: false, deny: true };

  test.each([
    ["/notes/a.txt", YES],
    ["/notes", YES],
    ["/notes/", YES],
    ["/notes//b/./c", YES],
    ["/notesx/a", NO],
    ["/notes/../etc/passwd", NO],
    ["/notes/%2e%2e/etc", UNCLEAR],
    ["/a/../notes/b", YES],
    ["/../../notes/b", YES],
    ["notes/a", UNCLEAR],
    ["./notes/a", UNCLEAR],
    ["~/notes", UNCLEAR],
    ["", UNCLEAR],
    ["//notes/a", UNCLEAR],
    ["file:///notes/a", UNCLEAR],
    ["/notes/..\\..\\etc", UNCLEAR],
    ["/notes/a\u0000b", UNCLEAR],
    ["/NOTES/a", UNCLEAR],
    [["/notes/a", "/notes/b"], YES],
    [["/notes/a", "/etc/b"], { allow: false, deny: true }],
    [{ toString: "/notes" }, UNCLEAR],
    [7, UNCLEAR],
  ])("%j is under /notes: %j", (leaf, expected) => {
    expect(fits("under", "/notes", leaf)).toEqual(expected);
  });

  test("a path with a drive is compared with both separators, without names that lie", () => {
    expect(fits("under", "C:\\Notes", "c:/Notes\\a")).toEqual(YES);
    expect(fits("under", "C:\\Notes", "C:\\Notes\\..\\Windows")).toEqual(NO);
    for (const odd of [
      "C:\\Notes.\\a",
      "C:\\Notes \\a",
      "C:\\NOTES~1\\a",
      "C:\\Notes\\a:stream",
      "C:Notes\\a",
      "\\\\?\\C:\\Notes",
    ])
      expect(fits("under", "C:\\Notes", odd)).toEqual(UNCLEAR);
    expect(fits("under", "relative", "/notes")).toEqual(UNCLEAR);
  });

  test("whatever is under a folder stays under it when `.` and `x/..` are written into it", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,6}$/);
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom(".", "x/..", ""), { maxLength: 5 }),
        (parts, noise) => {
          const noisy = `/./${parts.flatMap((item, i) => [noise[i] ?? ".", item]).join("/")}`;
          expect(normalPath(noisy)).toEqual({ root: "/", parts });
        },
      ),
    );
  });

  test.each([
    ["https://example.org/a", YES],
    ["https://EXAMPLE.org:8443/a", YES],
    ["https://api.example.net/", YES],
    ["https://example.net/", NO],
    ["https://evilexample.org/", NO],
    ["https://example.org.evil.test/", NO],
    ["https://example.org@evil.test/", UNCLEAR],
    ["https://evil.test\\@example.org/", UNCLEAR],
    ["https://example.org\n.evil.test/", UNCLEAR],
    ["example.org", UNCLEAR],
    ["ftp://example.org/", UNCLEAR],
  ])("host of %j", (leaf, expected) => {
    expect(fits("host-in", "example.org, *.example.net", leaf)).toEqual(expected);
  });

  test("an amount is a number", () => {
    expect(fits("at-most", "5", 5)).toEqual(YES);
    expect(fits("at-most", "5", 5.1)).toEqual(NO);
    for (const leaf of ["5", null, true, {}]) expect(fits("at-most", "5", leaf)).toEqual(UNCLEAR);
    expect(fits("at-most", "", 1)).toEqual(UNCLEAR);
  });

  test("what is not there fits no rule, and names of objects are not looked through", () => {
    expect(holds(when("equals", "x"), {}, true)).toBe(false);
    expect(holds(when("equals", "[object Object]", "__proto__"), JSON.parse("{}"), true)).toBe(false);
    expect(holds(when("equals", "1", "a.b"), { a: { b: 1 } }, false)).toBe(true);
    expect(holds(when("equals", "1", "a.b"), { "a.b": 2, a: { b: 1 } }, false)).toBe(false);
  });

  test("a pattern knows * and ? and nothing else, and ends", () => {
    const all = (): boolean => true;
    expect([
      glob("*.txt", "/a/b.txt", all),
      glob("a?c", "abc", all),
      glob("a?c", "ac", all),
      glob("a.c", "abc", all),
      glob("", "", all),
      glob("*", "", all),
    ]).toEqual([true, true, false, false, true, true]);
    expect(glob(`${"*a".repeat(400)}b`, "a".repeat(10_000), all)).toBe(false);
    expect(fits("matches", "*", "a".repeat(10_001))).toEqual(UNCLEAR);
  });
});

describe("trying rules out", () => {
  test("[T20] answers what the gate would find, with every rule that fits, the strictest first", () => {
    const rules = [
      rule("a", { args: [when("under", "/notes")] }),
      rule("b", { effect: ask("approvers") }),
      rule("c", { effect: { kind: "deny" }, args: [when("under", "/etc")] }),
    ];
    const inNotes = asked('{"path":"/notes/a"}') as Parameters<typeof tryOut>[1];
    expect(tryOut(policy(...rules), inNotes).fitting.map(({ id }) => id)).toEqual(["b", "a"]);
    for (const args of ['{"path":"/notes/a"}', '{"path":"/etc/passwd"}', '{"path":7}', "{}", "not json"]) {
      const call = { ...inNotes, args };
      const { found, fitting } = tryOut(policy(...rules), call);
      expect(found).toEqual(evaluate(policy(...rules), call));
      expect(fitting[0] ?? null).toBe(found.rule);
    }
  });

  test.each([
    [when("under", "notes"), "whole path"],
    [when("under", "/a\\b"), "whole path"],
    [when("at-most", "ten"), "no number"],
    [when("at-most", " "), "no number"],
    [when("host-in", ""), "host names"],
    [when("host-in", "https://example.org/"), "host names"],
    [when("host-in", "a.example.org, *"), "host names"],
    [when("matches", ""), "pattern"],
    [when("equals", "x", "a..b"), "names no argument"],
  ])("[T20] a condition that could never be judged as meant is refused with why: %j", (condition, why) => {
    expect(wordsOf(conditionProblem(condition))).toContain(why);
  });

  test("a condition that can be judged is taken", () => {
    for (const condition of [
      when("under", "/srv/notes"),
      when("under", "C:\\notes"),
      when("at-most", "-2.5"),
      when("host-in", "a.example.org, *.example.org localhost:8080"),
      when("matches", "*.md"),
      when("equals", ""),
    ])
      expect(conditionProblem(condition)).toBeNull();
  });
});
