/** Edits, delegation, escalation, practice and rewrap: the rules AP15 to AP21. */
import { describe, expect, test } from "vitest";
import { COPIES_MAX } from "#core/rules/approval.ts";
import { standing } from "#core/rules/waiting.ts";
import { DELEGATION_MAX } from "#core/rules/delegation.ts";
import { LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, Hash, MemberId, QueueId } from "#core/protocol/ids.ts";
import { may, mayOpen, mayRead, policyPosition } from "#core/rules/may.ts";
import type { ApprovalDoc, Request } from "#core/rules/state.ts";
import { countingVotes, isMet, tally, thresholdsAt } from "#core/rules/votes.ts";
import { createTeam, deviceBody, makeDevice, QUEUE, queueOf, requestBody } from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";
import { worded } from "../../helpers/worded.ts";

const no = (code: string) => ({ ok: false, code });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const send = (team: Team, by: Person, over = {}, doc: DocName = QUEUE) =>
  team.send(by, doc, "approval.request", requestBody(over));
const ask = (team: Team, by: Person, over = {}, doc: DocName = QUEUE): Hash =>
  team.given(by, doc, "approval.request", requestBody(over));
const vote = (team: Team, by: Person, request: Hash, v: "approve" | "reject" = "approve") =>
  team.send(by, QUEUE, "approval.vote", { request, v, note: null });
const request = (team: Team, id: Hash, doc: DocName = QUEUE): Request =>
  (team.chain(doc) as ApprovalDoc).requests.get(id) as Request;
const setQueues = (team: Team, ...queues: ReturnType<typeof queueOf>[]) =>
  team.given(team.ada, LOG, "policy.set", { base: policyPosition(team.log), unnamed: "ask", rules: [], queues });
const delegate = (team: Team, from: Person, to: Person, until = team.now + DAY) =>
  team.send(from, LOG, "approval.delegate", { to: to.member, until });
const two = () => queueOf("approvers", [{ n: 2, roles: ["approver", "owner"] }], { deny: 2 });

describe("an edit", () => {
  test("[AP15] [T20] makes a new request that takes the place of the old one and voids its votes", () => {
    const team = createTeam();
    setQueues(team, two());
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const first = ask(team, ben);
    vote(team, cleo, first);
    const second = ask(team, ben, { replaces: first });
    expect(request(team, first)).toMatchObject({ state: "replaced", replacedBy: second });
    expect(countingVotes(team.log, request(team, first), team.log.seq)).toEqual([]);
    expect(isMet(team.log, request(team, first))).toBe(false);
    expect(request(team, second)).toMatchObject({ state: "pending", votes: [], replaces: first });
    expect(vote(team, team.ada, first)).toEqual(no("resolved"));
    expect(vote(team, cleo, second).ok).toBe(true);
  });

  test("[AP15] [T19] takes back an approval that was not used, and nothing that was used, rejected or canceled", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const approved = ask(team, ben);
    vote(team, cleo, approved);
    const used = ask(team, ben);
    vote(team, cleo, used);
    team.given(ben, QUEUE, "approval.used", { request: used, result: "ok" });
    const rejected = ask(team, ben);
    vote(team, cleo, rejected, "reject");
    const canceled = ask(team, ben);
    team.given(ben, QUEUE, "approval.cancel", { request: canceled });
    expect([used, rejected, canceled].map((replaces) => send(team, ben, { replaces }))).toEqual([
      no("resolved"),
      no("resolved"),
      no("resolved"),
    ]);
    expect(send(team, ben, { replaces: approved }).ok).toBe(true);
    expect(team.send(ben, QUEUE, "approval.used", { request: approved, result: "ok" })).toEqual(no("not-approved"));
    expect(send(team, ben, { replaces: approved })).toEqual(no("resolved"));
  });

  test("[AP15] is made by the device that asked, in the queue where it asked", () => {
    const team = createTeam();
    setQueues(team, two(), queueOf("reviews", [{ n: 1, roles: ["owner"] }]));
    const [ben, dana] = [team.member("Ben"), team.member("Dana")];
    const phone = makeDevice(ben);
    team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
    const replaces = ask(team, ben);
    expect(send(team, dana, { replaces })).toEqual(no("not-requester"));
    expect(send(team, phone, { replaces })).toEqual(no("not-requester"));
    expect(send(team, ben, { replaces }, queueDoc("reviews" as QueueId))).toEqual(no("no-such-request"));
    expect(request(team, replaces).state).toBe("pending");
    expect(send(team, ben, { replaces }).ok).toBe(true);
  });
});

