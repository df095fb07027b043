/**
 * Arguments of which one thing is shown and another would be sent. Each row is refused where the model writes it, where a
 * person does, by the rules, and again by the sender; its neighbour, which says nearly the same and is exact, is not.
 */
import { describe, expect } from "vitest";
import type { RoleId } from "#core/protocol/ids.ts";
import type { Policy } from "#core/rules/state.ts";
import { checkCall } from "../../electron/host/agent/call-handlers.ts";
import { evaluate } from "../../electron/host/gate/match.ts";
import { readArgs } from "../../electron/host/json/args.ts";
import { readForm, readJson } from "../../renderer/parts/schema-model.ts";
import { attack } from "../helpers/hostile.ts";

const asked = (args: string) =>
  evaluate({ rules: [], queues: [{ id: "approvers", name: "Approvers", all: [] }] } as unknown as Policy, {
    server: "s",
    tool: "t",
    role: "member" as RoleId,
    args,
  });
const typed = (args: string) => () =>
  checkCall({ find: () => ({ def: { inputSchema: {} } }) as never }, { wid: "w", server: "s", tool: "t", args });

const SAME = (args: string): void => {
  expect(readArgs(args)).toEqual({ ok: true, args: JSON.parse(args) as unknown });
  expect(asked(args).why).toBe("no-rule");
  expect(typed(args)).not.toThrow();
};

describe("what is approved is what is sent: refused is", () => {
  attack.for([
    ["a whole number beyond a double, written with a point", '{"n":9007199254740993.0}', '{"n":9007199254740992.0}'],
    ["a whole number beyond a double", '{"n":9007199254740993}', '{"n":9007199254740992}'],
    ["a whole number with an exponent", '{"n":9007199254740993e0}', '{"n":9007199254740991e0}'],
    ["a whole number moved by its exponent", '{"n":90071992547409930e-1}', '{"n":90071992547409920e-1}'],
    ["more places than a double keeps", '{"n":0.1000000000000000055511151231257827}', '{"n":0.1}'],
    ["an amount with too many places", '{"n":100000000000000.005}', '{"n":100000000000.005}'],
    ["a number beyond all doubles", '{"n":1e400}', '{"n":1e300}'],
    ["one below all doubles, which would be nothing", '{"n":1e-400}', '{"n":0e-400}'],
    ["one of the smallest, which would be another", '{"n":3e-324}', '{"n":5e-324}'],
    ["a negative one", '{"n":-9007199254740993.0}', '{"n":-0}'],
    ["one with a capital exponent", '{"n":12345678901234567891E2}', '{"n":1E2}'],
    ["one deep inside", '{"a":[{"b":[1.0,9007199254740993.0]}]}', '{"a":[{"b":[1.0,1.50]}]}'],
    ["a field named twice", '{"n":1,"n":2}', '{"n":1,"N":2}'],
    ["a field named twice by an escape", '{"path":1,"p\\u0061th":2}', '{"path":1,"p\\u0062th":2}'],
    [
      "a field named twice that JavaScript keeps for itself",
      '{"__proto__":1,"__proto__":2}',
      '{"__proto__":1,"constructor":2}',
    ],
    ["half of a character, escaped", '{"t":"a\\ud83d"}', '{"t":"a\\ud83d\\ude00"}'],
    ["half of a character, as it is", '{"t":"a\ud83d"}', '{"t":"a\ud83d\ude00"}'],
    ["half of a character in a name", '{"a\\ude00":1}', '{"a\\u0000":1}'],
    ["a character of which one half is escaped", '{"t":"\\ud83d\ude00"}', '{"t":"\u{1f600}"}'],
  ] as const)("%s: %j", async ([_what, args, neighbour], { control }) => {
    await control(() => SAME(neighbour));
    expect(readArgs(args)).toMatchObject({ ok: false, error: { code: "tool-args-invalid" } });
    expect(asked(args)).toMatchObject({ effect: { kind: "deny" }, why: "bad-args" });
    expect(typed(args)).toThrow("tool-args-invalid");
  });

  attack.for([
    "9007199254740993",
    "9007199254740993.0",
    "0.1000000000000000055511151231257827",
    "1e-400",
    "100000000000000.005",
  ])("%s, typed into a field, and within a field of JSON", async (text, { control }) => {
    const fields = [
      { kind: "number", name: "n", whole: false, minimum: null, maximum: null, required: true },
    ] as unknown as Parameters<typeof readForm>[0];
    await control(() =>
      expect([readForm(fields, { n: "1.50" }), readJson('{"n":1.50}')]).toEqual([
        { ok: true, args: '{"n":1.5}' },
        { ok: true, args: '{"n":1.5}' },
      ]),
    );
    expect(readForm(fields, { n: text })).toMatchObject({ ok: false });
    expect(readJson(`{"t":"1e400","n":[${text}]}`)).toMatchObject({ ok: false });
  });
});
