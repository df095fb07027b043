/** Whatever happens to an own call that its person confirms, in whatever order: it may run only as they last saw and confirmed it. */
import { noted } from "../helpers/worded.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { confirmText } from "#core/protocol/confirm-text.ts";
import { ANSWER_WITHIN_MS, RUN_WITHIN_MS } from "../../electron/host/gate/confirm.ts";
import { createConfirming } from "../../electron/host/gate/confirming.ts";
import { Refusal } from "#core/facts/refusal.ts";
import type { Judgement, ProposedCall, Tools } from "../../electron/host/seams.ts";
import type { Confirm, ConfirmStore } from "../../electron/host/store/confirms.ts";
import { keyFromSeed } from "#node/crypto.ts";
import type { Live } from "#client/live.ts";

const DEVICE = "device";
const KEY = keyFromSeed("A".repeat(22), "test");

type Step =
  | { readonly kind: "ask" | "cancel" }
  /** The click on the card that is there now, or on the first one that ever was. */
  | { readonly kind: "answer"; readonly vote: "approve" | "reject"; readonly stale: boolean }
  | { readonly kind: "edit"; readonly args: string }
  | { readonly kind: "tool"; readonly launch: string; readonly schema: string }
  | { readonly kind: "rule"; readonly to: Judgement["kind"] }
  | { readonly kind: "pass"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "ask" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      vote: fc.constantFrom("approve" as const, "approve" as const, "reject" as const),
      stale: fc.boolean(),
    }),
  },
  fc.constant({ kind: "cancel" as const }),
  fc.record({ kind: fc.constant("edit" as const), args: fc.constantFrom("{}", '{"a":1}') }),
  fc.record({
    kind: fc.constant("tool" as const),
    launch: fc.constantFrom("l1", "l2"),
    schema: fc.constantFrom("s1", "s2"),
  }),
  fc.record({
    kind: fc.constant("rule" as const),
    to: fc.constantFrom("allow" as const, "confirm" as const, "confirm" as const, "ask" as const, "deny" as const),
  }),
  fc.record({
    kind: fc.constant("pass" as const),
    ms: fc.constantFrom(60_000, RUN_WITHIN_MS + 1, ANSWER_WITHIN_MS + 1),
  }),
);

const memory = (): ConfirmStore => {
  const rows = new Map<string, Confirm>();
  const all = (wid: string) => [...rows.values()].filter((row) => row.wid === wid);
  return {
    add: (row) => void rows.set(row.call, row),
    get: (call) => rows.get(call) ?? null,
    byHash: (wid, hash) => all(wid).find((row) => row.hash === hash) ?? null,
    remove: (call) => void rows.delete(call),
    open: (wid) => all(wid).filter(({ state }) => state === "confirming" || state === "approved"),
    over: (wid) => all(wid).filter(({ state }) => state !== "confirming"),
    save: (row) => void (rows.get(row.call)?.hash === row.hash && rows.set(row.call, row)),
  };
};

const world = () => {
  let now = 1;
  let call: ProposedCall = { id: "c", wid: "w", thread: "t", server: "s", tool: "write", args: "{}" };
  let tool = { launch: "l1", schema: "s1" };
  let rule: Judgement["kind"] = "confirm";
  const confirms = memory();
  const judge = (): Judgement =>
    rule === "ask" ? { kind: "ask", rule: noted(""), ruleId: "r", queue: "q" } : { kind: rule, rule: noted("") };
  const live = {
    wid: "w",
    me: "ada",
    device: DEVICE,
    log: { devices: new Map([[DEVICE, { x: KEY.x, rotatedFrom: null }]]) },
    signer: () => ({ confirm: async (wid: string, hash: string) => KEY.sign(confirmText(wid, DEVICE, hash)) }),
  } as unknown as Live;
  const tools = { find: () => ({ launch: tool.launch, def: { schema: tool.schema } }) } as unknown as Tools;
  const confirming = createConfirming({
    live: () => live,
    confirms,
    tools,
    now: () => now,
    proposed: () => call,
    judge,
    changed: () => undefined,
  });
  /** What the person looks at, as one text. */
  const shown = (): string => JSON.stringify([call.args, tool]);
  const permitted = (): boolean => {
    const judged = judge();
    // As the gate: what the policy denies is refused before anything else is asked.
    return (
      judged.kind !== "deny" &&
      !(judged.kind === "ask" && confirms.get("c") === null) &&
      confirming.refusal(live, call, tool, judged) === null
    );
  };
  return {
    confirms,
    confirming,
    judge,
    shown,
    permitted,
    now: () => now,
    call: () => call,
    pass: (ms: number) => void (now += ms),
    set: (change: { args?: string; tool?: typeof tool; rule?: Judgement["kind"] }) => {
      if (change.args !== undefined) call = { ...call, args: change.args };
      tool = change.tool ?? tool;
      rule = change.rule ?? rule;
    },
  };
};
type World = ReturnType<typeof world>;

/** Answers whether it was taken. */
const answered = async ({ confirming }: World, card: Confirm | null, vote: "approve" | "reject"): Promise<boolean> => {
  if (card === null) return false;
  try {
    await confirming.answer(card, vote, "");
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
};

/** Answers what the person has confirmed by it, null where what stood is gone, and undefined where neither changed. */
const act = async (w: World, each: Step, first: Confirm | null): Promise<string | null | undefined> => {
  const row = w.confirms.get("c");
  switch (each.kind) {
    case "ask":
      if (row === null && w.judge().kind === "confirm") w.confirming.ask(w.call(), noted(""));
      return undefined;
    case "cancel":
      w.confirming.cancel("c");
      return null;
    case "answer":
      return (await answered(w, each.stale ? first : row, each.vote))
        ? each.vote === "approve"
          ? w.shown()
          : null
        : undefined;
    case "edit":
      if (w.judge().kind !== "confirm" || (row !== null && row.state !== "confirming" && row.state !== "approved"))
        return undefined;
      w.set({ args: each.args });
      w.confirms.add(w.confirming.draft(w.call(), noted("")));
      return null;
    case "tool":
      w.set({ tool: { launch: each.launch, schema: each.schema } });
      return undefined;
    case "rule":
      w.set({ rule: each.to });
      return undefined;
    case "pass":
      w.pass(each.ms);
      return undefined;
  }
};

test("[T32] [CF2] [CF3] no order of events lets it run otherwise than as it was last confirmed, in time, and under a rule that wants no more", async () => {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const w = world();
      /** What was last confirmed, and when; null where nothing stands. */
      let yes: { readonly shown: string; readonly at: number } | null = null;
      let first: Confirm | null = null;
      for (const each of steps) {
        const said = await act(w, each, first);
        first ??= w.confirms.get("c");
        if (said !== undefined) yes = said === null ? null : { shown: said, at: w.now() };
        const confirmedNow = yes !== null && yes.shown === w.shown() && w.now() - yes.at <= RUN_WITHIN_MS;
        const kind = w.judge().kind;
        const freely = kind === "allow" && w.confirms.get("c") === null;
        if (w.permitted()) {
          expect(freely || (confirmedNow && (kind === "confirm" || kind === "allow"))).toBe(true);
          if (!freely) ran += 1;
        }
      }
    }),
    { numRuns: 1_500 },
  );
  // Positive control: it did run, confirmed.
  expect(ran).toBeGreaterThan(50);
});
