import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isOver,
  isSettled,
  next,
  REPEATS_MAX,
  STEPS_MAX,
  transition,
  type Action,
  type CallState,
  type Run,
  type RunEvent,
} from "../../electron/host/agent/run.ts";

const fresh = (kind: Run["kind"] = "agent"): Run => ({ id: "run", kind, phase: "model", step: 1, calls: [] });
const states: readonly CallState[] = [
  "proposed",
  "confirming",
  "queued",
  "waiting",
  "approved",
  "running",
  "done",
  "failed",
  "rejected",
  "refused",
  "canceled",
  "expired",
  "unknown",
];
const ids = ["a", "b", "c", "d", "e", "f"];

const event: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("model.done" as const),
    calls: fc.array(
      fc.record({
        id: fc.constantFrom(...ids),
        key: fc.constantFrom("k1", "k2", "k3"),
        state: fc.constantFrom("proposed" as const, "refused" as const),
      }),
      { maxLength: 3 },
    ),
    more: fc.boolean(),
  }),
  fc.constant({ kind: "model.failed" as const }),
  fc.record({ kind: fc.constant("call" as const), call: fc.constantFrom(...ids), to: fc.constantFrom(...states) }),
  fc.record({
    kind: fc.constant("edit" as const),
    call: fc.constantFrom(...ids),
    key: fc.constantFrom("k1", "k4"),
    to: fc.constantFrom("confirming" as const, "queued" as const, "approved" as const),
  }),
  fc.constant({ kind: "stop" as const }),
  fc.constant({ kind: "recover" as const }),
);

/** Ids are made anew for each call by the engine; a script that repeats one is not a run. */
const fits = (run: Run, each: RunEvent): boolean =>
  each.kind !== "model.done" ||
  (new Set(each.calls.map((call) => call.id)).size === each.calls.length &&
    each.calls.every((call) => run.calls.every((known) => known.id !== call.id)));

