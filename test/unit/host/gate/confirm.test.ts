/** One confirmed call as a state machine: each way out of it, and what a yes is worth afterwards. */
import { describe, expect, test } from "vitest";
import { confirmText } from "#core/protocol/confirm-text.ts";
import type { DeviceId } from "#core/protocol/ids.ts";
import { newLog } from "#core/rules/state.ts";
import type { Log } from "#core/rules/state.ts";
import { keyFromSeed } from "#node/crypto.ts";
import {
  ANSWER_WITHIN_MS,
  approvedBy,
  newConfirm,
  problemOf,
  refusalOfConfirm,
  RUN_WITHIN_MS,
  standsAt,
} from "../../../../electron/host/gate/confirm.ts";
import type { CallNow } from "../../../../electron/host/gate/confirm.ts";
import type { Judgement, ProposedCall } from "../../../../electron/host/seams.ts";
import { WID } from "../../../helpers/agent-world.ts";
import { noted } from "../../../helpers/worded.ts";

const KEY = keyFromSeed("A".repeat(22), "test");
const DEVICE = "device" as DeviceId;
const AT = { launch: "l1", schema: "s1" };
const CALL: ProposedCall = { id: "c", wid: WID, thread: "t", server: "s", tool: "write", args: "{}" };
const RULES: Readonly<Record<string, Judgement>> = {
  allow: { kind: "allow", rule: noted("free") },
  confirm: { kind: "confirm", rule: noted("own") },
  ask: { kind: "ask", rule: noted("two people"), ruleId: "r", queue: "q" },
  deny: { kind: "deny", rule: noted("never") },
  passing: { kind: "deny", rule: noted("later"), passes: true },
};
const current = (rule: keyof typeof RULES, call = CALL): CallNow => ({ call, judged: RULES[rule] as Judgement });
const asked = newConfirm(CALL, { member: "ada", at: AT, rule: noted("own"), now: 0 });
const yes = (device = DEVICE) => approvedBy(asked, device, KEY.sign(confirmText(WID, device, asked.hash)), 100);

/** A log in which Ada's device has that key, and perhaps one that took the place of another. */
const who = (own = DEVICE, rotatedFrom: DeviceId | null = null) => {
  const log: Log = newLog(WID as Log["wid"]);
  const device = { x: KEY.x, rotatedFrom: null } as unknown as Parameters<Log["devices"]["set"]>[1];
  log.devices.set(DEVICE, device);
  if (own !== DEVICE) log.devices.set(own, { ...device, rotatedFrom });
  return { log, me: "ada", device: own };
};

describe("[CF3] a call that waits for its person", () => {
  test.each([
    ["confirm", "confirming"],
    ["allow", "confirming"],
    ["passing", "confirming"],
    ["ask", "refused"],
    ["deny", "refused"],
  ] as const)("under a rule that says %s is %s", (rule, state) => {
    const now = standsAt(asked, ANSWER_WITHIN_MS, () => current(rule));
    expect(now.state).toBe(state);
    expect(now === asked).toBe(state === "confirming");
  });

  test("ends with its time, and with its call", () => {
    const late = standsAt(asked, ANSWER_WITHIN_MS + 1, () => current("confirm"));
    expect([late.state, late.reason?.code]).toEqual(["expired", "not-answered"]);
    expect(standsAt(asked, 1, () => null).state).toBe("canceled");
  });

  test("ends once: what is over stands for ever, whatever the rules say then", () => {
    for (const state of ["rejected", "canceled", "expired", "refused"] as const) {
      const over = { ...asked, state };
      expect(standsAt(over, 100 * ANSWER_WITHIN_MS, () => null)).toBe(over);
    }
  });
});

describe("[CF3] a yes", () => {
  test("waits an hour for its tool, and asks for nothing meanwhile", () => {
    const nobody = () => expect.unreachable("what is confirmed is judged when it runs");
    expect(standsAt(yes(), 100 + RUN_WITHIN_MS, nobody)).toEqual(yes());
    const unused = standsAt(yes(), 101 + RUN_WITHIN_MS, nobody);
    expect([unused.state, unused.reason?.code]).toEqual(["expired", "confirmed-unused"]);
  });

  test.each([
    ["nothing else", current("confirm"), AT, undefined],
    ["a tool that is away", current("confirm"), null, undefined],
    ["no call", null, AT, "confirmed-other-call"],
    ["other arguments", current("confirm", { ...CALL, args: '{"a":1}' }), AT, "confirmed-other-call"],
    ["another way to start", current("confirm"), { ...AT, launch: "l2" }, "confirmed-tool-changed"],
    ["another description", current("confirm"), { ...AT, schema: "s2" }, "confirmed-tool-changed"],
    ["a rule that asks", current("ask"), AT, "rule-stricter"],
    ["a rule that denies", current("deny"), AT, "call-denied"],
  ] as const)("is asked for with %s by then: %#", (_, found, tool, code) => {
    expect(problemOf(asked, { member: "ada", current: found, tool })?.code).toBe(code);
    expect(problemOf(asked, { member: "bob", current: found, tool })).not.toBeNull();
  });
});

describe("[CF3] a call may run", () => {
  const code = (...given: Parameters<typeof refusalOfConfirm>) => refusalOfConfirm(...given)?.code;

  test("with a yes of this computer over exactly these bytes, and with nothing less", () => {
    expect(code(yes(), current("confirm"), AT, who())).toBeUndefined();
    expect(code(null, current("allow"), AT, who())).toBeUndefined();
    expect(code(null, current("confirm"), AT, who())).toBe("call-not-confirmed");
    expect(code(asked, current("confirm"), AT, who())).toBe("call-not-confirmed");
    expect(code({ ...yes(), signature: yes().hash }, current("confirm"), AT, who())).toBe("call-not-confirmed");
    expect(code(yes(), current("ask"), AT, who())).toBe("rule-stricter");
    expect(code(yes(), current("confirm", { ...CALL, args: "[]" }), AT, who())).toBe("confirmed-other-call");
    expect(code(yes(), current("confirm"), { ...AT, schema: "s2" }, who())).toBe("confirmed-tool-changed");
    expect(code(yes(), current("confirm"), AT, { ...who(), me: "bob" })).toBe("confirmed-other-call");
  });

  test("under the key that took the place of the one that signed, and not under a stranger's", () => {
    const next = "next" as DeviceId;
    expect(code(yes(), current("confirm"), AT, who(next, DEVICE))).toBeUndefined();
    expect(code(yes(), current("confirm"), AT, who(next))).toBe("call-not-confirmed");
  });
});
