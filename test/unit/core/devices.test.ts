/** Rotation of a device's key, and people who come back after they lost all devices. */
import { describe, expect, test } from "vitest";
import { ADMIN, LOG } from "#core/protocol/ids.ts";
import type { MemberId } from "#core/protocol/ids.ts";
import { deviceActive, roleOf, standsInFor } from "#core/rules/may.ts";
import {
  createTeam,
  deviceBody,
  rotateBody,
  joinBody,
  makeDevice,
  makeInvite,
  makePerson,
  QUEUE,
  requestBody,
} from "../../helpers/people.ts";
import type { InviteParts, Person, Team } from "../../helpers/people.ts";

const no = (code: string) => ({ ok: false, code });

describe("rotation", () => {
  const rotate = (team: Team, by: Person, to: Person) => team.send(by, LOG, "device.rotate", rotateBody(team.wid, to));

  test("[MB14] adds the new key and closes the old one in one entry, and the new one counts from the beginning", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const next = makeDevice(ben);
    team.given(ben, QUEUE, "approval.request", requestBody());
    const before = team.log.seq;
    expect(rotate(team, ben, next).ok).toBe(true);
    expect(deviceActive(team.log, ben.device, before)).toBeDefined();
    expect(deviceActive(team.log, ben.device)).toBeUndefined();
    expect(deviceActive(team.log, next.device)).toMatchObject({
      member: ben.member,
      rotatedFrom: ben.device,
      recovered: null,
    });
    expect(team.send(ben, QUEUE, "approval.request", requestBody())).toEqual(no("unknown-device"));
    expect(team.send(next, QUEUE, "approval.request", requestBody(), { n: 1 }).ok).toBe(true);
  });

  test("[MB14] needs the proof of the new key for this member, and a key that was never here", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const next = makeDevice(ben);
    expect(team.send(ben, LOG, "device.rotate", { ...rotateBody(team.wid, next), enc: makePerson("x").enc })).toEqual(
      no("bad-proof"),
    );
    expect(rotate(team, ben, makeDevice(team.ada))).toEqual(no("bad-proof"));
    expect(rotate(team, ben, team.ada)).toEqual(no("already-exists"));
    expect(rotate(team, ben, next).ok).toBe(true);
    expect(rotate(team, next, ben)).toEqual(no("already-exists"));
  });

  test("[MB14] [AP11] the machine that asked may use the approval after its key was rotated; another device may not", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const phone = makeDevice(ben);
    team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
    const id = team.given(ben, QUEUE, "approval.request", requestBody());
    team.given(cleo, QUEUE, "approval.vote", { request: id, v: "approve", note: null });
    const [first, second] = [makeDevice(ben), makeDevice(ben)];
    rotate(team, ben, first);
    rotate(team, first, second);
    expect(team.send(phone, QUEUE, "approval.used", { request: id, result: "ok" })).toEqual(no("not-requester"));
    expect(team.send(second, QUEUE, "approval.used", { request: id, result: "ok" }).ok).toBe(true);
  });
});

