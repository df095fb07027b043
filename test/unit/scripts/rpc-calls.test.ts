/** Calls of a script, and what becomes of each. */
import { expect, test } from "vitest";
import { told } from "#bridge/told.ts";
import { createCalls } from "../../../scripts/apps/rpc-calls.ts";

const setup = () => {
  const sent: { id: number; method: string }[] = [];
  const calls = createCalls((frame) => sent.push(frame));
  const ends: unknown[] = [];
  const ask = (method: "watch" | "list.page"): void =>
    calls.ask(
      method,
      {},
      (value) => ends.push(value),
      (error) => ends.push((error as Error & { code?: string }).code),
    );
  return { calls, sent, ends, ask };
};

test("an answer reaches the call that it is of, whatever the order, once and while it is read", () => {
  const { calls, sent, ends, ask } = setup();
  ask("watch");
  ask("list.page");
  const [first, second] = sent.map(({ id }) => id) as [number, number];
  calls.answered({ f: "ok", id: second, result: "rows" });
  calls.answered({ f: "error", id: first, error: told("no-model") });
  for (const id of [first, second, 99]) calls.answered({ f: "ok", id, result: "again" });
  expect(ends).toEqual(["rows", "no-model"]);
});

test("a host that goes away refuses what it has not answered, and nothing that is asked after it", () => {
  const { calls, sent, ends, ask } = setup();
  ask("watch");
  calls.drop();
  calls.drop();
  ask("watch");
  calls.answered({ f: "ok", id: sent[0]?.id ?? 0, result: "late" });
  calls.answered({ f: "ok", id: sent[1]?.id ?? 0, result: "new" });
  expect(ends).toEqual(["host-away", "new"]);
});
