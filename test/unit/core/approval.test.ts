import { describe, expect, test } from "vitest";
import { standing } from "#core/rules/waiting.ts";
import { LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, Hash, QueueId } from "#core/protocol/ids.ts";
import { may, mayRead, policyPosition } from "#core/rules/may.ts";
import { newApprovalDoc, newLog } from "#core/rules/state.ts";
import type { ApprovalDoc, Request } from "#core/rules/state.ts";
import { isMet, tally } from "#core/rules/votes.ts";
import { crypto } from "../../helpers/node-crypto.ts";
import {
  createTeam,
  deviceBody,
  ingestInto,
  lane,
  makeDevice,
  QUEUE,
  queueOf,
  requestBody,
} from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";
import { worded } from "../../helpers/worded.ts";

const no = (code: string) => ({ ok: false, code });
const HOUR = 3_600_000;

const ask = (team: Team, by: Person, doc: DocName = QUEUE, over = {}): Hash =>
  team.given(by, doc, "approval.request", requestBody(over));
const vote = (team: Team, by: Person, request: Hash, v: "approve" | "reject" = "approve", doc: DocName = QUEUE) =>
  team.send(by, doc, "approval.vote", { request, v, note: null });
const request = (team: Team, id: Hash, doc: DocName = QUEUE): Request =>
  (team.chain(doc) as ApprovalDoc).requests.get(id) as Request;
const setQueues = (team: Team, ...queues: ReturnType<typeof queueOf>[]) =>
  team.given(team.ada, LOG, "policy.set", { base: policyPosition(team.log), unnamed: "ask", rules: [], queues });
const reviews = queueDoc("reviews" as QueueId);

describe("asking", () => {
  test("[AP1] needs the right to use tools and a queue that exists", () => {
    const team = createTeam();
    expect(team.send(team.member("Gus", "guest"), QUEUE, "approval.request", requestBody())).toEqual(no("not-allowed"));
    expect(team.send(team.ada, reviews, "approval.request", requestBody())).toEqual(no("no-such-queue"));
    expect(team.send(team.ada, QUEUE, "approval.request", requestBody()).ok).toBe(true);
  });

  test("[AP1] is refused with a body that carries anything else: there is no field for a conversation", () => {
    const team = createTeam();
    for (const extra of [{ title: "my thread" }, { args: {} }, { thread: "x" }])
      expect(team.send(team.ada, QUEUE, "approval.request", requestBody(extra))).toEqual(no("malformed"));
    expect(team.send(team.ada, QUEUE, "approval.request", requestBody({ jwe: "a".repeat(57_345) }))).toEqual(
      no("malformed"),
    );
  });

  test("[PO4] copies the queue's policy: a later change does not touch what is asked already", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const id = ask(team, ben);
    setQueues(team, queueOf("approvers", [{ n: 2, roles: ["owner"] }]));
    expect(request(team, id).policy.all[0]).toMatchObject({ n: 1 });
    expect(vote(team, cleo, id).ok).toBe(true);
    expect(request(team, id).state).toBe("approved");
    expect(vote(team, cleo, ask(team, ben))).toEqual(no("not-approver"));
  });
});

