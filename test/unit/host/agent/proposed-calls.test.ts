/** What a model proposes may be called under any name and with anything: each is kept, and refused where it cannot be called. */
import { expect, test } from "vitest";
import { ARGS_MAX } from "#bridge/limits.ts";
import { told } from "#bridge/told.ts";
import { proposedCalls } from "../../../../electron/host/agent/proposed-calls.ts";
import type { ModelCall } from "../../../../electron/host/models/model.ts";

const names = new Map([["files_read", { server: "files", serverName: "Files", tool: "read" }]]);
const proposed = (...calls: Partial<ModelCall>[]) => {
  let made = 0;
  const whole = calls.map((call) => ({ id: "c", name: "files_read", args: "{}", problem: null, ...call }));
  return proposedCalls({ id: "r1", step: 2 }, whole, names, () => `id-${(made += 1)}`);
};

test("a call goes to the tool that the model was told of under that name", () => {
  expect(proposed({ args: '{"path":"a"}' })).toEqual([
    {
      id: "id-1",
      run: "r1",
      step: 2,
      server: "files",
      serverName: "Files",
      tool: "read",
      args: '{"path":"a"}',
      providerId: "c",
      providerName: "files_read",
      state: "proposed",
      reason: null,
    },
  ]);
});

test("two calls under one id, and one under none, get ids of their own", () => {
  const ids = proposed({ id: "c" }, { id: "c" }, { id: "" }).map(({ providerId }) => providerId);
  expect(ids[0]).toBe("c");
  expect(new Set(ids).size).toBe(3);
  expect(ids).not.toContain("");
});

test("what cannot be called is refused with the reason, the first that holds", () => {
  const reasons = proposed(
    { name: "unheard", problem: told("call-args-large") },
    { problem: told("model-empty"), args: "x".repeat(ARGS_MAX + 1) },
    { args: "x".repeat(ARGS_MAX + 1) },
    { args: "[" },
    {},
  ).map(({ state, reason }) => [state, reason?.code]);
  expect(reasons).toEqual([
    ["refused", "no-tool-named"],
    ["refused", "model-empty"],
    ["refused", "call-args-large"],
    ["refused", "tool-args-invalid"],
    ["proposed", undefined],
  ]);
});

test("what is kept of a call is bounded, whatever the model wrote", () => {
  const [call] = proposed({ name: "n".repeat(5_000), args: "x".repeat(ARGS_MAX + 9) });
  expect([call?.tool.length, call?.args.length]).toEqual([200, ARGS_MAX]);
});
