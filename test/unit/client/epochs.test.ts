/** Which epochs an app follows, and when the next one is due. */
import { describe, expect, test } from "vitest";
import { DAY } from "#core/protocol/command.ts";
import { docBase, epochDoc, LOG } from "#core/protocol/ids.ts";
import type { DocName } from "#core/protocol/ids.ts";
import { createEpochs } from "#client/docs/epochs.ts";
import { dueEpochs, EPOCH_LIFE_MS, EPOCH_REQUESTS } from "#client/upkeep/keeper.ts";
import type { Live } from "#client/live.ts";
import type { ApprovalDoc } from "#core/rules/state.ts";
import { createTeam, lane, QUEUE, requestBody } from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";

const open = (team: Team, doc: DocName, n: number): void => void team.given(team.ada, LOG, "epoch.open", { doc, n });
const followedIn = (team: Team) => {
  const closed: DocName[] = [];
  const folded: string[] = [];
  const make = () =>
    createEpochs({
      wid: team.wid,
      log: team.log,
      rows: { closedEpochs: () => closed, closeEpoch: (_wid, doc) => void closed.push(doc as DocName) },
      approvals: (doc) => {
        folded.push(doc);
        return team.chain(doc) as ApprovalDoc;
      },
    });
  return { make, folded };
};

describe("an app follows", () => {
  test("[EP3] the two newest epochs, and older ones until nothing can happen in them any more", () => {
    const team = createTeam();
    const ben = team.member("Ben");
    team.given(ben, QUEUE, "approval.request", requestBody());
    for (const n of [2, 3, 4]) open(team, QUEUE, n);
    const { make, folded } = followedIn(team);
    const epochs = make();
    const names = [4, 3, 2, 1].map((n) => epochDoc(QUEUE, n));
    expect([epochs.newest(QUEUE), epochs.followed(QUEUE)]).toEqual([names[0], names]);
    // Not all of it is here, or something in it is open, or was until lately: a report may still be on its way.
    epochs.settle(QUEUE, team.now + 30 * DAY, () => false);
    epochs.settle(QUEUE, team.now, () => true);
    expect(epochs.followed(QUEUE)).toEqual([names[0], names[1], names[3]]);
    epochs.settle(QUEUE, team.now + 5 * DAY, () => true);
    expect(epochs.followed(QUEUE)).toContain(names[3]);
    epochs.settle(QUEUE, team.now + 9 * DAY, () => true);
    expect(epochs.followed(QUEUE)).toEqual(names.slice(0, 2));
    // What was given up stays so, and is not folded again to know it.
    folded.length = 0;
    expect([make().followed(QUEUE), folded]).toEqual([names.slice(0, 2), []]);
  });
});

const timeOf = (team: Team, position: number): number =>
  (JSON.parse(team.entries.filter(({ doc }) => doc === LOG)[position - 1]?.text ?? "") as { t: number }).t;

describe("the next epoch is due", () => {
  const live = (team: Team, me: Person, now: number, docs: readonly DocName[] = [QUEUE]): Live =>
    ({
      log: team.log,
      me: me.member,
      serverNow: () => now,
      docs: { queues: () => docs.map((doc) => team.chain(doc) as ApprovalDoc) },
      replica: { timeOf: (position: number) => timeOf(team, position) },
    }) as unknown as Live;
  const asked = (count: number) => {
    const team = createTeam();
    const ben = team.member("Ben");
    for (let i = 0; i < count; i += 1) {
      // Few may be open at once, so each ends before the next.
      if (i > 0) team.pass(60_001);
      team.given(ben, QUEUE, "approval.request", requestBody({ ttlMs: 60_000 }));
    }
    return { team, ben };
  };

  test("[EP2] of queue and lane when they hold so many requests, for who may open it", () => {
    const { team, ben } = asked(EPOCH_REQUESTS);
    expect(dueEpochs(live(team, team.ada, team.now))).toEqual([QUEUE, lane(ben)]);
    expect(dueEpochs(live(team, ben, team.now))).toEqual([]);
    const fewer = asked(EPOCH_REQUESTS - 1);
    expect(dueEpochs(live(fewer.team, fewer.team.ada, fewer.team.now))).toEqual([]);
  });

  test("when its oldest request is a month old, and not again before the new one is", () => {
    const { team, ben } = asked(1);
    expect(dueEpochs(live(team, team.ada, team.now + EPOCH_LIFE_MS - 1))).toEqual([]);
    team.pass(EPOCH_LIFE_MS);
    expect(dueEpochs(live(team, team.ada, team.now))).toEqual([QUEUE, lane(ben)]);
    for (const doc of [QUEUE, lane(ben)]) open(team, docBase(doc), 2);
    const docs = [epochDoc(QUEUE, 2), QUEUE];
    team.pass(2 * EPOCH_LIFE_MS);
    expect(dueEpochs(live(team, team.ada, team.now, docs))).toEqual([]);
    team.given(ben, epochDoc(QUEUE, 2), "approval.request", requestBody());
    team.pass(EPOCH_LIFE_MS);
    expect(dueEpochs(live(team, team.ada, team.now, docs))).toEqual([QUEUE, lane(ben)]);
  });
});