describe("a delegate", () => {
  const cast = () => {
    const team = createTeam();
    setQueues(team, queueOf("approvers", [{ n: 2, roles: ["owner", "approver"] }], { deny: 2 }));
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "approver")];
    return { team, ben, cleo, dana };
  };

  test("[AP16] [T20] votes once for everybody they stand in for, and where the queue says so each of these counts", () => {
    const { team, ben, cleo, dana } = cast();
    setQueues(
      team,
      queueOf("approvers", [{ n: 2, roles: ["approver", "admin", "owner"] }], { deny: 2, oneForTwo: true }),
    );
    expect(delegate(team, team.ada, cleo).ok).toBe(true);
    const id = ask(team, ben);
    expect(vote(team, cleo, id).ok).toBe(true);
    expect(request(team, id).votes.map(({ member, by }) => [member, by])).toEqual([
      [cleo.member, cleo.member],
      [team.ada.member, cleo.member],
    ]);
    expect(request(team, id).state).toBe("approved");
    const next = ask(team, ben);
    expect(vote(team, team.ada, next).ok).toBe(true);
    expect(vote(team, cleo, next, "reject").ok).toBe(true);
    expect(request(team, next).votes.map(({ member, v }) => [member, v])).toEqual([
      [team.ada.member, "approve"],
      [cleo.member, "reject"],
    ]);
    expect(vote(team, cleo, next)).toEqual(no("already-voted"));
    expect(vote(team, dana, next).ok).toBe(true);
  });

  test("[AP22] [T20] one click is one person: two of three are not met by somebody who stands in for another", () => {
    const { team, ben, cleo, dana } = cast();
    setQueues(team, queueOf("approvers", [{ n: 2, roles: ["approver", "admin", "owner"] }], { deny: 2 }));
    delegate(team, team.ada, cleo);
    const id = ask(team, ben);
    expect(vote(team, cleo, id).ok).toBe(true);
    expect(request(team, id).state).toBe("pending");
    expect(tally(team.log, request(team, id)).map(({ have, need }) => [have, need])).toEqual([[1, 2]]);
    expect(vote(team, dana, id).ok).toBe(true);
    expect(request(team, id).state).toBe("approved");
    const refused = ask(team, ben);
    expect(vote(team, cleo, refused, "reject").ok).toBe(true);
    expect(request(team, refused).state).toBe("pending");
    expect(vote(team, dana, refused, "reject").ok).toBe(true);
    expect(request(team, refused).state).toBe("rejected");
  });

  test("[AP22] [T20] somebody who stands in counts as whoever brings the request further, and never as two", () => {
    const { team, ben, cleo } = cast();
    setQueues(
      team,
      queueOf("approvers", [
        { n: 1, roles: ["approver"] },
        { n: 1, roles: ["owner"] },
      ]),
    );
    delegate(team, team.ada, cleo);
    const alone = ask(team, ben);
    expect(vote(team, cleo, alone).ok).toBe(true);
    expect(request(team, alone).state).toBe("pending");
    const eli = team.member("Eli", "approver");
    const both = ask(team, ben);
    expect(vote(team, cleo, both).ok).toBe(true);
    expect(vote(team, eli, both).ok).toBe(true);
    expect(request(team, both).state).toBe("approved");
  });

  test("[AP16] the person who is stood in for cannot vote a second time", () => {
    const { team, ben, cleo } = cast();
    setQueues(team, queueOf("approvers", [{ n: 3, roles: ["owner", "approver"] }], { deny: 3 }));
    delegate(team, team.ada, cleo);
    const id = ask(team, ben);
    expect(vote(team, cleo, id).ok).toBe(true);
    expect(vote(team, team.ada, id, "reject")).toEqual(no("already-voted"));
    expect(request(team, id).votes.length).toBe(2);
  });

  test("[AP16] [T20] never decides what the delegator asked, and the requester stands in for nobody", () => {
    const { team, cleo, dana } = cast();
    delegate(team, team.ada, cleo);
    const hers = ask(team, team.ada);
    expect(vote(team, cleo, hers).ok).toBe(true);
    expect(request(team, hers).votes.map(({ member }) => member)).toEqual([cleo.member]);
    delegate(team, dana, cleo);
    const own = ask(team, cleo);
    expect(vote(team, cleo, own)).toEqual(no("own-request"));
    expect(request(team, own).votes).toEqual([]);
  });

  test("[AP16] [T20] needs the right to decide, and so does the person they stand in for", () => {
    const { team, ben, cleo } = cast();
    const eli = team.member("Eli");
    delegate(team, team.ada, eli);
    expect(vote(team, eli, ask(team, ben))).toEqual(no("not-approver"));
    const frida = team.member("Frida", "admin");
    delegate(team, cleo, frida);
    const id = ask(team, ben);
    expect(may(team.log, frida.member, "approvals.decide", { request: request(team, id), time: team.now })).toEqual({
      allowed: true,
      why: worded("This person stands in for Cleo."),
    });
    expect(vote(team, frida, id).ok).toBe(true);
    team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "approver", to: "member" });
    expect(countingVotes(team.log, request(team, id), team.log.seq)).toEqual([]);
    expect(vote(team, frida, ask(team, ben))).toEqual(no("not-approver"));
  });

  test("[AP16] a vote no longer counts when whoever cast it lost the right to decide", () => {
    const { team, ben, cleo } = cast();
    const frida = team.member("Frida", "admin");
    delegate(team, cleo, frida);
    const id = ask(team, ben);
    vote(team, frida, id);
    expect(tally(team.log, request(team, id)).map(({ have }) => have)).toEqual([1]);
    team.given(team.ada, LOG, "member.role", { member: frida.member, from: "admin", to: "member" });
    expect(tally(team.log, request(team, id)).map(({ have }) => have)).toEqual([0]);
  });

  test("[AP16] stands in until the date, and until the delegation is taken back or given to another", () => {
    const { team, ben } = cast();
    const [frida, gus] = [team.member("Frida", "admin"), team.member("Gus", "admin")];
    delegate(team, team.ada, frida, team.now + HOUR);
    const id = ask(team, ben, { ttlMs: 5 * HOUR });
    team.pass(HOUR);
    expect(vote(team, frida, ask(team, ben)).ok).toBe(true);
    const late = team.sign(frida, QUEUE, "approval.vote", { request: id, v: "approve", note: null });
    team.pass(1);
    expect(team.take(team.queue, late)).toEqual(no("not-approver"));
    delegate(team, team.ada, frida);
    delegate(team, team.ada, gus);
    expect(vote(team, frida, id)).toEqual(no("not-approver"));
    expect(team.send(team.ada, LOG, "approval.undelegate", {}).ok).toBe(true);
    expect(vote(team, gus, id)).toEqual(no("not-approver"));
    expect(team.send(team.ada, LOG, "approval.undelegate", {})).toEqual(no("stale"));
  });

  test("[AP16] [PO5] reads the queue as long as they stand in for somebody whom it names", () => {
    const { team, cleo } = cast();
    team.given(team.ada, LOG, "role.define", { id: "decider", name: "Decider", caps: ["approvals.decide"] });
    const eli = team.member("Eli", "decider");
    const reads = (after: number) => mayRead(team.log, eli.member, QUEUE, team.log.seq, team.now + after).allowed;
    expect(reads(0)).toBe(false);
    delegate(team, cleo, eli, team.now + HOUR);
    expect([reads(HOUR), reads(HOUR + 1)]).toEqual([true, false]);
    team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "approver", to: "member" });
    expect(reads(0)).toBe(false);
  });

  test("[AP16] hands nothing on: the delegate of a delegate does not stand in", () => {
    const { team, ben } = cast();
    const [frida, gus] = [team.member("Frida", "admin"), team.member("Gus", "admin")];
    delegate(team, team.ada, frida);
    delegate(team, frida, gus);
    expect(vote(team, gus, ask(team, ben))).toEqual(no("not-approver"));
  });

  test("[AP17] is named by somebody who may decide, is another member, and until a date of at most 90 days", () => {
    const { team, ben, cleo } = cast();
    expect(delegate(team, ben, cleo)).toEqual(no("not-allowed"));
    expect(delegate(team, cleo, cleo)).toEqual(no("own-delegate"));
    expect(
      team.send(cleo, LOG, "approval.delegate", { to: "A".repeat(22) as MemberId, until: team.now + HOUR }),
    ).toEqual(no("no-such-member"));
    expect(delegate(team, cleo, ben, team.now)).toEqual(no("bad-end"));
    expect(delegate(team, cleo, ben, team.now + DELEGATION_MAX + 1)).toEqual(no("bad-end"));
    expect(delegate(team, cleo, ben, team.now + DELEGATION_MAX).ok).toBe(true);
  });
});

