/** One document's claim, step by step. What the witness makes of it stands in witness.test.ts. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  grown,
  headed,
  hungUp,
  KEEPS_WORD_MS,
  naming,
  NO_CLAIM,
  owesSome,
  refusing,
  rolledBack,
  showsAll,
  silent,
  SILENT_MS,
  tookBack,
  welcomed,
  withheld,
} from "#client/copy/claim.ts";
import type { Claim, Head } from "#client/copy/claim.ts";

const START = 1_800_000_000_000;
const HOUR = 3_600_000;
const head = (s: number, t: number, a = 0): Head => ({ s, h: `h${s}`, t: START + t, a });
/** The claim after a head dated `t`, heard at `at`, of somebody who has `have`. */
const after = (claim: Claim, { s, t, at, have = 2 }: { s: number; t: number; at: number; have?: number }) =>
  headed(claim, head(s, t), { have, notBefore: START - HOUR, moment: { date: START + at, at } }, `head ${s} ${t}`);
const up = welcomed(NO_CLAIM, 2, 2, 0, "welcome");

describe("[LY1] a claim that is short", () => {
  test("is a rollback once its time is over, while there is a connection, and not before", () => {
    const short = welcomed(NO_CLAIM, 1, 2, 0, "one");
    expect([rolledBack(short, KEEPS_WORD_MS), rolledBack(short, KEEPS_WORD_MS + 1)]).toEqual([null, "one"]);
    expect(rolledBack(hungUp(short, 5), 10 * KEEPS_WORD_MS)).toBeNull();
    expect(rolledBack(tookBack(short, 10), KEEPS_WORD_MS + 10)).toBeNull();
    expect(rolledBack(tookBack(short, 10), KEEPS_WORD_MS + 11)).toBe("one");
  });

  test("has the same time however often it hangs up and comes again with as little", () => {
    const stays = fc.array(fc.record({ here: fc.nat(8_000), away: fc.nat(HOUR) }), { maxLength: 12 });
    fc.assert(
      fc.property(stays, (times) => {
        let claim = NO_CLAIM;
        let at = 0;
        let here = 0;
        for (const stay of times) {
          claim = welcomed(claim, 1, 2, at, "one");
          at += stay.here;
          here += stay.here;
          expect(rolledBack(claim, at) === null).toBe(here <= KEEPS_WORD_MS);
          claim = hungUp(claim, at);
          at += stay.away;
        }
      }),
    );
  });

  test.each<[string, (claim: Claim, at: number) => Claim]>([
    ["dial that the server hangs up before it answers", (claim) => claim],
    ["welcome that names all, and no head that shows it", (claim, at) => welcomed(claim, 2, 2, at, "all")],
    ["head that is old", (claim, at) => refusing(welcomed(claim, 2, 2, at, "all"), "head-old", "old")],
  ])(
    "has no more time for a %s in between; the controls: it has for a head that shows all, and for a word that is kept",
    (_what, between) => {
      const first = hungUp(welcomed(NO_CLAIM, 1, 2, 0, "one"), 20_000);
      const again = (claim: Claim): Claim => welcomed(hungUp(claim, 21_000), 1, 2, 22_000, "one");
      const claim = again(between(first, 20_500));
      expect([rolledBack(claim, 32_000), rolledBack(claim, 32_001)]).toEqual([null, "one"]);
      const byHead = after(hungUp(between(first, 20_500), 21_000), { s: 1, t: 22_000, at: 22_000 }).claim;
      expect(rolledBack({ ...byHead, upSince: 22_000 }, 32_001)).toBe("head 1 22000");
      const shown = again(after(welcomed(first, 2, 2, 20_500, "all"), { s: 2, t: 20_600, at: 20_600 }).claim);
      expect([rolledBack(shown, 52_000), rolledBack(shown, 52_001)]).toEqual([null, "one"]);
      const stood = hungUp(welcomed(first, 2, 2, 20_500, "all"), 20_501 + KEEPS_WORD_MS);
      expect(rolledBack(welcomed(stood, 1, 2, HOUR, "one"), HOUR + KEEPS_WORD_MS)).toBeNull();
      const later = after(welcomed(first, 2, 2, 20_500, "all"), { s: 1, t: HOUR, at: HOUR }).claim;
      expect(rolledBack(later, HOUR + KEEPS_WORD_MS)).toBeNull();
      const taken = again(tookBack(first, 20_500));
      expect([rolledBack(taken, 52_000), rolledBack(taken, 52_001)]).toEqual([null, "one"]);
    },
  );

  test("is forgiven by a head that has all", () => {
    const short = after(up, { s: 1, t: 1, at: 1 });
    expect([short.counts, owesSome(short.claim), showsAll(short.claim, 2)]).toEqual([false, true, false]);
    const whole = after(short.claim, { s: 2, t: 2, at: 2 });
    expect([whole.counts, owesSome(whole.claim), showsAll(whole.claim, 2)]).toEqual([true, false, true]);
  });
});