describe("voting", () => {
  test("[AP2] [T20] nobody decides their own request, with none of their devices, whatever their role", () => {
    const team = createTeam();
    const phone = makeDevice(team.ada);
    team.given(team.ada, LOG, "device.add", deviceBody(team.wid, phone));
    const id = ask(team, team.ada);
    expect(vote(team, team.ada, id)).toEqual(no("own-request"));
    expect(vote(team, phone, id)).toEqual(no("own-request"));
    expect(vote(team, phone, id, "reject")).toEqual(no("own-request"));
    expect(vote(team, team.member("Ben", "admin"), id).ok).toBe(true);
  });

  test("[AP3] [T20] a member votes once, also with a second device", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    setQueues(team, queueOf("approvers", [{ n: 2, roles: ["approver", "owner"] }], { deny: 2 }));
    const phone = makeDevice(cleo);
    team.given(cleo, LOG, "device.add", deviceBody(team.wid, phone));
    const id = ask(team, ben);
    expect(vote(team, cleo, id).ok).toBe(true);
    expect(vote(team, cleo, id)).toEqual(no("already-voted"));
    expect(vote(team, phone, id, "reject")).toEqual(no("already-voted"));
    expect(request(team, id).state).toBe("pending");
    expect(vote(team, team.ada, id).ok).toBe(true);
    expect(request(team, id).state).toBe("approved");
  });

  test.each([
    ["approve", "approved"],
    ["reject", "rejected"],
  ] as const)("[AP4] [T18] the first decision stands: after %s nothing changes it", (first, state) => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const id = ask(team, ben);
    expect(vote(team, cleo, id, first).ok).toBe(true);
    for (const v of ["approve", "reject"] as const) expect(vote(team, team.ada, id, v)).toEqual(no("resolved"));
    expect(request(team, id).state).toBe(state);
  });

  test("[AP5] [T26] a vote that was signed in time and arrives after it is refused as expired", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    const id = ask(team, ben, QUEUE, { ttlMs: HOUR });
    const offline = team.sign(
      team.ada,
      QUEUE,
      "approval.vote",
      { request: id, v: "approve", note: null },
      { exp: team.now + 24 * HOUR },
    );
    team.pass(HOUR + 1);
    expect(team.take(team.queue, offline)).toEqual(no("expired"));
    expect(standing(request(team, id), team.now)).toBe("expired");
  });

  test("[AP5] the queue's own time to decide is the longest that anybody can ask for", () => {
    const team = createTeam();
    setQueues(team, queueOf("approvers", [{ n: 1, roles: ["owner"] }], { decideMs: HOUR }));
    const ben = team.member("Ben");
    const id = ask(team, ben, QUEUE, { ttlMs: 24 * HOUR });
    expect(request(team, id).decideBy).toBe(team.now + HOUR);
    team.pass(HOUR);
    expect(vote(team, team.ada, id).ok).toBe(true);
  });

  const roles: [string, string][] = [
    ["member", "not-approver"],
    ["guest", "not-approver"],
    ["auditor", "not-approver"],
    ["approver", "ok"],
    ["admin", "ok"],
  ];
  test.each(roles)("[AP6] [T20] the default queue takes a vote of the role %s: %s", (role, verdict) => {
    const team = createTeam();
    const id = ask(team, team.member("Ben"));
    const taken = vote(team, team.member("Cleo", role), id);
    expect(taken.ok ? "ok" : taken.code).toBe(verdict);
  });

  test("[AP6] [T20] naming a person gives them the queue, but not the right to decide", () => {
    const team = createTeam();
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana")];
    setQueues(team, queueOf("approvers", [{ n: 1, members: [cleo.member, dana.member] }]));
    const id = ask(team, ben);
    expect(vote(team, team.ada, id)).toEqual(no("not-approver"));
    expect(vote(team, dana, id)).toEqual(no("not-approver"));
    expect(vote(team, cleo, id).ok).toBe(true);
  });

  test("[AP7] [T20] all thresholds must be met; one vote may serve several", () => {
    const team = createTeam();
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "approver")];
    setQueues(
      team,
      queueOf("approvers", [
        { n: 2, roles: ["approver", "owner"] },
        { n: 1, roles: ["owner"] },
      ]),
    );
    const id = ask(team, ben);
    vote(team, cleo, id);
    vote(team, dana, id);
    expect(request(team, id).state).toBe("pending");
    expect(tally(team.log, request(team, id)).map(({ have, need }) => [have, need])).toEqual([
      [2, 2],
      [0, 1],
    ]);
    expect(isMet(team.log, request(team, id))).toBe(false);
    expect(vote(team, team.ada, id).ok).toBe(true);
    expect(request(team, id).state).toBe("approved");
  });

  test("[AP8] [T20] enough rejections decide against", () => {
    const team = createTeam();
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "approver")];
    setQueues(team, queueOf("approvers", [{ n: 2, roles: ["approver", "owner"] }], { deny: 2 }));
    const id = ask(team, ben);
    vote(team, cleo, id, "reject");
    vote(team, team.ada, id);
    expect(request(team, id).state).toBe("pending");
    vote(team, dana, id, "reject");
    expect(request(team, id).state).toBe("rejected");
  });

  test("[AP9] [T26] the vote of somebody demoted since no longer counts towards a decision", () => {
    const team = createTeam();
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "approver")];
    setQueues(team, queueOf("approvers", [{ n: 2, roles: ["approver", "owner"] }]));
    const id = ask(team, ben);
    vote(team, cleo, id);
    team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "approver", to: "member" });
    vote(team, dana, id);
    expect(request(team, id).state).toBe("pending");
    expect(vote(team, team.ada, id).ok).toBe(true);
    expect(request(team, id).state).toBe("approved");
  });

  test("[AP9] that holds also for a person who is named, and for a rejection", () => {
    const team = createTeam();
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "approver")];
    setQueues(
      team,
      queueOf("approvers", [{ n: 2, members: [cleo.member, dana.member, team.ada.member] }], { deny: 2 }),
    );
    const [first, second] = [ask(team, ben), ask(team, ben)];
    vote(team, cleo, first);
    vote(team, cleo, second, "reject");
    team.given(team.ada, LOG, "member.role", { member: cleo.member, from: "approver", to: "member" });
    vote(team, dana, first);
    vote(team, dana, second, "reject");
    expect([request(team, first).state, request(team, second).state]).toEqual(["pending", "pending"]);
    vote(team, team.ada, first);
    vote(team, team.ada, second, "reject");
    expect([request(team, first).state, request(team, second).state]).toEqual(["approved", "rejected"]);
  });

  test("[AP2] the question who may vote is answered with the rule, for screens as for the fold", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben", "approver"), team.member("Cleo", "approver")];
    const queue = request(team, ask(team, ben)).policy;
    expect(may(team.log, ben.member, "approvals.decide", { queue, requester: ben.member })).toEqual({
      allowed: false,
      why: worded("Nobody decides their own request."),
    });
    expect(may(team.log, cleo.member, "approvals.decide", { queue, requester: ben.member })).toEqual({
      allowed: true,
      why: worded("The queue Approvers names this person or the role Approver."),
    });
  });

  test("[AP9] a decision stands when a voter is demoted after it, and the host can see that the quorum is gone", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const id = ask(team, ben);
    vote(team, cleo, id);
    team.given(team.ada, LOG, "member.remove", { member: cleo.member });
    expect(request(team, id).state).toBe("approved");
    expect(isMet(team.log, request(team, id))).toBe(false);
  });

  test("[AP12] [T19] a vote is for one request in one queue", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    setQueues(
      team,
      queueOf("approvers", [{ n: 1, roles: ["owner"] }]),
      queueOf("reviews", [{ n: 1, roles: ["owner"] }]),
    );
    const id = ask(team, ben);
    expect(vote(team, team.ada, id, "approve", reviews)).toEqual(no("no-such-request"));
    expect(vote(team, team.ada, crypto.sha256("no request") as Hash)).toEqual(no("no-such-request"));
    expect(vote(team, team.ada, id).ok).toBe(true);
  });
});

