/**
 * Random dates by a server whose clock is set as it likes, against what must hold whatever it says: the time of the
 * workspace never goes back, and what was over once stays over.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DAY } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import { inviteProblem } from "#core/rules/invite.ts";
import { standsInFor } from "#core/rules/may.ts";
import { HOUR } from "#core/rules/state.ts";
import { standing } from "#core/rules/waiting.ts";
import { createTeam, makeInvite, QUEUE, requestBody } from "../helpers/people.ts";
import type { Team } from "../helpers/people.ts";

interface Step {
  readonly doc: "log" | "queue";
  /** How far the server's date moves, hours. */
  readonly by: number;
  /** What it says that its clock was ahead: as little as it may, too little, or more. */
  readonly ahead: "least" | "less" | "same" | "more";
}
const step: fc.Arbitrary<Step> = fc.record({
  doc: fc.constantFrom("log" as const, "queue" as const),
  by: fc.integer({ min: -200, max: 200 }),
  ahead: fc.constantFrom("least" as const, "least" as const, "less" as const, "same" as const, "more" as const),
});

/** What ends by a date, in every way that the rules know, at the time of the workspace. */
const over = (team: Team, ends: ReturnType<typeof endings>, time: number): boolean[] => [
  inviteProblem(team.log, ends.invite, time) !== undefined,
  !standsInFor(team.log, ends.ben, team.log.seq, time).includes(team.ada.member),
  ...[...team.queue.requests.values()].map((request) => standing(request, time) !== "pending"),
];
const endings = (team: Team) => {
  const ben = team.member("Ben", "approver");
  const kit = makeInvite(team.ada, team.wid, team.now, {});
  team.given(team.ada, LOG, "approval.delegate", { to: ben.member, until: team.now + 3 * DAY });
  for (const ttlMs of [HOUR, 6 * HOUR]) team.given(ben, QUEUE, "approval.request", requestBody({ ttlMs }));
  return {
    ben: ben.member,
    askers: ["Cleo", "Dan", "Eve", "Fay"].map((name) => team.member(name)),
    invite: { id: kit.id, exp: team.now + 2 * DAY, uses: 5 } as never,
  };
};

test("[CH3] whatever a server dates, the time of a workspace never goes back, passes no slower than its dates, and revives nothing", () => {
  let [taken, back] = [0, 0];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const team = createTeam();
      const ends = endings(team);
      let date = team.now;
      let was = over(team, ends, Math.max(team.log.time, team.queue.time));
      for (const [i, { doc, by, ahead }] of steps.entries()) {
        const chain = doc === "log" ? team.log : team.queue;
        const before = { time: chain.time, ahead: chain.ahead, date: chain.time - chain.ahead };
        const t = date + by * HOUR;
        const floor = Math.max(team.log.ahead, chain.ahead);
        const least = Math.max(floor, chain.time - t);
        const a = { least, less: least - 1, same: chain.ahead, more: least + HOUR }[ahead];
        if (a < 0) continue;
        const command =
          doc === "log"
            ? team.sign(team.ada, LOG, "server.key", { x: team.ada.key.x }, { exp: t + HOUR })
            : team.sign(ends.askers[i % ends.askers.length] ?? team.ada, QUEUE, "approval.request", requestBody(), {
                exp: t + HOUR,
              });
        const { ok } = team.take(chain, command, { t, a });
        expect(ok, `${doc} ${by} ${ahead}`).toBe(a >= floor && t + a >= before.time);
        if (!ok) continue;
        taken += 1;
        if (t < before.date) back += 1;
        date = t;
        expect(chain.time).toBeGreaterThanOrEqual(before.time);
        expect(chain.time - before.time).toBeGreaterThanOrEqual(t - before.date);
        const is = over(team, ends, Math.max(team.log.time, team.queue.time));
        was.forEach((wasOver, n) => expect(!wasOver || is[n], `what ended came back (${n})`).toBe(true));
        was = is;
      }
    }),
    { numRuns: 60 },
  );
  // Not by refusing everything.
  expect(taken).toBeGreaterThan(100);
  expect(back).toBeGreaterThan(20);
});

test("[CH3] a vote that comes after the end is late, however far the server's clock is set back", () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const request = team.given(ben, QUEUE, "approval.request", requestBody({ ttlMs: HOUR }));
  const right = team.now;
  const votes = (t: number, a: number, exp = t + HOUR) =>
    team.take(team.queue, team.sign(team.ada, QUEUE, "approval.vote", { request, v: "approve", note: null }, { exp }), {
      t,
      a,
    });
  team.take(team.queue, team.sign(ben, QUEUE, "approval.request", requestBody(), { exp: right + 2 * DAY }), {
    t: right + 2 * DAY,
  });
  expect(votes(right + 60_000, 0)).toEqual({ ok: false, code: "time-went-back" });
  expect(votes(right + 60_000, 2 * DAY)).toEqual({ ok: false, code: "expired" });
  expect([...team.queue.requests.values()].map(({ state }) => state)).toEqual(["pending", "pending"]);
  // The control: the same vote in time, in a workspace where no clock was set.
  const other = createTeam();
  const asked = other.given(other.member("Ben"), QUEUE, "approval.request", requestBody({ ttlMs: HOUR }));
  other.pass(60_000);
  expect(other.send(other.ada, QUEUE, "approval.vote", { request: asked, v: "approve", note: null })).toMatchObject({
    ok: true,
  });
});
