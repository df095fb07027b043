/**
 * Each clock is set, forwards and back, in each phase of a team's work. While it is wrong, what is done either goes through
 * or is refused by the name of that clock; when it is right again everything works. A team loses at most what the jump was.
 */
import { describe, expect, test } from "vitest";
import {
  approve,
  ask,
  everythingWorks,
  invite,
  reconnected,
  restartAt,
  said,
  seenRight,
  setRole,
  startClockServer,
  startClockTeam,
} from "../helpers/clock-world.ts";
import type { ClockTeam } from "../helpers/clock-world.ts";
import { main, movedClock, openApp } from "../helpers/app.ts";
import { until } from "../helpers/wait.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const JUMPS: [string, number][] = [
  ["15 minutes ahead", 15 * MINUTE],
  ["15 minutes behind", -15 * MINUTE],
  ["2 days ahead", 2 * DAY],
  ["2 days behind", -2 * DAY],
  ["a year ahead", 365 * DAY],
  ["a year behind", -365 * DAY],
];
const BLAMES_BOTH =
  /^The server's clock says [A-Z][a-z]+ \d+, \d{4}.* and this computer's [A-Z][a-z]+ \d+, \d{4}.*, which is (2 days|1 year|365 days) (behind|ahead)\./;

test("with clocks that agree everything works", async () => {
  const team = await startClockTeam();
  expect(await everythingWorks(team)).toBe("all of it");
  await restartAt(team, 0);
  expect(await everythingWorks(team)).toBe("all of it");
  expect(team.server.events.filter(({ event }) => event.startsWith("clock"))).toEqual([]);
});

describe.each(JUMPS)("the server's clock is set %s", (_words, jump) => {
  test("while it runs, and nobody notices but its log", async () => {
    const team = await startClockTeam();
    team.server.clock.wall(jump);
    expect(await everythingWorks(team)).toBe("all of it");
    expect(team.server.events.filter(({ event }) => event.startsWith("clock"))).toEqual([
      { event: "clock-jumped", ms: expect.closeTo(jump, -2) as number },
    ]);
    for (const app of [team.ada, team.ben])
      expect(Math.abs(app.room.status(team.wid).serverAhead)).toBeLessThan(MINUTE);
    team.server.clock.wall(-jump);
    expect(await everythingWorks(team)).toBe("all of it");
  });

  test("before a start, between asking and deciding", async () => {
    const team = await startClockTeam();
    const call = await ask(team);
    await until(() => team.ada.room.cards(team.wid).length === 1, "the card");
    await restartAt(team, jump);
    const outcome = await said(() => setRole(team, "approver"));
    if (jump > DAY) {
      expect(outcome).toMatch(BLAMES_BOTH);
      expect(await said(() => invite(team))).toMatch(BLAMES_BOTH);
    } else expect(outcome).toBe("done");
    // Set right while it runs: what waited is decided, and runs.
    team.server.clock.wall(-jump);
    await seenRight(team);
    await approve(team, call);
    await setRole(team, "approver");
    await setRole(team, "member");
    expect(await everythingWorks(team)).toBe("all of it");
    await restartAt(team, 0);
    expect(await everythingWorks(team)).toBe("all of it");
  });

  test("before a start, between the approval and the run", async () => {
    const team = await startClockTeam();
    const call = await ask(team);
    await approve(team, call);
    await restartAt(team, jump);
    await team.ben.permitted(call);
    await team.server.stop();
    team.server.clock.wall(-jump);
    await team.server.start();
    for (const app of [team.ada, team.ben]) await reconnected(app, team.wid);
    await team.ben.permitted(call);
    expect(await everythingWorks(team)).toBe("all of it");
  });

  test("before somebody founds or joins", async () => {
    const team = await startClockTeam();
    const link = await invite(team);
    await restartAt(team, jump);
    const cleo = await openApp("Cleo");
    const join = async () => cleo.room.handlers["invite.join"]({ link }, main);
    const found = async () =>
      cleo.room.handlers["workspace.create"](
        { name: "Quay", server: { kind: "url", url: team.server.url }, unnamed: "ask" },
        main,
      );
    const outcomes = [await said(join), await said(found)];
    if (jump > DAY) for (const outcome of outcomes) expect(outcome).toMatch(BLAMES_BOTH);
    else expect(outcomes).toEqual(["done", "done"]);
    team.server.clock.wall(-jump);
    await seenRight(team);
    if (jump > DAY) expect([await said(join), await said(found)]).toEqual(["done", "done"]);
    await cleo.inSync(team.wid);
    expect(await everythingWorks(team)).toBe("all of it");
  });
});