describe("[T19] whatever happens to a run, in whatever order", () => {
  test("no call starts twice, none starts without an approval of the very arguments it has, and what is settled stays", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.boolean(), (events, direct) => {
        let run = fresh(direct ? "direct" : "agent");
        const started = new Map<string, number>();
        /** For each call, the arguments that were last approved. */
        const approved = new Map<string, string>();
        for (const each of events) {
          if (!fits(run, each)) continue;
          const before = run;
          const moved = transition(run, each);
          if (moved === null) continue;
          run = moved.run;
          for (const call of run.calls) {
            const was = before.calls.find((known) => known.id === call.id)?.state;
            if (call.state === "approved") approved.set(call.id, call.key);
            const key = before.calls.find((known) => known.id === call.id)?.key;
            if (key !== undefined && key !== call.key) {
              expect(each.kind).toBe("edit");
              expect(["confirming", "queued", "waiting", "approved"]).toContain(was);
              expect(["confirming", "queued", "approved"]).toContain(call.state);
            }
            if (call.state === "running" && was !== "running") {
              started.set(call.id, (started.get(call.id) ?? 0) + 1);
              expect(approved.get(call.id)).toBe(call.key);
              expect(isOver(before.phase)).toBe(false);
            }
            if (was !== undefined && isSettled(was)) expect(call.state).toBe(was);
            if (was === "running" && call.state !== "running")
              expect(["done", "failed", "unknown"]).toContain(call.state);
          }
          if (isOver(before.phase)) expect(run.phase).toBe(before.phase);
          expect(run.step).toBeGreaterThanOrEqual(before.step);
          expect(run.step).toBeLessThanOrEqual(STEPS_MAX);
        }
        for (const times of started.values()) expect(times).toBe(1);
      }),
      { numRuns: 2_000 },
    );
  });

  test("an unfinished run always has something to do, something running, or somebody to wait for", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let run = fresh();
        for (const each of events) if (fits(run, each)) run = transition(run, each)?.run ?? run;
        if (isOver(run.phase)) {
          expect(next(run)).toEqual([]);
          expect(run.calls.every((call) => isSettled(call.state) || call.state === "running")).toBe(true);
        } else {
          expect(next(run).length + run.calls.filter((call) => call.state === "running").length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("after a recovery nothing runs, nothing that ran is run again, and the run can still end", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (events, choices) => {
        let run = fresh();
        for (const each of events) if (fits(run, each)) run = transition(run, each)?.run ?? run;
        const ran = new Set(run.calls.filter((call) => call.state === "running").map((call) => call.id));
        run = transition(run, { kind: "recover" })?.run ?? run;
        expect(run.calls.some((call) => call.state === "running")).toBe(false);
        for (const call of run.calls) if (ran.has(call.id)) expect(call.state).toBe("unknown");
        for (let round = 0; round < 200 && !isOver(run.phase); round += 1) {
          const action = next(run)[0];
          if (action === undefined) throw new Error("stuck");
          if (action.kind === "execute") expect(ran.has(action.call)).toBe(false);
          run = answerTo(run, action, choices.next().value ?? 0);
        }
        expect(isOver(run.phase)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

const answerTo = (run: Run, action: Action, choice: number): Run => {
  const move = (call: string, ...path: CallState[]): Run =>
    path.reduce((now, to) => transition(now, { kind: "call", call, to })?.run ?? now, run);
  if (action.kind === "model")
    return transition(run, { kind: "model.done", calls: [], more: choice % 3 === 0 && run.step < 10 })?.run ?? run;
  if (action.kind === "judge")
    return move(action.call, (["approved", "queued", "confirming"] as const)[choice % 3] ?? "queued");
  if (action.kind === "follow")
    return move(action.call, (["approved", "rejected", "expired", "refused"] as const)[choice % 4] ?? "refused");
  return move(action.call, "running", choice % 2 === 0 ? "done" : "failed");
};

const after = (run: Run, each: RunEvent): Run => {
  const moved = transition(run, each);
  if (moved === null) throw new Error(`${each.kind} means nothing here`);
  return moved.run;
};

describe("[T20] an edit of the arguments", () => {
  const asked = (state: CallState): Run => ({
    ...fresh(),
    phase: "calls",
    calls: [{ id: "a", step: 1, key: "old", state }],
  });
  const edit = (run: Run, to: "confirming" | "queued" | "approved" = "queued") =>
    transition(run, { kind: "edit", call: "a", key: "new", to });

  test.each(["confirming", "queued", "waiting", "approved"] as const)(
    "of a call that is %s begins anew as the gate says",
    (state) => {
      for (const to of ["confirming", "queued", "approved"] as const) {
        const moved = edit(asked(state), to);
        expect(moved?.changed).toEqual([{ id: "a", step: 1, key: "new", state: to }]);
        expect(next(moved?.run as Run)).toEqual([{ kind: to === "approved" ? "execute" : "follow", call: "a" }]);
      }
    },
  );

  test.each([
    "proposed",
    "running",
    "done",
    "failed",
    "rejected",
    "refused",
    "canceled",
    "expired",
    "unknown",
  ] as const)("of a call that is %s comes too late", (state) => {
    expect(edit(asked(state))).toBeNull();
  });

  test("comes too late in a run that is over", () => {
    for (const phase of ["done", "failed", "stopped"] as const) expect(edit({ ...asked("waiting"), phase })).toBeNull();
  });
});

describe("limits", () => {
  test(`the same call ${REPEATS_MAX} times ends the run before it is made`, () => {
    let run = fresh();
    for (let n = 1; n < REPEATS_MAX; n += 1) {
      run = after(run, { kind: "model.done", calls: [{ id: `c${n}`, key: "same", state: "proposed" }], more: false });
      for (const to of ["approved", "running", "done"] as const) run = after(run, { kind: "call", call: `c${n}`, to });
    }
    const last = transition(run, {
      kind: "model.done",
      calls: [{ id: "last", key: "same", state: "proposed" }],
      more: false,
    });
    expect(last).toMatchObject({
      limit: "loop",
      run: { phase: "failed" },
      changed: [{ id: "last", state: "canceled" }],
    });
  });
});
