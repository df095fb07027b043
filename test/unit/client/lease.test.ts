/** How long cached rights last without the server, whatever is done to the clock. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLease, LEASE_ENDED, LEASE_MS } from "#client/keys/lease.ts";
import { AHEAD_MS, createSteadyClock } from "#client/keys/steady-clock.ts";
import { createLink } from "#client/link/link.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { newLog } from "#core/rules/state.ts";
import { why } from "#core/facts/why.ts";

const DAY = 86_400_000;
/** How often the room holds the time. */
const TICK_MS = 5_000;
const START = 1_700_000_000_000;

class Killed extends Error {}

/** A computer: its two clocks, and what its disk keeps. `boot` is a start of the app, with a new monotonic clock. */
const computer = () => {
  const disk = { steady: 0, head: null as number | null, full: false, writes: 0, killIn: Infinity };
  const time = { wall: START, mono: 0 };
  const write = (work: () => void): void => {
    if (disk.full) throw new Refusal(why("not-saved"));
    disk.writes += 1;
    disk.killIn -= 1;
    if (disk.killIn === 0) throw new Killed("before the write");
    work();
    if (disk.killIn === 1) throw new Killed("after the write");
  };
  const rows = { headAt: () => disk.head, saveHeadAt: (_wid: string, at: number) => write(() => (disk.head = at)) };
  const kept = { steady: () => disk.steady, saveSteady: (at: number) => write(() => (disk.steady = at)) };
  const clock = { now: () => time.wall, monotonic: () => time.mono };
  const pass = (ms: number): void => {
    time.wall += ms;
    time.mono += ms;
  };
  /** A start, as the room makes it, and what the gate does for a call: the time is held, then the lease is asked. */
  const start = () => {
    time.mono = 0;
    const steady = createSteadyClock(clock, kept);
    const lease = createLease("w", rows, steady);
    if (!disk.full) steady.hold();
    const runs = (): boolean => {
      steady.hold();
      return !lease.ended();
    };
    return { lease, steady, runs };
  };
  return { disk, time, clock, pass, start, boot: () => start().lease };
};

describe("[T26] the policy lease", () => {
  test("lasts seven days after the last sign of life and not a moment longer; a new one restores it at once", () => {
    const { pass, boot } = computer();
    const lease = boot();
    pass(3 * DAY);
    lease.renew();
    pass(LEASE_MS);
    expect(lease.ended()).toBe(false);
    pass(1);
    expect(lease.ended()).toBe(true);
    lease.renew();
    expect(lease.ended()).toBe(false);
    expect(LEASE_MS).toBe(7 * DAY);
  });

  test("is not extended by a wall clock that is set back while the app runs", () => {
    const { time, pass, boot } = computer();
    const lease = boot();
    pass(LEASE_MS);
    time.wall -= 30 * DAY;
    expect(lease.ended()).toBe(false);
    pass(1);
    expect(lease.ended()).toBe(true);
  });

  test("is not extended by a wall clock that is set back before the app starts again", () => {
    const { time, disk, pass, boot } = computer();
    boot().save();
    pass(LEASE_MS - DAY);
    // What the room keeps every minute and when it closes.
    disk.steady = time.wall;
    time.wall -= 30 * DAY;
    const again = boot();
    pass(DAY);
    expect(again.ended()).toBe(false);
    pass(1);
    expect(again.ended()).toBe(true);
  });

  test("that was seen ended stays so after a kill at that moment and a clock set back, again and again", () => {
    const { time, pass, start } = computer();
    const app = start();
    app.lease.renew();
    pass(LEASE_MS);
    expect(app.runs()).toBe(true);
    pass(1);
    expect(app.lease.ended()).toBe(true);
    for (let n = 0; n < 20; n += 1) {
      time.wall -= 30 * DAY;
      const again = start();
      expect([again.lease.ended(), again.runs()]).toEqual([true, false]);
      pass(30_000);
    }
  });

  test("is not made longer by a kill every half minute with the clock set back each time", () => {
    const { time, pass, start } = computer();
    start().lease.renew();
    let ran = 0;
    for (let app = start(); ran < 2 * LEASE_MS && app.runs(); app = start()) {
      ran += 30_000;
      pass(30_000);
      time.wall = START;
    }
    expect(ran).toBeLessThanOrEqual(LEASE_MS);
    // And each kill costs no more than it says.
    expect(ran).toBeGreaterThanOrEqual(LEASE_MS / (AHEAD_MS / 30_000 + 1));
  });

  test("lets no call run longer than it lasts, or once it was seen ended, whatever is killed at whichever write and wherever the clock is set", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: TICK_MS }) }),
      fc.record({ do: fc.constant("tick" as const), ms: fc.integer({ min: 1, max: 2 * DAY }) }),
      fc.record({
        do: fc.constantFrom("ask" as const, "look" as const, "renew" as const, "close" as const),
        ms: fc.constant(0),
      }),
      fc.record({ do: fc.constant("kill" as const), ms: fc.integer({ min: -40 * DAY, max: 10 * DAY }) }),
      fc.record({ do: fc.constant("set" as const), ms: fc.integer({ min: -40 * DAY, max: 10 * DAY }) }),
      fc.record({ do: fc.constant("kill-in" as const), ms: fc.integer({ min: 1, max: 3 }) }),
    );
    let [run, ended] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const pc = computer();
        let app = pc.start();
        /** What the app has really run since the last sign of life, and whether anybody was told that the lease ended. */
        let [used, over] = [0, false];
        const booted = (wall: number): void => {
          pc.disk.killIn = Infinity;
          pc.time.wall += wall;
          app = pc.start();
        };
        for (const { do: what, ms } of steps) {
          try {
            if (what === "pass" || what === "tick") {
              pc.pass(ms);
              used += ms;
            }
            if (what === "tick") app.steady.hold();
            if (what === "set") pc.time.wall += ms;
            if (what === "kill") booted(ms);
            if (what === "kill-in") pc.disk.killIn = ms + 1;
            if (what === "close") {
              app.lease.save();
              app.steady.save();
              booted(-DAY);
            }
            if (what === "renew") {
              [used, over] = [0, false];
              app.lease.renew();
            }
            if (what === "look") over ||= app.lease.ended();
            if (what === "ask") {
              const runs = app.runs();
              if (runs) expect([used <= LEASE_MS, over]).toEqual([true, false]);
              over ||= !runs;
              if (runs) run += 1;
              else ended += 1;
            }
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
            booted(-35 * DAY);
          }
        }
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(run, ended)).toBeGreaterThan(50);
  });

  test("runs nothing while the disk does not keep what time it is", () => {
    const { pass, start, disk } = computer();
    const app = start();
    app.lease.renew();
    disk.full = true;
    expect(app.runs()).toBe(true);
    pass(AHEAD_MS + 1);
    expect(() => app.runs()).toThrow(Refusal);
    disk.full = false;
    expect(app.runs()).toBe(true);
  });

  test("goes on over a restart, and days with the app closed count", () => {
    const { pass, boot } = computer();
    boot().save();
    pass(LEASE_MS);
    expect(boot().ended()).toBe(false);
    pass(1);
    expect(boot().ended()).toBe(true);
  });

  test("of a workspace from an earlier version begins when it is first opened, once", () => {
    const { pass, boot, disk } = computer();
    boot();
    expect(disk.head).toBe(START);
    pass(LEASE_MS + 1);
    expect(boot().ended()).toBe(true);
  });

  test("is written once a minute, and a full disk ends nothing", () => {
    const { pass, boot, disk } = computer();
    const lease = boot();
    const before = disk.writes;
    for (let n = 0; n < 59; n += 1) {
      pass(1_000);
      lease.renew();
    }
    expect(disk.writes).toBe(before);
    disk.full = true;
    pass(LEASE_MS);
    lease.renew();
    expect(lease.ended()).toBe(false);
    disk.full = false;
    lease.renew();
    expect(disk.head).toBe(START + 59_000 + LEASE_MS);
  });
});