describe("escalation", () => {
  const cast = () => {
    const team = createTeam();
    const people = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "admin")] as const;
    const steps = [
      { afterMs: HOUR, all: [{ n: 1, roles: ["admin"], members: [] }] },
      { afterMs: 2 * HOUR, all: [{ n: 1, roles: ["owner"], members: [] }] },
    ];
    setQueues(team, queueOf("approvers", [{ n: 2, roles: ["approver"] }], { steps, deny: 2, decideMs: 3 * HOUR }));
    return { team, people };
  };

  test("[AP18] [T20] each rung replaces the thresholds before it, from its time on", () => {
    const {
      team,
      people: [ben, , dana],
    } = cast();
    const id = ask(team, ben, { ttlMs: 3 * HOUR });
    const needs = (after: number) =>
      thresholdsAt(request(team, id), request(team, id).at + after).map(({ n, roles }) => [n, ...roles]);
    expect([0, HOUR - 1, HOUR, 2 * HOUR].map(needs)).toEqual([
      [[2, "approver"]],
      [[2, "approver"]],
      [[1, "admin"]],
      [[1, "owner"]],
    ]);
    expect(vote(team, dana, id)).toEqual(no("not-approver"));
    team.pass(HOUR - 1);
    expect(vote(team, dana, id)).toEqual(no("not-approver"));
    team.pass(1);
    expect(vote(team, dana, id).ok).toBe(true);
    expect(request(team, id).state).toBe("approved");
    team.pass(HOUR);
    expect(isMet(team.log, request(team, id), team.log.seq, team.now)).toBe(true);
  });

  test("[AP18] [T20] the last rung is always a denial by time, and time never approves", () => {
    const {
      team,
      people: [ben, cleo, dana],
    } = cast();
    const id = ask(team, ben, { ttlMs: 24 * HOUR });
    vote(team, cleo, id);
    team.pass(3 * HOUR);
    expect(standing(request(team, id), team.now)).toBe("pending");
    team.pass(1);
    expect(vote(team, dana, id)).toEqual(no("expired"));
    expect(vote(team, team.ada, id)).toEqual(no("expired"));
    expect(standing(request(team, id), team.now)).toBe("expired");
  });

  test("[AP18] a rejection from an earlier rung still counts on a later one", () => {
    const {
      team,
      people: [ben, cleo, dana],
    } = cast();
    const id = ask(team, ben, { ttlMs: 3 * HOUR });
    vote(team, cleo, id, "reject");
    team.pass(2 * HOUR);
    expect(vote(team, dana, id, "reject").ok).toBe(true);
    expect(request(team, id).state).toBe("rejected");
  });

  test("[AP21] [T18] is opened by the people of a rung once it has begun, and not where it was over before", () => {
    const {
      team,
      people: [ben, cleo, dana],
    } = cast();
    const eve = team.member("Eve", "auditor");
    const everybody = [ben, cleo, dana, team.ada, eve];
    const opens = (id: Hash, after = 0) =>
      everybody
        .filter(({ member }) => mayOpen(team.log, member, request(team, id), request(team, id).at + after).allowed)
        .map(({ name }) => name);
    const id = ask(team, ben, { ttlMs: 3 * HOUR });
    expect([0, HOUR - 1, HOUR, 2 * HOUR, 9 * HOUR].map((after) => opens(id, after))).toEqual([
      ["Ben", "Cleo"],
      ["Ben", "Cleo"],
      ["Ben", "Cleo", "Dana"],
      ["Ben", "Cleo", "Dana", "Ada"],
      ["Ben", "Cleo", "Dana", "Ada"],
    ]);
    expect(mayOpen(team.log, dana.member, request(team, id), request(team, id).at)).toEqual({
      allowed: false,
      why: worded("The queue Queue approvers asks this person only in a later step, if nobody decides before."),
    });
    expect(mayOpen(team.log, eve.member, request(team, id), request(team, id).at).why).toEqual(
      worded("The role Auditor may not decide approvals."),
    );
    team.pass(HOUR);
    vote(team, dana, id);
    expect(request(team, id).state).toBe("approved");
    expect(opens(id, 9 * HOUR)).toEqual(["Ben", "Cleo", "Dana"]);
  });

  test("[AP21] [AP16] is opened by a delegate like by whoever they stand in for, and by whoever voted, whatever became of their role", () => {
    const {
      team,
      people: [ben, cleo, dana],
    } = cast();
    const [eve, finn] = [team.member("Eve", "approver"), team.member("Finn", "admin")];
    const id = ask(team, ben, { ttlMs: 3 * HOUR });
    const opens = (...who: Person[]) =>
      who.map(({ member }) => mayOpen(team.log, member, request(team, id), team.now).allowed);
    expect(opens(eve, finn, dana)).toEqual([true, false, false]);
    delegate(team, cleo, finn);
    expect(opens(eve, finn, dana)).toEqual([true, true, false]);
    vote(team, eve, id, "reject");
    for (const { member } of [eve, cleo])
      team.given(team.ada, LOG, "member.role", { member, from: "approver", to: "member" });
    expect(opens(eve, cleo, finn, dana)).toEqual([true, false, false, false]);
  });

  test.each([
    ["at the same time", [HOUR, HOUR]],
    ["backwards", [2 * HOUR, HOUR]],
    ["after the time to decide", [3 * HOUR]],
  ])("[AP18] rungs %s are refused", (_title, times) => {
    const { team } = cast();
    const steps = times.map((afterMs) => ({ afterMs, all: [{ n: 1, roles: ["admin"], members: [] }] }));
    const policy = (queue: ReturnType<typeof queueOf>) =>
      team.send(team.ada, LOG, "policy.set", {
        base: policyPosition(team.log),
        unnamed: "ask",
        rules: [],
        queues: [queue],
      });
    expect(policy(queueOf("approvers", [{ n: 1, roles: ["owner"] }], { decideMs: 3 * HOUR, steps }))).toEqual(
      no("malformed"),
    );
    expect(
      policy(
        queueOf("approvers", [{ n: 1, roles: ["owner"] }], {
          decideMs: 3 * HOUR,
          steps: [{ afterMs: HOUR, all: [{ n: 1, roles: ["captain"], members: [] }] }],
        }),
      ),
    ).toEqual(no("no-such-role"));
    expect(
      policy(queueOf("approvers", [{ n: 1, roles: ["owner"] }], { decideMs: 3 * HOUR, steps: steps.slice(0, 0) })).ok,
    ).toBe(true);
  });
});