/** Apps that have been here see each other's clocks through the server, so it knows whose is wrong. */
const OWN = /This computer's clock is wrong: those of others here agree with the server\./;

describe.each(JUMPS)("one computer's clock is %s", (_words, jump) => {
  const lostWhile = (outcome: string): void => {
    if (jump >= -DAY) expect(outcome).toBe("done");
    else expect(outcome).toMatch(OWN);
  };

  test("of who gives roles and invites", async () => {
    const team = await startClockTeam();
    team.ada.clock.wall(jump);
    lostWhile(await said(() => setRole(team, "approver")));
    lostWhile(await said(() => invite(team)));
    team.ada.clock.wall(-jump);
    await setRole(team, "member").catch(() => undefined);
    expect(await everythingWorks(team)).toBe("all of it");
  });

  test("of who asks", async () => {
    const team = await startClockTeam();
    team.ben.clock.wall(jump);
    const call = await ask(team);
    if (jump >= -DAY) await approve(team, call);
    team.ben.clock.wall(-jump);
    // Signed a year ago by its own word: it is asked again, and says why.
    if (jump === -2 * DAY) await approve(team, call);
    if (jump === -365 * DAY)
      await until(() => team.ben.room.authority.standing(call.id)?.state === "refused", "the refusal");
    expect(await everythingWorks(team)).toBe("all of it");
  });

  test("of who decides", async () => {
    const team = await startClockTeam();
    team.ada.clock.wall(jump);
    const call = await ask(team);
    const request = await until(() => team.ben.room.authority.standing(call.id)?.request, "the request");
    await team.ada.sees(team.wid, request);
    const deciding = team.ada.decide(team.wid, request, "approve");
    if (jump >= -DAY) await deciding;
    team.ada.clock.wall(-jump);
    await (jump === -365 * DAY ? said(() => Promise.race([deciding, Promise.resolve()])) : deciding);
    if (jump !== -365 * DAY) await team.ben.permitted(call);
    expect(await everythingWorks(team)).toBe("all of it");
  });

  test("of who founds and who joins", async () => {
    const server = await startClockServer();
    const clock = movedClock();
    clock.wall(jump);
    const dora = await openApp("Dora", { clock });
    const found = async () =>
      dora.room.handlers["workspace.create"](
        { name: "Quay", server: { kind: "url", url: server.url }, unnamed: "ask" },
        main,
      );
    const founded = await said(found);
    const team = await startClockTeam();
    const link = await invite(team);
    const join = async () => dora.room.handlers["invite.join"]({ link }, main);
    const joined = await said(join);
    if (jump >= -DAY) expect([founded, joined]).toEqual(["done", "done"]);
    else for (const outcome of [founded, joined]) expect(outcome).toMatch(BLAMES_BOTH);
    clock.wall(-jump);
    if (jump < -DAY) expect([await said(found), await said(join)]).toEqual(["done", "done"]);
    await dora.inSync(team.wid);
    expect(await everythingWorks(team)).toBe("all of it");
  });
});

test("a history that was dated a year ahead takes the right dates again, and goes on", async () => {
  const team: ClockTeam = await startClockTeam();
  const call = await ask(team);
  await until(() => team.ada.room.cards(team.wid).length === 1, "the card");
  // Ada's clock is as wrong as the server's, so it is taken.
  await restartAt(team, 365 * DAY);
  team.ada.clock.wall(365 * DAY);
  await setRole(team, "approver");
  team.ada.clock.wall(-365 * DAY);
  team.server.clock.wall(-365 * DAY);
  await setRole(team, "member");
  // The phantom year has passed for what waited, once.
  await until(() => team.ben.room.authority.standing(call.id)?.state === "expired", "the end of what waited");
  expect(await everythingWorks(team)).toBe("all of it");
  await restartAt(team, 0);
  expect(await everythingWorks(team)).toBe("all of it");
  expect(team.server.events.filter(({ event }) => event === "clock-set-back").length).toBeGreaterThan(0);
  for (const { joinedAt } of team.ada.room.team(team.wid).members)
    expect(Math.abs(joinedAt - Date.now())).toBeLessThan(10 * MINUTE);
});