describe("after the decision", () => {
  test("[AP10] the one who asked cancels, before the decision and before the use", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const first = ask(team, ben);
    const cancel = (by: Person, id: Hash) => team.send(by, QUEUE, "approval.cancel", { request: id });
    expect(cancel(cleo, first)).toEqual(no("not-requester"));
    expect(cancel(ben, first).ok).toBe(true);
    expect(vote(team, cleo, first)).toEqual(no("resolved"));
    const second = ask(team, ben);
    vote(team, cleo, second);
    expect(cancel(ben, second).ok).toBe(true);
    expect(team.send(ben, QUEUE, "approval.used", { request: second, result: "ok" })).toEqual(no("not-approved"));
    expect(cancel(ben, second)).toEqual(no("resolved"));
  });

  test("[AP11] [T19] an approval is used once, by the device that asked, and only when it is one", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const phone = makeDevice(ben);
    team.given(ben, LOG, "device.add", deviceBody(team.wid, phone));
    const id = ask(team, ben);
    const used = (by: Person) => team.send(by, QUEUE, "approval.used", { request: id, result: "ok" });
    expect(used(ben)).toEqual(no("not-approved"));
    vote(team, cleo, id);
    expect(used(cleo)).toEqual(no("not-requester"));
    expect(used(phone)).toEqual(no("not-requester"));
    expect(used(ben).ok).toBe(true);
    expect(used(ben)).toEqual(no("resolved"));
  });

  test("[AP14] an approval that is not used in time lapses", () => {
    const team = createTeam();
    const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
    const id = ask(team, ben);
    expect(standing(request(team, id), team.now)).toBe("pending");
    vote(team, cleo, id);
    expect(standing(request(team, id), team.now + HOUR)).toBe("approved");
    expect(standing(request(team, id), team.now + HOUR + 1)).toBe("lapsed");
  });
});

test("[AP13] a lane takes the same signed bytes as the queue and comes to the same decision; it takes nobody else's request", () => {
  const team = createTeam();
  const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
  const asked = team.sign(ben, QUEUE, "approval.request", requestBody());
  const mine = team.chain(lane(ben)) as ApprovalDoc;
  const taken = team.take(team.queue, asked);
  expect(team.take(mine, asked).ok).toBe(true);
  const id = taken.ok ? taken.command : ("" as Hash);
  const voted = team.sign(cleo, QUEUE, "approval.vote", { request: id, v: "approve", note: null });
  expect(team.take(team.queue, voted).ok).toBe(true);
  expect(team.take(mine, voted).ok).toBe(true);
  expect(mine.requests.get(id)).toEqual(team.queue.requests.get(id));
  const hers = team.sign(cleo, QUEUE, "approval.request", requestBody());
  expect(team.take(mine, hers)).toEqual(no("wrong-doc"));
});

