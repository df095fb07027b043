/** How the host is put together: ports that are filled later, and the one interval. */
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createBeat } from "../../../electron/host/beat.ts";
import { allFilled, late } from "../../../electron/host/late.ts";

describe("a port that is filled later", () => {
  test("leads to what it was filled with", () => {
    const port = late<{ readonly at: number }>("the gate");
    port.leadTo({ at: 7 });
    expect(port().at).toBe(7);
    expect(() => allFilled(port)).not.toThrow();
  });

  test("says by name that it was asked too early, that it was left open, and that it was filled twice", () => {
    const [gate, cards] = [late<object>("the gate"), late<object>("the cards")];
    expect(() => gate()).toThrow("the gate is asked before it is there");
    gate.leadTo({});
    expect(() => allFilled(gate, cards)).toThrow("nothing stands behind the cards");
    expect(() => gate.leadTo({})).toThrow("the gate is there already");
  });
});

describe("the beat", () => {
  test("looks at everything in its order, at what is slower with the first beat that is due, and at nothing that left", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const seen: string[] = [];
    const beat = createBeat(1_000);
    const leave = beat.each(() => void seen.push("a"));
    beat.each(() => void seen.push("slow"), 2_500);
    beat.each(() => void seen.push("b"));
    vi.advanceTimersByTime(3_000);
    expect(seen).toEqual(["a", "b", "a", "b", "a", "slow", "b"]);
    leave();
    vi.advanceTimersByTime(1_000);
    expect(seen.slice(7)).toEqual(["b"]);
    beat.close();
    vi.advanceTimersByTime(9_000);
    expect(seen).toHaveLength(8);
  });
});
