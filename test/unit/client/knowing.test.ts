/** When a device says what it knows, against a log and an outbox that answers as it is told. */
import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { KNOWS } from "#core/protocol/levels.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { createKnowing } from "#client/upkeep/knowing.ts";
import type { Live } from "#client/live.ts";
import { createTeam, deviceBody, makeDevice } from "../../helpers/people.ts";
import type { Person, Team } from "../../helpers/people.ts";

const BUILD = { version: "9.9.9", knows: KNOWS };
/** A live of this person; `answers` are those of the outbox, null where it takes the command. */
const liveOf = (team: Team, of: Person, answers: (string | null)[]) => {
  const sent: unknown[] = [];
  const live = {
    log: team.log,
    device: of.device,
    outbox: {
      now: (kind: "device.knows", _doc: string, body: typeof BUILD) => {
        sent.push(body);
        const code = answers.shift() ?? null;
        if (code !== null) return Promise.reject(new Refusal({ code, args: [] }));
        team.given(of, LOG, kind, body);
        return Promise.resolve();
      },
    },
  } as unknown as Live;
  return { sent, knowing: createKnowing(live, BUILD) };
};

test("LV3 a device that came by another one says what it knows, once", async () => {
  const team = createTeam();
  const { ada } = team;
  const second = makeDevice(ada);
  team.given(ada, LOG, "device.add", deviceBody(team.wid, second));
  expect(team.log.devices.get(second.device)?.knows).toBeNull();
  const { sent, knowing } = liveOf(team, second, []);
  await knowing.tell();
  await knowing.tell();
  expect(sent).toEqual([BUILD]);
  expect(team.log.devices.get(second.device)?.knows).toEqual(BUILD);
});

test("LV3 BU2 what got no answer is said again, and what the rules refuse is not, until the app starts again", async () => {
  const team = createTeam();
  const { sent, knowing } = liveOf(team, team.ada, ["offline", "storage", "too-often"]);
  for (const n of [1, 2, 3]) {
    await knowing.tell();
    expect(sent).toHaveLength(n);
  }
  await knowing.tell();
  expect(sent).toHaveLength(3);
  const next = liveOf(team, team.ada, []);
  await next.knowing.tell();
  expect(next.sent).toEqual([BUILD]);
  // What stands in the log is not even asked.
  const last = liveOf(team, team.ada, []);
  await last.knowing.tell();
  expect(last.sent).toEqual([]);
});

test("LV3 a device that is closed says nothing", async () => {
  const team = createTeam();
  const ben = team.member("Ben");
  const { sent, knowing } = liveOf(team, ben, []);
  team.given(team.ada, LOG, "member.remove", { member: ben.member });
  await knowing.tell();
  expect(sent).toEqual([]);
});
