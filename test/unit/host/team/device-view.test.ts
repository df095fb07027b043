/** What is said of a device that is closed: what closed it. */
import { expect, test } from "vitest";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import { deviceViews } from "../../../../electron/host/team/device-view.ts";
import type { Live } from "#client/live.ts";
import { createTeam, deviceBody, rotateBody, joinBody, makeDevice, makeInvite } from "../../../helpers/people.ts";
import type { Person, Team } from "../../../helpers/people.ts";

const endings = (team: Team, of: Person) =>
  deviceViews(
    { log: team.log, me: team.ada.member, device: team.ada.device, active: () => true } as unknown as Live,
    of.member,
  ).map(({ ended, revokedAt }) => [ended, revokedAt === null]);

test("[MB7] [MB9] [IN11] revoked, closed when its member came back with another, or ended with the membership", () => {
  const team = createTeam();
  const { ada } = team;
  const ben = team.member("Ben");
  const phone = makeDevice(ben);
  team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
  expect(endings(team, ben)).toEqual([
    [null, true],
    [null, true],
  ]);
  team.given(ben, LOG, "device.revoke", { device: phone.device });
  expect(endings(team, ben)).toEqual([
    [null, true],
    ["revoked", false],
  ]);
  const back = makeInvite(ada, team.wid, team.now, { member: ben.member });
  team.given(ada, ADMIN, "invite.create", { invite: back.jws, label: "" });
  const laptop = makeDevice(ben);
  team.given(laptop, LOG, "member.join", joinBody(team.wid, back, laptop));
  expect(endings(team, ben)).toEqual([
    ["lost", false],
    ["revoked", false],
    [null, true],
  ]);
  team.given(laptop, LOG, "device.rotate", rotateBody(team.wid, makeDevice(ben)));
  expect(endings(team, ben)).toEqual([
    ["lost", false],
    ["revoked", false],
    [null, true],
  ]);
  team.given(ada, LOG, "member.remove", { member: ben.member });
  expect(endings(team, ben)).toEqual([
    ["lost", false],
    ["revoked", false],
    ["membership", false],
  ]);
});