describe("[LY5] a length that was named", () => {
  test("is withheld after 30 s without progress, counted from the first word of it", () => {
    const named = naming(naming(up, 5, 2, 0, "five"), 6, 2, 20_000, "six");
    expect([withheld(named, 2, KEEPS_WORD_MS), withheld(named, 2, KEEPS_WORD_MS + 1)]).toEqual([null, "six"]);
    const more = grown(named, 4, KEEPS_WORD_MS);
    expect([withheld(more, 4, 2 * KEEPS_WORD_MS), withheld(more, 4, 2 * KEEPS_WORD_MS + 1)]).toEqual([null, "six"]);
    expect(owesSome(grown(more, 6, 2 * KEEPS_WORD_MS))).toBe(false);
  });

  test("is none where it is here already, where less was named, or where it only waits to be verified", () => {
    expect(naming(up, 2, 2, 0, "two")).toBe(up);
    const five = naming(up, 5, 2, 0, "five");
    expect(naming(five, 4, 2, 1, "four")).toBe(five);
    expect(withheld(five, 5, HOUR)).toBeNull();
    expect(withheld(hungUp(five, 1), 2, HOUR)).toBeNull();
  });
});

describe("[LY6] a head", () => {
  test("counts when it is newer, and is old when it is repeated later", () => {
    const one = after(up, { s: 2, t: 10, at: 10 });
    expect(one.counts).toBe(true);
    // Signed once for all readers of a moment.
    expect(after(one.claim, { s: 2, t: 10, at: 1_000 }).counts).toBe(true);
    const again = after(one.claim, { s: 2, t: 10, at: 10_000 });
    expect([again.counts, again.claim.refused?.code]).toEqual([false, "head-old"]);
    expect(after(again.claim, { s: 2, t: 11, at: 11_000 }).claim.refused).toBeNull();
  });

  test("is old where it is dated before the newest entry, however new it is", () => {
    const moment = { date: START, at: 0 };
    const dated = (notBefore: number) => headed(up, head(2, 5), { have: 2, notBefore, moment }, "head").counts;
    expect([dated(START + 6), dated(START + 5)]).toEqual([false, true]);
  });

  test("that is dated before the last one counts only where the clock was far off and is right again", () => {
    const far = after(up, { s: 2, t: 5 * HOUR, at: 0 });
    expect([far.counts, after(far.claim, { s: 2, t: 60_000, at: 60_000 }).counts]).toEqual([true, true]);
    const near = after(up, { s: 2, t: HOUR / 2, at: 0 });
    expect([near.counts, after(near.claim, { s: 2, t: 60_000, at: 60_000 }).counts]).toEqual([true, false]);
    const right = after(far.claim, { s: 2, t: 60_000, at: 60_000 }).claim;
    expect(after(right, { s: 2, t: 50_000, at: 90_000 }).counts).toBe(false);
  });

  test("is missed after a minute, and the reason is the last one that did not count", () => {
    expect([silent(up, SILENT_MS), silent(up, SILENT_MS + 1)?.code]).toEqual([null, "frozen"]);
    const old = refusing(up, "head-old", "old");
    expect([silent(old, SILENT_MS), silent(old, SILENT_MS + 1)?.code]).toEqual([null, "head-old"]);
    expect(silent(refusing(up, "head-signature", "forged"), 0)?.code).toBe("head-signature");
    expect(silent(hungUp(up, 1), HOUR)).toBeNull();
    const counted = after(up, { s: 2, t: 40_000, at: 40_000 }).claim;
    expect([silent(counted, 40_000 + SILENT_MS), silent(counted, 40_001 + SILENT_MS)?.code]).toEqual([null, "frozen"]);
  });
});