describe("a member who lost their devices", () => {
  const comeBack = (team: Team, by: Person, who: Person, parts: InviteParts = {}, device = makeDevice(who)) => {
    const invite = makeInvite(by, team.wid, team.now, {
      role: roleOf(team.log, who.member) ?? "member",
      member: who.member,
      ...parts,
    });
    return { invite, device, taken: team.send(device, LOG, "member.join", joinBody(team.wid, invite, device)) };
  };

  test("[IN11] comes back as themselves with one new device; the old ones are closed, and everybody sees how", () => {
    const team = createTeam();
    const [ben, admin] = [team.member("Ben"), team.member("Cleo", "admin")];
    const phone = makeDevice(ben);
    team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
    const { device, invite, taken } = comeBack(team, admin, ben);
    expect(taken.ok).toBe(true);
    expect(team.log.devices.get(device.device)).toMatchObject({
      member: ben.member,
      recovered: { by: admin.member, invite: invite.id, at: team.now },
    });
    expect([ben, phone].map((old) => deviceActive(team.log, old.device))).toEqual([undefined, undefined]);
    expect(team.log.members.get(ben.member)).toMatchObject({ name: "Ben" });
    expect(roleOf(team.log, ben.member)).toBe("member");
    expect(team.send(device, QUEUE, "approval.request", requestBody()).ok).toBe(true);
    expect(team.send(makeDevice(ben), LOG, "member.join", joinBody(team.wid, invite, makeDevice(ben)))).toEqual(
      no("unknown-device"),
    );
  });

  test("[IN11] [AP17] nobody stands in any more for who came back: a lost device may have said so", () => {
    const team = createTeam();
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "approver")];
    const until = team.now + 86_400_000;
    const standing = (): readonly MemberId[] => standsInFor(team.log, dana.member, team.log.seq, team.now);
    team.given(cleo, LOG, "approval.delegate", { to: dana.member, until });
    expect(standing()).toEqual([cleo.member]);
    const found = makeDevice(cleo);
    team.given(
      found,
      LOG,
      "member.join",
      joinBody(
        team.wid,
        makeInvite(team.ada, team.wid, team.now, { role: "approver", mode: "confirm", member: cleo.member }),
        found,
      ),
    );
    team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "guest", to: "approver" });
    expect(standing()).toEqual([]);
    const id = team.given(ben, QUEUE, "approval.request", requestBody());
    team.given(dana, QUEUE, "approval.vote", { request: id, v: "approve", note: null });
    expect(team.queue.requests.get(id)?.votes.map(({ member }) => member)).toEqual([dana.member]);
    team.given(found, LOG, "approval.delegate", { to: dana.member, until });
    expect(standing()).toEqual([cleo.member]);
  });

  test("[IN11] an invite for one member brings no other, and no new one", () => {
    const team = createTeam();
    const [ben, dana] = [team.member("Ben"), team.member("Dana")];
    const invite = makeInvite(team.ada, team.wid, team.now, { role: "member", member: ben.member });
    for (const wrong of [makeDevice(dana), makePerson("Eve")])
      expect(team.send(wrong, LOG, "member.join", joinBody(team.wid, invite, wrong))).toEqual(no("invite-bad"));
    const right = makeDevice(ben);
    expect(team.send(right, LOG, "member.join", joinBody(team.wid, invite, right)).ok).toBe(true);
  });

  test("[IN12] [T15] only an Owner brings back an Owner or an Admin; a Member brings back nobody", () => {
    const team = createTeam();
    const [ben, admin, other] = [team.member("Ben"), team.member("Cleo", "admin"), team.member("Dana", "admin")];
    expect(comeBack(team, admin, team.ada, { mode: "confirm" }).taken).toEqual(no("inviter-lost-right"));
    expect(comeBack(team, admin, other, { mode: "confirm" }).taken).toEqual(no("inviter-lost-right"));
    expect(comeBack(team, ben, team.member("Eli")).taken).toEqual(no("inviter-lost-right"));
    expect(comeBack(team, team.ada, other, { mode: "confirm" }).taken.ok).toBe(true);
  });

  test("[IN12] needs the right to remove beside the right to invite", () => {
    const team = createTeam();
    team.given(team.ada, LOG, "role.define", {
      id: "greeter",
      name: "Greeter",
      caps: ["members.invite", "threads.create"],
    });
    const [greeter, guest] = [team.member("Gil", "greeter"), team.member("Gus", "guest")];
    expect(comeBack(team, greeter, guest).taken).toEqual(no("inviter-lost-right"));
    expect(comeBack(team, team.ada, guest).taken.ok).toBe(true);
  });

  test("[IN6] [IN12] above Member the role waits for an Admin to give it again", () => {
    const team = createTeam();
    const cleo = team.member("Cleo", "approver");
    expect(comeBack(team, team.ada, cleo).taken).toEqual(no("needs-confirm"));
    const { device, taken } = comeBack(team, team.ada, cleo, { mode: "confirm" });
    expect(taken.ok).toBe(true);
    expect(roleOf(team.log, cleo.member)).toBe("guest");
    expect(team.log.members.get(cleo.member)).toMatchObject({ promised: "approver" });
    const id = team.given(team.ada, QUEUE, "approval.request", requestBody());
    expect(team.send(device, QUEUE, "approval.vote", { request: id, v: "approve", note: null })).toEqual(
      no("not-approver"),
    );
    team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "guest", to: "approver" });
    expect(team.send(device, QUEUE, "approval.vote", { request: id, v: "approve", note: null }).ok).toBe(true);
  });

  test("[MB6] the only Owner is not made a Guest by coming back", () => {
    const team = createTeam();
    expect(comeBack(team, team.ada, team.ada, { mode: "confirm" }).taken).toEqual(no("last-owner"));
    const ben = team.member("Ben", "owner");
    expect(comeBack(team, ben, team.ada, { mode: "confirm" }).taken.ok).toBe(true);
  });

  const refused: [string, string, (team: Team, ben: Person) => InviteParts][] = [
    [
      "whose role was changed since",
      "stale",
      (team, ben) => (
        team.given(team.ada, LOG, "member.role", { member: ben.member, from: "member", to: "guest" }),
        { role: "member" }
      ),
    ],
    [
      "who was removed",
      "no-such-member",
      (team, ben) => (team.given(team.ada, LOG, "member.remove", { member: ben.member }), { role: "member" }),
    ],
    ["for more than one use", "invite-bad", () => ({ uses: 2 })],
  ];
  test.each(refused)("[IN11] an invite for a member %s is refused", (_title, code, prepare) => {
    const team = createTeam();
    const ben = team.member("Ben");
    expect(comeBack(team, team.ada, ben, prepare(team, ben)).taken).toEqual(no(code));
  });

  test("[IN9] it is announced with the member it is for", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const invite = makeInvite(team.ada, team.wid, team.now, { member: ben.member });
    team.given(team.ada, ADMIN, "invite.create", { invite: invite.jws, label: "Ben lost the laptop" });
    expect(team.admin.invites.get(invite.id)?.member).toBe(ben.member);
  });
});

test("[MB15] a key that was closed never comes back: who is invited again joins with a new one", () => {
  const team = createTeam();
  const ben = team.member("Ben");
  team.given(team.ada, LOG, "member.remove", { member: ben.member });
  const join = (who: Person) => {
    const invite = makeInvite(team.ada, team.wid, team.now);
    return team.send(who, LOG, "member.join", joinBody(team.wid, invite, who));
  };
  expect(join({ ...ben, member: makePerson("Ben").member })).toEqual(no("already-exists"));
  expect(join(makePerson("Ben")).ok).toBe(true);
});