describe("policy", () => {
  const queues = [queueOf("approvers", [{ n: 1, roles: ["owner"] }])];
  const rule = (over: Record<string, unknown>) => ({
    id: "r1",
    server: null,
    tools: [],
    except: true,
    args: [],
    roles: [],
    effect: { kind: "deny" },
    ...over,
  });
  const send = (team: Team, over: Record<string, unknown>) =>
    team.send(team.ada, LOG, "policy.set", { base: 0, unnamed: "ask", rules: [], queues, ...over });

  test("[PO1] two people who change the policy at once do not overwrite each other", () => {
    const team = createTeam();
    expect(send(team, {}).ok).toBe(true);
    expect(send(team, {})).toEqual(no("stale"));
    expect(send(team, { base: policyPosition(team.log) }).ok).toBe(true);
  });

  const unknown: [string, string, Record<string, unknown>][] = [
    ["a role", "no-such-role", { rules: [rule({ roles: ["captain"] })] }],
    ["a server", "no-such-server", { rules: [rule({ server: "A".repeat(22) })] }],
    ["a queue", "no-such-queue", { rules: [rule({ effect: { kind: "ask", queue: "nobody" } })] }],
    ["a role that approves", "no-such-role", { queues: [queueOf("approvers", [{ n: 1, roles: ["captain"] }])] }],
    [
      "a person who approves",
      "no-such-member",
      { queues: [queueOf("approvers", [{ n: 1, members: ["A".repeat(22) as never] }])] },
    ],
  ];
  test.each(unknown)(
    "[PO2] a policy that names %s nobody knows is refused: it would silently never match",
    (_what, code, over) => {
      const team = createTeam();
      expect(send(team, over)).toEqual(no(code));
      expect(send(team, {}).ok).toBe(true);
    },
  );

  test.each([
    ["two rules of one id", "already-exists", { rules: [rule({}), rule({})] }],
    ["two queues of one id", "already-exists", { queues: [...queues, ...queues] }],
    ["no queue", "malformed", { queues: [] }],
    ["a queue that nobody approves", "malformed", { queues: [queueOf("approvers", [{ n: 1 }])] }],
    ["a threshold of zero", "malformed", { queues: [queueOf("approvers", [{ n: 0, roles: ["owner"] }])] }],
    ["no threshold", "malformed", { queues: [queueOf("approvers", [])] }],
    ["a condition nobody defined", "malformed", { rules: [rule({ args: [{ path: "a", op: "eval", value: "1" }] })] }],
  ])("[PO3] a policy with %s is refused", (_what, code, over) => {
    const team = createTeam();
    expect(send(team, over)).toEqual(no(code));
  });
});

/** [T18] Who may open which document, as a table. */
test("[PO5] [T18] each document is open to its audience and closed to everybody else", () => {
  const team = createTeam();
  const people = {
    owner: team.ada,
    admin: team.member("Ben", "admin"),
    approver: team.member("Cleo", "approver"),
    member: team.member("Dana"),
    auditor: team.member("Eli", "auditor"),
    guest: team.member("Gus", "guest"),
  };
  const audience: [DocName, string[]][] = [
    [LOG, ["owner", "admin", "approver", "member", "auditor", "guest"]],
    ["admin" as DocName, ["owner", "admin", "auditor"]],
    [QUEUE, ["owner", "admin", "approver", "auditor"]],
    [reviews, []],
    [lane(people.member), ["member"]],
    [lane(people.owner), ["owner"]],
  ];
  for (const [doc, allowed] of audience) {
    const readers = Object.entries(people).filter(([, { member }]) => mayRead(team.log, member, doc).allowed);
    expect([doc, readers.map(([name]) => name)]).toEqual([doc, allowed]);
  }
  team.given(team.ada, LOG, "member.remove", { member: people.member.member });
  for (const [doc] of audience) expect(mayRead(team.log, people.member.member, doc).allowed).toBe(false);
});

test("[CH16] the recorded entries fold to the same decisions on every replica", () => {
  const team = createTeam();
  const [ben, cleo] = [team.member("Ben"), team.member("Cleo", "approver")];
  vote(team, cleo, ask(team, ben));
  const copy = createCopy(team);
  expect(copy.queue).toEqual(team.queue);
  expect(copy.log).toEqual(team.log);
});

const createCopy = (team: Team) => {
  const log = newLog(team.wid);
  const queue = newApprovalDoc(QUEUE);
  for (const { doc, text } of team.entries)
    if (!ingestInto(log, doc === LOG ? log : queue, text).ok) throw new Error("a replica refused what was accepted");
  return { log, queue };
};
