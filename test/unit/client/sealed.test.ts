/** To whom the arguments of a request are sealed. */
import { describe, expect, test } from "vitest";
import { DAY } from "#core/protocol/command.ts";
import { LOG } from "#core/protocol/ids.ts";
import { policyAt, policyPosition } from "#core/rules/may.ts";
import { approvers, readers } from "#client/keys/sealed.ts";
import { createTeam, queueOf } from "../../helpers/people.ts";

describe("readers of a request", () => {
  test("[T20] [AP18] are the people of every step from the start, so that nothing has to arrive when a step begins", () => {
    const team = createTeam();
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "approver")];
    const steps = [{ afterMs: 600_000, all: [{ n: 1, roles: [], members: [dana.member] }] }];
    team.given(team.ada, LOG, "policy.set", {
      base: policyPosition(team.log),
      unnamed: "ask",
      rules: [],
      queues: [queueOf("approvers", [{ n: 1, members: [cleo.member] }], { steps })],
    });
    const [queue] = policyAt(team.log).queues;
    if (queue === undefined) throw new Error("no queue");
    expect(
      readers(team.log, queue, ben.member, team.now)
        .map(({ member }) => member)
        .toSorted(),
    ).toEqual([ben, cleo, dana].map(({ member }) => member).toSorted());
  });

  test("[T20] [AP17] hold a delegate only while the delegation lasts, also where no entry says that it ended", () => {
    const team = createTeam();
    const [ben, cleo, dana] = [team.member("Ben"), team.member("Cleo", "approver"), team.member("Dana", "approver")];
    team.given(team.ada, LOG, "policy.set", {
      base: policyPosition(team.log),
      unnamed: "ask",
      rules: [],
      queues: [queueOf("approvers", [{ n: 1, members: [cleo.member] }])],
    });
    const until = team.now + DAY;
    team.given(cleo, LOG, "approval.delegate", { to: dana.member, until });
    const [queue] = policyAt(team.log).queues;
    if (queue === undefined) throw new Error("no queue");
    expect(approvers(team.log, queue, ben.member, until)).toEqual([cleo.member, dana.member]);
    expect(approvers(team.log, queue, ben.member, until + 1)).toEqual([cleo.member]);
    expect(readers(team.log, queue, ben.member, until + 1).map(({ member }) => member)).not.toContain(dana.member);
  });
});
