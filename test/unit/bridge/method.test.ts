import { expect, test } from "vitest";
import { z } from "zod";
import { method } from "#bridge/method.ts";

const named = z.strictObject({ wid: z.string() });
const nameless = z.strictObject({});
const result = z.strictObject({});

test("a row without its right or its windows, or with a right of nowhere, does not compile", () => {
  const whole = method({ params: named, result, windows: ["main"], needs: "policy.edit" });
  expect(whole.needs).toBe("policy.edit");
  // @ts-expect-error: nobody said who may
  method({ params: named, result, windows: ["main"] });
  // @ts-expect-error: nobody said from where
  method({ params: named, result, needs: "policy.edit" });
  // @ts-expect-error: no window at all
  method({ params: named, result, windows: [], needs: "policy.edit" });
  // @ts-expect-error: no such right
  method({ params: named, result, windows: ["main"], needs: "policy.rewrite" });
  // @ts-expect-error: the parameters name no workspace in which it could be asked
  method({ params: nameless, result, windows: ["main"], needs: "policy.edit" });
  // @ts-expect-error: a reason is missing
  method({ params: named, result, windows: ["main"], needs: { in: "handler" } });
});