describe("[T26] the status line", () => {
  const linked = () => {
    const pc = computer();
    const lease = pc.boot();
    const state = { paused: false };
    const link = createLink({
      clock: pc.clock,
      log: newLog("w".repeat(22) as never),
      lease,
      out: () => null,
      halt: () => null,
      doubt: () => null,
      given: () => null,
      held: () => null,
      owes: () => false,
      paused: () => state.paused,
      unserved: () => null,
      server: () => "https://sync.example.org",
    });
    link.welcomed();
    link.head({ s: 0, h: "", t: START, a: 0 });
    link.look();
    return { ...pc, lease, link, state };
  };

  test("tells how far the server's clock is ahead of this computer's, both ways, and nothing of what clocks usually differ by", () => {
    const { link, pass, clock } = linked();
    expect(link.serverAhead()).toBe(0);
    for (const [gap, told] of [
      [4_000, 0],
      [-4_000, 0],
      [9 * 3_600_000 + 300, 9 * 3_600_000],
      [-9 * 3_600_000, -9 * 3_600_000],
      [5_400, 5_000],
    ] as const) {
      link.head({ s: 0, h: "", t: clock.now() + gap, a: 0 });
      expect(link.serverAhead()).toBe(told);
    }
    pass(60_000);
    expect(link.serverAhead()).toBe(5_000);
  });

  test("says that the lease ended, and in sync again with the next head", () => {
    const { link, pass } = linked();
    expect(link.shown()).toMatchObject({ link: "in-sync", reason: null });
    link.down(false, null);
    link.down(false, null);
    pass(LEASE_MS);
    link.look();
    expect(link.shown()).toMatchObject({ link: "offline", reason: { code: "offline" } });
    pass(1);
    link.look();
    expect(link.shown()).toMatchObject({ link: "offline", reason: LEASE_ENDED });
    link.welcomed();
    link.look();
    expect(link.shown()).toMatchObject({ link: "connecting", reason: LEASE_ENDED });
    link.head({ s: 0, h: "", t: START, a: 0 });
    link.look();
    expect(link.shown()).toMatchObject({ link: "in-sync", reason: null });
  });

  test("keeps saying that the person works offline on purpose, and adds that the lease ended", () => {
    const { link, pass, state } = linked();
    state.paused = true;
    link.cut();
    pass(LEASE_MS + 1);
    link.look();
    expect(link.shown().reason?.code).toBe("paused");
    expect(link.shown().also).toEqual([LEASE_ENDED]);
  });

  test("a head that names more than the copy has renews nothing", () => {
    const { link, lease, pass } = linked();
    pass(LEASE_MS + 1);
    link.head({ s: 5, h: "", t: START, a: 0 });
    link.look();
    expect(lease.ended()).toBe(true);
    expect(link.shown().link).toBe("connecting");
  });
});