describe("practice", () => {
  const cast = (practice: boolean) => {
    const team = createTeam();
    setQueues(team, queueOf("approvers", [{ n: 1, roles: ["owner"] }], { practice }));
    return team;
  };

  test("[AP19] [T20] one person can try the flow, and what they approve can never be used", () => {
    const team = cast(true);
    const id = ask(team, team.ada, { practice: true });
    expect(request(team, id).practice).toBe(true);
    expect(vote(team, team.ada, id).ok).toBe(true);
    expect(standing(request(team, id), team.now)).toBe("practiced");
    expect(team.send(team.ada, QUEUE, "approval.used", { request: id, result: "ok" })).toEqual(no("not-approved"));
  });

  test("[AP16] [AP19] also in practice nobody stands in for the one who asked", () => {
    const team = createTeam();
    const cleo = team.member("Cleo", "approver");
    setQueues(team, queueOf("approvers", [{ n: 2, roles: ["owner", "approver"] }], { practice: true }));
    delegate(team, team.ada, cleo);
    const id = ask(team, team.ada, { practice: true });
    expect(vote(team, cleo, id).ok).toBe(true);
    expect(request(team, id).votes.map(({ member }) => member)).toEqual([cleo.member]);
    expect(vote(team, team.ada, id).ok).toBe(true);
    expect(standing(request(team, id), team.now)).toBe("practiced");
  });

  test("[AP19] [T20] only a practice request lets its requester vote, and only where the queue allows practice", () => {
    const team = cast(true);
    expect(vote(team, team.ada, ask(team, team.ada))).toEqual(no("own-request"));
    expect(send(cast(false), team.ada, { practice: true }).ok).toBe(false);
    const closed = cast(false);
    expect(send(closed, closed.ada, { practice: true })).toEqual(no("no-practice"));
    expect(send(closed, closed.ada).ok).toBe(true);
  });

  test("[AP16] [AP19] the requester of a practice request still stands in for nobody", () => {
    const team = cast(true);
    const [ben, cleo] = [team.member("Ben", "owner"), team.member("Cleo")];
    delegate(team, ben, team.ada);
    const id = ask(team, team.ada, { practice: true });
    expect(vote(team, team.ada, id).ok).toBe(true);
    expect(request(team, id).votes.map(({ member }) => member)).toEqual([team.ada.member]);
    const hers = ask(team, cleo);
    expect(vote(team, team.ada, hers).ok).toBe(true);
    expect(request(team, hers).votes.map(({ member }) => member)).toEqual([team.ada.member, ben.member]);
  });

  test("[AP19] practising gives nobody a right: the requester must be named and may decide", () => {
    const team = cast(true);
    const ben = team.member("Ben");
    expect(vote(team, ben, ask(team, ben, { practice: true }))).toEqual(no("not-approver"));
  });
});

