/** What a workspace lacks and how long that holds it up, on a clock of its own; and who has a place to give it back. */
import { describe, expect, test } from "vitest";
import type { SignedHead } from "#core/protocol/give-back.ts";
import { laneDoc, LOG } from "#core/protocol/ids.ts";
import type { DocName, MemberId, WorkspaceId } from "#core/protocol/ids.ts";
import { nodeCrypto } from "#node/crypto.ts";
import { createLosses } from "../../../sync-server/server/connections/losses.ts";
import { createRuns } from "../../../sync-server/server/connections/runs.ts";

const WID = "w" as WorkspaceId;
const LANE = laneDoc("ada" as MemberId);
const numbers = { quietMs: 15, stallMs: 120, longestMs: 900 };

const setup = () => {
  const began: string[] = [];
  let at = 1_000;
  const losses = createLosses({
    crypto: nodeCrypto,
    now: () => at,
    numbers,
    began: (wid, doc) => void began.push(`${wid} ${doc}`),
  });
  return { losses, began, pass: (ms: number) => void (at += ms) };
};

describe("what a workspace lacks", () => {
  test("begins with the first proof, and is news only where it says more", () => {
    const { losses, began } = setup();
    expect([losses.has(WID), losses.quiet(WID), losses.missing(WID)]).toEqual([false, false, []]);
    expect([losses.note(WID, LOG, 5), losses.note(WID, LOG, 5), losses.note(WID, LOG, 4)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([losses.note(WID, LOG, 7), losses.note(WID, LANE, 2)]).toEqual([true, true]);
    expect([losses.has(WID), losses.missing(WID), began]).toEqual([
      true,
      [
        [LOG, 7],
        [LANE, 2],
      ],
      [`${WID} ${LOG}`],
    ]);
  });

  test("is over when all is back and nobody gave anything for a while", () => {
    const { losses, pass } = setup();
    losses.note(WID, LOG, 5);
    pass(10);
    losses.hasNow(WID, LOG, 4);
    expect(losses.missing(WID)).toEqual([[LOG, 5]]);
    losses.gotBack(WID, LOG, 3, 3);
    losses.gotBack(WID, LOG, 2, 1);
    losses.moved(WID);
    losses.hasNow(WID, LOG, 5);
    pass(numbers.quietMs - 1);
    expect([losses.missing(WID), losses.quiet(WID)]).toEqual([[], false]);
    pass(1);
    expect([losses.quiet(WID), losses.given(WID)]).toMatchObject([true, { back: new Map([[LOG, 2]]), count: 4 }]);
    losses.recovered(WID);
    expect([losses.has(WID), losses.given(WID).count]).toEqual([false, 0]);
  });

  test("is waited for as long as somebody gives, and then no more, also where it is proven again", () => {
    const { losses, pass } = setup();
    losses.note(WID, LOG, 5);
    pass(numbers.stallMs);
    losses.moved(WID);
    pass(numbers.stallMs);
    expect(losses.stalled(WID)).toBe(false);
    // A later head of what is waited for already is no sign that anybody gives.
    losses.note(WID, LOG, 6);
    pass(1);
    expect(losses.stalled(WID)).toBe(true);
    losses.giveUp(WID, LOG);
    expect([losses.missing(WID), losses.quiet(WID), losses.note(WID, LOG, 9)]).toEqual([[], true, false]);
  });

  test("holds nobody up for longer than the longest time in all, however many pieces are proven", () => {
    const { losses, pass } = setup();
    for (let piece = 1; piece <= 9; piece += 1) {
      losses.note(WID, `queue:q${piece}` as DocName, 1);
      losses.recovered(WID);
      pass(numbers.longestMs / 9);
      expect(losses.isOver(WID)).toBe(false);
    }
    pass(1);
    expect([losses.isOver(WID), losses.stalled(WID), losses.note(WID, LANE, 1), losses.has(WID)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("runs of entries that are given back", () => {
  const head = (s: number, doc: DocName = LOG): SignedHead => ({ w: WID, d: doc, s, h: "h", t: 1, a: 0 }) as SignedHead;
  const giver = (doc: DocName = LOG) => ({ wid: WID, doc });
  const make = () => {
    let at = 0;
    const runs = createRuns<ReturnType<typeof giver>>({ now: () => at, patienceMs: 100, runMax: 50 });
    return { runs, pass: (ms: number) => void (at += ms) };
  };

  test("are taken in order, up to the head and no further", () => {
    const { runs } = make();
    const ada = giver();
    runs.begin(ada, head(5), 2);
    const run = runs.of(ada);
    if (run === undefined) return expect.unreachable("it began");
    expect(runs.take(run, 4, ["x"])).toBe("unfit");
    expect(runs.take(run, 3, ["c"])).toBe("more");
    expect(runs.take(run, 3, ["c"])).toBe("unfit");
    expect(runs.take(run, 4, ["d", "e", "f"])).toBe("unfit");
    expect(runs.take(run, 4, ["d", "e"])).toBe("whole");
    expect(run.entries).toEqual(["c", "d", "e"]);
  });

  test("have no more characters than one may have", () => {
    const { runs } = make();
    const ada = giver();
    runs.begin(ada, head(9), 0);
    const run = runs.of(ada);
    if (run === undefined) return expect.unreachable("it began");
    expect(runs.take(run, 1, ["x".repeat(50)])).toBe("more");
    expect(runs.take(run, 2, ["y"])).toBe("unfit");
  });

  test("have three places for one document; the slowest gives its own, after its time", () => {
    const { runs, pass } = make();
    const [slow, fast, third] = [giver(), giver(), giver()];
    for (const each of [slow, fast, third]) {
      expect(runs.place(WID, LOG)).toEqual({ dropped: null });
      runs.begin(each, head(100), 0);
    }
    for (const [each, length] of [
      [slow, 1],
      [fast, 9],
      [third, 5],
    ] as const) {
      const run = runs.of(each);
      if (run !== undefined) runs.take(run, 1, ["x".repeat(length)]);
    }
    pass(100);
    expect([runs.place(WID, LOG), runs.place(WID, LANE)]).toEqual([null, { dropped: null }]);
    pass(1);
    expect(runs.place(WID, LOG)?.dropped?.[0]).toBe(slow);
    expect([runs.of(slow), runs.of(fast) === undefined]).toEqual([undefined, false]);
    expect(runs.place(WID, LOG)).toEqual({ dropped: null });
  });

  test("of all documents have twelve places", () => {
    const { runs, pass } = make();
    for (let i = 0; i < 12; i += 1) runs.begin(giver(`queue:q${i}` as DocName), head(9), 0);
    expect(runs.place(WID, LOG)).toBeNull();
    pass(101);
    expect(runs.place(WID, LOG)?.dropped).not.toBeNull();
  });

  test("that began anew are not ended by what was asked of the one before", () => {
    const { runs } = make();
    const ada = giver();
    runs.begin(ada, head(5), 2);
    const before = runs.of(ada);
    runs.begin(ada, head(6), 2);
    runs.end(ada, before);
    expect(runs.of(ada)?.head.s).toBe(6);
    runs.end(ada);
    expect(runs.of(ada)).toBeUndefined();
  });
});
