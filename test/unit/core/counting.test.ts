/** Who counts for how many, where people stand in for others: also where somebody makes the counting hard on purpose. */
import { expect, test } from "vitest";
import { DAY } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import type { Hash } from "#core/protocol/ids.ts";
import { policyPosition } from "#core/rules/may.ts";
import type { Request } from "#core/rules/state.ts";
import { tally } from "#core/rules/votes.ts";
import { createTeam, QUEUE, queueOf, requestBody } from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";

const queue = (team: Team, made: ReturnType<typeof queueOf>) =>
  team.given(team.ada, LOG, "policy.set", {
    base: policyPosition(team.log),
    unnamed: "ask",
    rules: [],
    queues: [made],
  });
const ask = (team: Team): Hash => team.given(team.ada, QUEUE, "approval.request", requestBody());
const approve = (team: Team, by: Person, request: Hash) =>
  team.send(by, QUEUE, "approval.vote", { request, v: "approve", note: null });
const delegate = (team: Team, from: Person, to: Person) =>
  team.given(from, LOG, "approval.delegate", { to: to.member, until: team.now + 10 * DAY });
const found = (team: Team, request: Hash): Request => team.queue.requests.get(request) as Request;

test("[AP22] no crowd of delegates, each for people of other groups, holds up whoever counts", () => {
  const team = createTeam();
  const [groups, behind, casters] = [8, 7, 10];
  const pairs = Array.from({ length: groups }, (_, a) =>
    Array.from({ length: groups - a - 1 }, (_, b) => [a, a + b + 1]),
  ).flat();
  const people = Array.from({ length: casters }, (_, i) => ({
    caster: team.member(`Caster ${i}`, "approver"),
    away: Array.from({ length: behind }, (_, j) => team.member(`Away ${i} ${j}`, "approver")),
  }));
  const away = people.flatMap((each) => each.away);
  const all = Array.from({ length: groups }, (_, group) => {
    const members = away.filter((_, i) => pairs[(i * 5) % pairs.length]?.includes(group)).map(({ member }) => member);
    return { n: members.length, members };
  });
  queue(team, queueOf("approvers", all));
  for (const { caster, away: own } of people) for (const person of own) delegate(team, person, caster);
  const request = ask(team);
  const began = process.cpuUsage().user;
  for (const { caster } of people) expect(approve(team, caster, request).ok).toBe(true);
  // Every way to count them are 10^8 sums. Counted so, this took minutes.
  expect(process.cpuUsage().user - began).toBeLessThan(20_000_000);
  expect(tally(team.log, found(team, request)).reduce((sum, { have }) => sum + have, 0)).toBe(2 * casters);
});

test("[AP22] twelve people who could count for one of two groups meet both", () => {
  const team = createTeam();
  const [first, second] = [team.member("First", "approver"), team.member("Second", "approver")];
  const casters = Array.from({ length: 12 }, (_, i) => ({
    caster: team.member(`Caster ${i}`, "approver"),
    a: team.member(`A ${i}`, "approver"),
    b: team.member(`B ${i}`, "approver"),
  }));
  queue(
    team,
    queueOf("approvers", [
      { n: 6, members: [first.member, ...casters.map(({ a }) => a.member)] },
      { n: 6, members: [second.member, ...casters.map(({ b }) => b.member)] },
    ]),
  );
  for (const { caster, a, b } of casters) for (const from of [a, b]) delegate(team, from, caster);
  const request = ask(team);
  for (const { caster } of casters.slice(0, 11)) approve(team, caster, request);
  expect(found(team, request).state).toBe("pending");
  approve(team, casters[11]?.caster as Person, request);
  expect(found(team, request).state).toBe("approved");
});

test("[CC7] [AP22] whom the requester brought in lately clicks for nobody else either", () => {
  const team = createTeam();
  const cleo = team.member("Cleo", "approver");
  team.pass(40 * DAY);
  const dora = team.member("Dora", "approver");
  delegate(team, cleo, dora);
  const only = (independent: boolean) =>
    queue(team, queueOf("approvers", [{ n: 1, members: [cleo.member] }], { independent }));
  only(true);
  expect(approve(team, dora, ask(team))).toMatchObject({ ok: false, code: "not-independent" });
  const request = ask(team);
  expect(approve(team, cleo, request).ok).toBe(true);
  expect(found(team, request).state).toBe("approved");
  only(false);
  expect(approve(team, dora, ask(team)).ok).toBe(true);
});