test("[AP6] [AP16] [T20] rights to vote are asked at the log position of the entry, not at the newest", () => {
  const team = createTeam();
  const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "admin")];
  const id = ask(team, ben);
  const before: [number, string] = [team.log.seq, team.log.head];
  const votes = [cleo, dana].map((by) =>
    team.sign(by, QUEUE, "approval.vote", { request: id, v: "approve", note: null }),
  );
  team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "approver", to: "member" });
  const late = { m: [team.log.seq, team.log.head] as [number, string] };
  const [first = "", second = ""] = votes;
  const copy = structuredClone(team.queue);
  expect(team.take(copy, first, late)).toEqual(no("not-approver"));
  expect(team.take(team.queue, first, { m: before }).ok).toBe(true);
  expect(request(team, id).state).toBe("approved");
  expect(team.take(team.queue, second, { m: before })).toEqual(no("resolved"));
});

test("[AP20] arguments are sealed again for approvers who came later, by the device that asked and a few times only", () => {
  const team = createTeam();
  const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
  const id = ask(team, ben);
  const rewrap = (by: Person, of = id) => team.send(by, QUEUE, "approval.rewrap", { request: of, jwe: "sealed again" });
  expect(rewrap(cleo)).toEqual(no("not-requester"));
  for (let i = 0; i < COPIES_MAX; i += 1) expect(rewrap(ben).ok).toBe(true);
  expect(rewrap(ben)).toEqual(no("too-many"));
  expect(request(team, id).copies).toHaveLength(COPIES_MAX);
  const other = ask(team, ben);
  expect(team.send(ben, QUEUE, "approval.rewrap", { request: other, jwe: "a".repeat(57_345) })).toEqual(
    no("malformed"),
  );
  vote(team, cleo, other);
  expect(rewrap(ben, other)).toEqual(no("resolved"));
  const late = ask(team, ben);
  team.pass(9 * HOUR);
  expect(rewrap(ben, late)).toEqual(no("expired"));
});
