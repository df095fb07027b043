/** Which date an entry gets, by the clocks of the server and of its author. */
import { describe, expect, test } from "vitest";
import { AGREE_MS, createTimeline, watchClock } from "../../../sync-server/server/order/timeline.ts";
import { testClock } from "../../helpers/clock.ts";

const DAY = 86_400_000;
const RIGHT = 1_800_000_000_000;

/** A server that starts `off` the right time, and whose log ends at `reached`. */
const started = (off = 0, reached = { time: RIGHT - DAY, ahead: 0 }) => {
  const real = testClock(RIGHT);
  let wall = off;
  const lines: { event: string; ms?: number | undefined }[] = [];
  const clocks = watchClock(
    { now: () => real.now() + wall, monotonic: real.monotonic },
    (fields) => void lines.push({ event: fields.event, ms: fields.ms }),
  );
  const timeline = createTimeline(clocks, (event, ms) => void lines.push({ event, ms }));
  /** Somebody's clock that is `by` ms off. */
  const author = (by = 0, who = "ada") => ({ who, ahead: RIGHT + by });
  return {
    timeline,
    lines,
    reached,
    author,
    set: (ms: number) => void (wall += ms),
    pass: real.advance,
    right: real.now,
  };
};

describe("[SV47] a clock that is right, or right enough", () => {
  test("dates, whatever the author's clock says within an hour", () => {
    const { timeline, reached, author, lines } = started();
    for (const by of [0, AGREE_MS, -AGREE_MS]) expect(timeline.stamp(reached, author(by))).toEqual({ t: RIGHT, a: 0 });
    expect(timeline.stamp(reached, undefined)).toEqual({ t: RIGHT, a: 0 });
    expect(lines).toEqual([]);
  });

  test("is followed where it drifts, and dates no entry before the newest one", () => {
    const { timeline, author, set } = started();
    set(9_000);
    expect(timeline.stamp({ time: RIGHT, ahead: 0 }, author())).toEqual({ t: RIGHT + 9_000, a: 0 });
    expect(timeline.stamp({ time: RIGHT + 60_000, ahead: 0 }, author())).toEqual({ t: RIGHT + 60_000, a: 0 });
  });

  test("goes on for an author whose clock is ahead", () => {
    const { timeline, reached, author } = started();
    expect(timeline.stamp(reached, author(2 * DAY))).toEqual({ t: RIGHT, a: 0 });
  });
});

describe("[SV47] a wall clock that is set while the server runs", () => {
  test.each([2 * DAY, -2 * DAY, 15 * 60_000, -15 * 60_000])("by %d ms is logged once and not stamped", (jump) => {
    const { timeline, reached, author, set, lines, pass } = started();
    timeline.stamp(reached, author());
    set(jump);
    for (const each of [author(), undefined]) expect(timeline.stamp(reached, each)).toEqual({ t: RIGHT, a: 0 });
    pass(5_000);
    expect(timeline.stamp(reached, author())).toEqual({ t: RIGHT + 5_000, a: 0 });
    expect(lines).toEqual([{ event: "clock-jumped", ms: jump }]);
  });

  test("counts where it agrees with the author's: after a sleep, and when a wrong one is set right", () => {
    const slept = started();
    slept.timeline.stamp(slept.reached, slept.author());
    slept.set(8 * 3_600_000);
    expect(slept.timeline.stamp(slept.reached, slept.author(8 * 3_600_000))).toEqual({
      t: RIGHT + 8 * 3_600_000,
      a: 0,
    });
    const wrong = started(2 * DAY);
    expect(wrong.timeline.stamp(wrong.reached, wrong.author())).toBe("clocks-differ");
    wrong.set(-2 * DAY);
    expect(wrong.timeline.now(wrong.reached)).toEqual({ t: RIGHT + 2 * DAY, a: 0 });
    wrong.timeline.heard(wrong.author());
    expect(wrong.timeline.now(wrong.reached)).toEqual({ t: RIGHT, a: 0 });
  });
});

describe("[SV47] a server that starts with a wrong clock", () => {
  test("stamps nothing ahead of its author, and names the clock by those of others", () => {
    const { timeline, reached, author, lines } = started(2 * DAY);
    expect(timeline.stamp(reached, author())).toBe("clocks-differ");
    timeline.heard(author(0, "ben"));
    expect(timeline.stamp(reached, author())).toBe("server-clock");
    for (const who of ["cleo", "dan"]) timeline.heard(author(2 * DAY, who));
    expect(timeline.stamp(reached, author())).toBe("own-clock");
    expect(lines).toEqual([{ event: "clock-ahead", ms: 2 * DAY }]);
    // The control: whose clock agrees is taken.
    expect(timeline.stamp(reached, author(2 * DAY, "cleo"))).toEqual({ t: RIGHT + 2 * DAY, a: 0 });
  });

  test("dates on from the newest entry while it is behind, and rightly when it is set", () => {
    const { timeline, reached, author, lines, pass, set } = started(-365 * DAY);
    expect(timeline.stamp(reached, author())).toEqual({ t: reached.time, a: 0 });
    pass(60_000);
    expect(timeline.stamp(reached, author())).toEqual({ t: reached.time + 60_000, a: 0 });
    set(365 * DAY);
    expect(timeline.stamp(reached, author())).toEqual({ t: RIGHT + 60_000, a: 0 });
    expect(lines.map(({ event }) => event)).toEqual(["clock-behind", "clock-jumped"]);
  });

  test("dates rightly again after entries that were dated ahead, and the workspace's time goes on", () => {
    const ahead = { time: RIGHT + 2 * DAY, ahead: 0 };
    const { timeline, author, lines } = started(0, ahead);
    // Only with the author's word: the newest entry may be right, and this clock behind.
    expect(timeline.stamp(ahead, undefined)).toEqual({ t: ahead.time, a: 0 });
    expect(timeline.stamp(ahead, author(2 * DAY))).toEqual({ t: ahead.time, a: 0 });
    expect(timeline.stamp(ahead, author())).toEqual({ t: RIGHT, a: 2 * DAY });
    expect(timeline.stamp({ time: ahead.time, ahead: 2 * DAY }, author())).toEqual({ t: RIGHT, a: 2 * DAY });
    expect(lines.map(({ event }) => event)).toContain("clock-set-back");
  });
});

test("[SV47] heads of a clock that was a little ahead go slower and never back", () => {
  const { timeline, reached, author, set, pass } = started(15 * 60_000);
  const first = timeline.now(reached).t;
  set(-15 * 60_000);
  timeline.heard(author());
  const dates = Array.from({ length: 200 }, () => (pass(15_000), timeline.now(reached).t));
  expect(dates.every((date, i) => date > (dates[i - 1] ?? first))).toBe(true);
  expect(dates.at(-1)).toBe(RIGHT + 200 * 15_000);
});
