/** Which documents an app reads once a queue was taken out of the policy, and until when. */
import { describe, expect, test } from "vitest";
import { DAY } from "#core/protocol/command.ts";
import { ADMIN, LOG, queueDoc } from "#core/protocol/ids.ts";
import type { DocName, QueueId } from "#core/protocol/ids.ts";
import { policyPosition } from "#core/rules/may.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";
import type { FoldStore } from "#client/ports/store.ts";
import { createDocuments } from "#client/docs/documents.ts";
import { createTeam, lane, QUEUE, queueOf, requestBody } from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";

const DEPLOYS = queueDoc("deploys" as QueueId);
const rest = queueOf("approvers", [{ n: 1, roles: ["owner", "approver"] }]);
const deploys = queueOf("deploys", [{ n: 1, roles: ["owner", "approver"] }]);
const setQueues = (team: Team, ...queues: unknown[]) =>
  team.given(team.ada, LOG, "policy.set", { base: policyPosition(team.log), unnamed: "ask", rules: [], queues });

const documentsOf = (team: Team, me: Person) => {
  const closed: string[] = [];
  const at = { now: team.now };
  const rows = {
    closedEpochs: () => closed,
    closeEpoch: (_wid: string, doc: string) => void closed.push(doc),
  } as unknown as FoldStore;
  return {
    docs: createDocuments({
      me: me.member,
      log: team.log,
      rows,
      approvals: (doc) => team.chain(doc) as ApprovalDoc,
      serverNow: () => at.now,
    }),
    at,
  };
};
/** The server shows all of these, whole. */
const show = (team: Team, docs: ReturnType<typeof documentsOf>["docs"], ...names: DocName[]) => {
  for (const name of names) docs.shown(name, team.chain(name).seq);
};

describe("[PO6] a queue that was removed", () => {
  test("[AU4] is read on by whoever may read the audit, and by nobody else", () => {
    const team = createTeam();
    const people = {
      eli: team.member("Eli", "auditor"),
      cleo: team.member("Cleo", "approver"),
      ben: team.member("Ben"),
    };
    setQueues(team, rest, deploys);
    const readers = Object.fromEntries(
      Object.entries(people).map(([name, who]) => [name, documentsOf(team, who).docs]),
    );
    const read = () => Object.fromEntries(Object.entries(readers).map(([name, docs]) => [name, docs.readable()]));
    const own = (who: Person) => lane(who);
    expect(read()).toEqual({
      eli: [LOG, own(people.eli), ADMIN, QUEUE, DEPLOYS],
      cleo: [LOG, own(people.cleo), QUEUE, DEPLOYS],
      ben: [LOG, own(people.ben)],
    });
    setQueues(team, rest);
    expect(read()).toEqual({
      eli: [LOG, own(people.eli), ADMIN, QUEUE, DEPLOYS],
      cleo: [LOG, own(people.cleo), QUEUE],
      ben: [LOG, own(people.ben)],
    });
  });

  test("[EP3] is let go with all its epochs once it is whole and nothing can happen in it, and followed again when it comes back", () => {
    const team = createTeam();
    const [eli, ben] = [team.member("Eli", "auditor"), team.member("Ben")];
    setQueues(team, rest, deploys);
    team.given(ben, DEPLOYS, "approval.request", requestBody());
    setQueues(team, rest);
    const { docs, at } = documentsOf(team, eli);
    at.now = team.now + DAY;
    show(team, docs, QUEUE, DEPLOYS);
    docs.settle();
    expect(docs.readable()).toContain(DEPLOYS);
    at.now = team.now + 9 * DAY;
    docs.settle();
    expect([docs.readable().includes(DEPLOYS), docs.readable().includes(QUEUE)]).toEqual([false, true]);
    setQueues(team, rest, deploys);
    expect(docs.readable()).toContain(DEPLOYS);
  });

  test("is not let go by the server's word from before the connection was lost", () => {
    const team = createTeam();
    const [eli, ben] = [team.member("Eli", "auditor"), team.member("Ben")];
    setQueues(team, rest, deploys);
    team.given(ben, DEPLOYS, "approval.request", requestBody());
    setQueues(team, rest);
    const { docs, at } = documentsOf(team, eli);
    show(team, docs, DEPLOYS);
    docs.lost(DEPLOYS);
    at.now = team.now + 9 * DAY;
    docs.settle();
    expect(docs.readable()).toContain(DEPLOYS);
    show(team, docs, DEPLOYS);
    docs.settle();
    expect(docs.readable()).not.toContain(DEPLOYS);
  });
});
