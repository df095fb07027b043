/** Who was brought in by whom, and what a queue makes of it. */
import { expect, test } from "vitest";
import { DAY } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { DeviceId, Hash, MemberId } from "#core/protocol/ids.ts";
import { policyPosition } from "#core/rules/may.ts";
import type { Device, Member } from "#core/rules/state.ts";
import { tieTo } from "#core/rules/ties.ts";
import {
  createTeam,
  joinBody,
  makeDevice,
  makeInvite,
  makePerson,
  QUEUE,
  queueOf,
  requestBody,
} from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";

const independent = (team: Team, is: boolean) =>
  team.given(team.ada, LOG, "policy.set", {
    base: policyPosition(team.log),
    unnamed: "ask",
    rules: [],
    queues: [queueOf("approvers", [{ n: 1, roles: ["owner", "admin", "approver"] }], { independent: is })],
  });
const ask = (team: Team, by: Person): Hash => team.given(by, QUEUE, "approval.request", requestBody());
const vote = (team: Team, by: Person, request: Hash) =>
  team.send(by, QUEUE, "approval.vote", { request, v: "approve", note: null });
const role = (team: Team, by: Person, of: Person, from: string, to: string) =>
  team.given(by, LOG, "member.role", { member: of.member, from, to });

test("[MB17] [CC7] an invite, a role that was given and a device that was let in tie for 30 days, also over others", () => {
  const team = createTeam();
  const dana = team.member("Dana", "admin");
  const ben = team.member("Ben");
  const { ada, log } = team;
  expect(tieTo(log, ada.member, ben.member)).toBe("invited");
  expect(tieTo(log, ben.member, ada.member)).toBeNull();
  expect(tieTo(log, dana.member, ben.member)).toBeNull();
  role(team, dana, ben, "member", "approver");
  expect(tieTo(log, dana.member, ben.member)).toBe("appointed");
  team.pass(31 * DAY);
  expect(tieTo(log, dana.member, ben.member, log.seq, team.now)).toBeNull();
  role(team, dana, ben, "approver", "member");
  expect(tieTo(log, dana.member, ben.member, log.seq, team.now)).toBe("appointed");
  // Ada appointed Dana anew, and Dana appointed Ben.
  role(team, ada, dana, "admin", "approver");
  expect(tieTo(log, ada.member, ben.member, log.seq, team.now)).toBe("appointed");
  const cleo = team.member("Cleo");
  team.pass(31 * DAY);
  const next = makeDevice(cleo);
  team.given(
    next,
    LOG,
    "member.join",
    joinBody(team.wid, makeInvite(ada, team.wid, team.now, { member: cleo.member }), next),
  );
  expect(tieTo(log, ada.member, cleo.member, log.seq, team.now)).toBe("let-back");
});

test("[CC7] a queue may ask for others than those whom the requester brought in", () => {
  const team = createTeam();
  const cleo = team.member("Cleo", "approver");
  const dana = team.member("Dana", "admin");
  independent(team, true);
  const hers = ask(team, team.ada);
  expect(vote(team, cleo, hers)).toMatchObject({ ok: false, code: "not-independent" });
  expect(vote(team, dana, hers)).toMatchObject({ ok: false, code: "not-independent" });
  // What somebody else asked is theirs to decide, and without the word of the queue so is this.
  const ben = team.member("Ben");
  expect(vote(team, dana, ask(team, ben)).ok).toBe(true);
  independent(team, false);
  expect(vote(team, cleo, ask(team, team.ada)).ok).toBe(true);
});

test("[CC7] a vote is judged by the ties of its own place and time", () => {
  const team = createTeam();
  const cleo = team.member("Cleo", "approver");
  independent(team, true);
  team.pass(31 * DAY);
  const request = ask(team, team.ada);
  expect(vote(team, cleo, request).ok).toBe(true);
  // Nobody brings in their judge afterwards either.
  const eli = makePerson("Eli");
  team.given(
    eli,
    LOG,
    "member.join",
    joinBody(team.wid, makeInvite(team.ada, team.wid, team.now, { role: "approver", mode: "confirm" }), eli),
  );
  role(team, team.ada, eli, "guest", "approver");
  expect(vote(team, eli, ask(team, team.ada))).toMatchObject({ ok: false, code: "not-independent" });
});

test("[CC7] a tie over thousands of people is found, or not, by looking at each of them and each device once", () => {
  const team = createTeam();
  const { log, ada } = team;
  const now = log.time;
  const id = (n: number) => `member-${n}` as MemberId;
  let looked = 0;
  const device = (n: number) =>
    ({
      from: 1,
      recovered: null,
      get member() {
        looked += 1;
        return id(n);
      },
    }) as unknown as Device;
  const people = 2_000;
  for (let n = 0; n < people; n += 1) {
    log.members.set(id(n), {
      ...(log.members.get(ada.member) as Member),
      id: id(n),
      joinedAt: now,
      invitedBy: n === 0 ? ada.member : id(n - 1),
    });
    log.devices.set(`device-${n}` as DeviceId, device(n));
  }
  expect(tieTo(log, ada.member, id(people - 1))).toBe("invited");
  expect(tieTo(log, "nobody" as MemberId, id(people - 1))).toBeNull();
  expect(looked).toBeLessThan(10 * people);
});
