/** Waiting for what a connection brings. */
import { expect, test } from "vitest";
import { createLooks } from "../../../scripts/apps/looks.ts";
import { RpcRefusal } from "../../../scripts/apps/rpc-calls.ts";

/** Never reached where a test does not mean it. */
const LONG_MS = 60_000;

test("what is there is found at once, and what comes later after the change that brings it", async () => {
  const { until, wake } = createLooks();
  expect(await until(() => "here", "it", LONG_MS)).toBe("here");
  let value: number | undefined;
  const later = until(() => value, "a number", LONG_MS);
  wake();
  value = 7;
  wake();
  value = 8;
  expect(await later).toBe(7);
});

test("once the connection closed, what is here is still found and the rest is refused by name", async () => {
  const { until, end, ended } = createLooks();
  const never = until(() => undefined, "the answer", LONG_MS);
  expect(ended()).toBe(false);
  end();
  await expect(never).rejects.toMatchObject({ code: "closed", message: expect.stringContaining("the answer") });
  await expect(until(() => undefined, "another", LONG_MS)).rejects.toBeInstanceOf(RpcRefusal);
  expect([await until(() => "kept", "it", LONG_MS), ended()]).toEqual(["kept", true]);
});

test("what does not come in time is told by name", async () => {
  await expect(createLooks().until(() => undefined, "a card", 1)).rejects.toThrow("Waited 1 ms for a card.");
});
