/** A queue that was taken out of the policy: who still reads what was asked in it, and what still happens there. */
import { describe, expect, test } from "vitest";
import { LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, Hash, QueueId } from "#core/protocol/ids.ts";
import { mayRead, policyPosition, queuesEver } from "#core/rules/may.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";
import { createTeam, lane, queueOf, requestBody } from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";
import { worded } from "../../helpers/worded.ts";

const DEPLOYS = queueDoc("deploys" as QueueId);
const rest = queueOf("approvers", [{ n: 1, roles: ["owner"] }]);
const deploys = queueOf("deploys", [{ n: 1, roles: ["owner", "admin", "approver"] }]);

const setQueues = (team: Team, ...queues: ReturnType<typeof queueOf>[]) =>
  team.given(team.ada, LOG, "policy.set", { base: policyPosition(team.log), unnamed: "ask", rules: [], queues });
const ask = (team: Team, by: Person, over = {}): Hash => team.given(by, DEPLOYS, "approval.request", requestBody(over));
const vote = (team: Team, by: Person, request: Hash, v: "approve" | "reject" = "approve") =>
  team.send(by, DEPLOYS, "approval.vote", { request, v, note: null });
const stateOf = (team: Team, id: Hash) => (team.chain(DEPLOYS) as ApprovalDoc).requests.get(id)?.state;
const readersOf = (team: Team, people: Record<string, Person>, doc: DocName) =>
  Object.entries(people).flatMap(([name, { member }]) => (mayRead(team.log, member, doc).allowed ? [name] : []));

const cast = () => {
  const team = createTeam();
  const people = {
    owner: team.ada,
    admin: team.member("Ben", "admin"),
    approver: team.member("Cleo", "approver"),
    member: team.member("Dana"),
    auditor: team.member("Eli", "auditor"),
    guest: team.member("Gus", "guest"),
  };
  setQueues(team, rest, deploys);
  return { team, people };
};

describe("[PO6] a queue that was taken out of the policy", () => {
  test("[AU4] [T6] [T18] is open to whoever may read the audit, and to nobody for having been named in it", () => {
    const { team, people } = cast();
    expect(readersOf(team, people, DEPLOYS)).toEqual(["owner", "admin", "approver", "auditor"]);
    setQueues(team, rest);
    expect(readersOf(team, people, DEPLOYS)).toEqual(["owner", "admin", "auditor"]);
    expect(mayRead(team.log, people.auditor.member, DEPLOYS).why).toEqual(
      worded("The role Auditor may read the audit."),
    );
    for (const { member } of [people.approver, people.member, people.guest])
      expect(mayRead(team.log, member, DEPLOYS)).toEqual({
        allowed: false,
        why: worded("This queue was removed: its history is open to whoever may read the audit."),
      });
    // A queue that never was is nobody's, and what was true earlier stays true there.
    expect(mayRead(team.log, people.auditor.member, queueDoc("never" as QueueId))).toEqual({
      allowed: false,
      why: worded("There is no such approval queue."),
    });
    const before = policyPosition(team.log) - 1;
    expect(mayRead(team.log, people.approver.member, DEPLOYS, before).allowed).toBe(true);
    setQueues(team, rest, deploys);
    expect(readersOf(team, people, DEPLOYS)).toEqual(["owner", "admin", "approver", "auditor"]);
  });

  test("is no history before it was made", () => {
    const team = createTeam();
    const eli = team.member("Eli", "auditor");
    const before = team.log.seq;
    setQueues(team, rest, deploys);
    setQueues(team, rest);
    expect([before, team.log.seq].map((position) => mayRead(team.log, eli.member, DEPLOYS, position).allowed)).toEqual([
      false,
      true,
    ]);
    expect(queuesEver(team.log).map(({ id, name }) => [id, name])).toEqual([
      ["approvers", rest.name],
      ["deploys", deploys.name],
    ]);
  });

  test("takes no new request, no edit and no epoch", () => {
    const { team, people } = cast();
    const waiting = ask(team, people.member);
    setQueues(team, rest);
    const refused = { ok: false, code: "no-such-queue" };
    expect(team.send(people.member, DEPLOYS, "approval.request", requestBody())).toEqual(refused);
    expect(team.send(people.member, DEPLOYS, "approval.request", requestBody({ replaces: waiting }))).toEqual(refused);
    expect(team.send(people.owner, LOG, "epoch.open", { doc: DEPLOYS, n: 2 })).toEqual(refused);
    expect(stateOf(team, waiting)).toBe("pending");
  });

  test("[PO4] decides, cancels and uses what was asked before under the policy that it was asked under", () => {
    const { team, people } = cast();
    const [approved, waiting, canceled] = [
      ask(team, people.member),
      ask(team, people.member),
      ask(team, people.member),
    ];
    vote(team, people.approver, approved);
    setQueues(team, rest);
    expect(team.send(people.member, DEPLOYS, "approval.used", { request: approved, result: "ok" }).ok).toBe(true);
    expect(vote(team, people.member, waiting)).toEqual({ ok: false, code: "own-request" });
    expect(vote(team, people.auditor, waiting)).toEqual({ ok: false, code: "not-approver" });
    expect(vote(team, people.admin, waiting).ok).toBe(true);
    expect(team.send(people.member, DEPLOYS, "approval.cancel", { request: canceled }).ok).toBe(true);
    expect([approved, waiting, canceled].map((id) => stateOf(team, id))).toEqual(["used", "approved", "canceled"]);
    expect(mayRead(team.log, people.member.member, lane(people.member)).allowed).toBe(true);
  });
});
