/** Who is told what of the level, and who may raise it; of a build that knows more than the log's. */
import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import type { Live } from "#client/live.ts";
import { levelView, raise } from "../../../../electron/host/team/level.ts";
import { teamView } from "../../../../electron/host/team/team-view.ts";
import { createTeam, deviceBody, makeDevice } from "../../../helpers/people.ts";
import type { Person, Team } from "../../../helpers/people.ts";

const knowing = (knows: number) => ({ version: "9.9.9", knows });
/** Keeps what would be signed. */
const liveOf = (team: Team, of: Person) => {
  const signed: unknown[] = [];
  const live = {
    log: team.log,
    me: of.member,
    device: of.device,
    active: () => true,
    history: () => null,
    serverNow: () => team.now,
    outbox: { now: (kind: string, doc: string, body: unknown) => Promise.resolve(void signed.push([kind, doc, body])) },
  } as unknown as Live;
  return { live, signed };
};
const behind = (team: Team, of: Person, knows: number): string[] =>
  teamView(liveOf(team, of).live, knowing(knows)).members.flatMap(({ name, devices }) =>
    devices.flatMap((device, index) => (device.behind ? [`${name} ${index + 1}`] : [])),
  );

test("LV2 an Owner raises by the step that was on the screen, and nobody else does", async () => {
  const team = createTeam();
  const ada = liveOf(team, team.ada);
  const ben = liveOf(team, team.member("Ben"));
  expect(levelView(ada.live, knowing(2))).toEqual({ now: 1, next: 2, mayRaise: true });
  expect(levelView(ben.live, knowing(2))).toEqual({ now: 1, next: 2, mayRaise: false });
  const step = { from: 1, to: 2 };
  await expect(raise(ben.live, knowing(2), step)).rejects.toMatchObject({ code: "owner-signs" });
  await expect(raise(ada.live, knowing(3), { from: 1, to: 3 })).rejects.toMatchObject({ code: "stale" });
  await expect(raise(ada.live, knowing(3), { from: 2, to: 3 })).rejects.toMatchObject({ code: "stale" });
  expect([...ada.signed, ...ben.signed]).toEqual([]);
  await raise(ada.live, knowing(2), step);
  expect(ada.signed).toEqual([["workspace.level", LOG, step]]);
});

test("LV12 a build that knows no more than the log offers nothing, and calls nobody behind", async () => {
  const team = createTeam();
  team.given(team.ada, LOG, "device.add", deviceBody(team.wid, makeDevice(team.ada)));
  const { live, signed } = liveOf(team, team.ada);
  expect(levelView(live, knowing(1))).toEqual({ now: 1, next: null, mayRaise: true });
  expect(behind(team, team.ada, 1)).toEqual([]);
  await expect(raise(live, knowing(1), { from: 1, to: 2 })).rejects.toMatchObject({ code: "stale" });
  expect(signed).toEqual([]);
});

test("LV3 behind is whose own device said less, or nothing, and no device that is closed", () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const cleo = team.member("Cleo");
  const second = makeDevice(cleo);
  team.given(cleo, LOG, "device.add", deviceBody(team.wid, second));
  expect(behind(team, ben, 2)).toEqual(["Ada 1", "Ben 1", "Cleo 1", "Cleo 2"]);
  team.given(ben, LOG, "device.knows", { version: "9.9.9", knows: 2 });
  expect(behind(team, ben, 2)).toEqual(["Ada 1", "Cleo 1", "Cleo 2"]);
  team.given(cleo, LOG, "device.revoke", { device: second.device });
  expect(behind(team, team.ada, 2)).toEqual(["Ada 1", "Cleo 1"]);
  const versions = teamView(liveOf(team, ben).live, knowing(2)).members.map(({ devices }) => devices[0]?.version);
  expect(versions[1]).toBe("9.9.9");
});
