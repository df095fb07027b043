/** Words for a request that is one too many, or too large for everybody whom it goes to: they name the true cause. */
import { wordsOf } from "../../../helpers/worded.ts";
import { describe, expect, test } from "vitest";
import { crowded, tooLarge } from "../../../../electron/host/gate/bounds.ts";
import { NOTHING, sealedText } from "../../../../electron/host/gate/enclosure.ts";
import { clientCrypto } from "#node/client-crypto.ts";
import type { Live } from "#client/live.ts";
import { seal, SEALED_MAX } from "#client/keys/sealed.ts";
import { LOG, queueDoc } from "#core/protocol/ids.ts";
import type { QueueId } from "#core/protocol/ids.ts";
import type { ApprovalDoc, Device } from "#core/rules/state.ts";
import { WAITING_IN_ALL_MAX, WAITING_MAX } from "#core/rules/waiting.ts";
import { randomId, randomKey } from "../../../helpers/node-crypto.ts";
import { createTeam, lane, queueOf, requestBody } from "../../../helpers/people.ts";

const times = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("[BU4] what an agent is told before it asks", () => {
  const waits = (...counts: number[]) => {
    const team = createTeam();
    const ben = team.member("Ben");
    const queues = counts.map((_, i) => queueOf(`q${i}`, [{ n: 1, roles: ["owner"] }], { name: `Queue ${i}` }));
    team.given(team.ada, LOG, "policy.set", { base: 0, unnamed: "ask", rules: [], queues });
    const own = team.chain(lane(ben)) as ApprovalDoc;
    const ask = (i: number) =>
      team.take(own, team.sign(ben, queueDoc(`q${i}` as QueueId), "approval.request", requestBody()));
    for (const [i, count] of counts.entries()) for (const _ of times(count)) expect(ask(i).ok).toBe(true);
    const live = { me: ben.member, serverNow: () => team.now, docs: { lanes: () => [own] } } as unknown as Live;
    return {
      own,
      ask,
      says: (i: number, besides: Parameters<typeof crowded>[2] = null) =>
        crowded(live, { id: `q${i}` as QueueId, name: `Queue ${i}` }, besides),
    };
  };

  test("nothing while there is room, and the queue and the number where there is none", () => {
    const { says, own, ask } = waits(WAITING_MAX - 1, 1);
    expect([says(0), says(1)]).toEqual([null, null]);
    ask(0);
    expect(says(0)).toEqual({
      code: "waiting-in-queue",
      args: [WAITING_MAX, "Queue 0"],
    });
    expect(wordsOf(says(0))).toBe(
      "10 of your calls wait for approval in Queue 0 already, as many as one person may have. Wait until some are decided, or withdraw some; then try again.",
    );
    expect(says(1)).toBeNull();
    // What ends with the new one does not count.
    expect(says(0, [...own.requests.keys()][0])).toBeNull();
  });

  test("all queues together", () => {
    const { says } = waits(WAITING_MAX - 1, WAITING_MAX - 1, 2, 0);
    for (const i of [0, 3])
      expect(wordsOf(says(i))).toContain(
        `${WAITING_IN_ALL_MAX} of your calls wait for approval in all queues together already`,
      );
  });
});

describe("[BU1] a call that does not fit", () => {
  const devicesOf = (people: number, each: number): Device[] =>
    times(people).flatMap(() => {
      const member = randomId();
      return times(each).map(() => ({ id: randomId(), member, enc: randomKey() }) as unknown as Device);
    });
  const argsOf = (size: number): string => JSON.stringify({ content: "a".repeat(size) });
  const says = (size: number, devices: Device[]) =>
    tooLarge(argsOf(size), argsOf(size), { name: "Approvers" }, devices);
  const fits = async (size: number, devices: Device[]): Promise<boolean> =>
    (await seal(clientCrypto, sealedText(argsOf(size), NOTHING), devices)).length <= SEALED_MAX;

  test("is called large where it is large, and the people and their devices are named where they are many", () => {
    const message = (size: number, people: number, each: number): string =>
      wordsOf(says(size, devicesOf(people, each))) ?? "";
    expect(message(60_000, 2, 1)).toMatch(
      /^The arguments are too large to be shown to others: 60 kB, and about 3\d(?:\.\d)? kB of such arguments fit into a request\. Split the call\.$/,
    );
    const many =
      /^The arguments are too large to be sealed for everybody who may decide this: Approvers and you are 50 people with 500 devices, which leaves room for about 6(?:\.\d)? kB of such arguments, and these are /;
    expect(message(12_000, 50, 10)).toMatch(many);
    expect(message(12_000, 50, 10)).toMatch(
      /12 kB\. Split the call, name fewer people in Approvers, or close devices that nobody uses\.$/,
    );
    expect(message(60_000, 50, 10)).toMatch(many);
    expect(message(60_000, 50, 10)).toMatch(/60 kB\. Split the call\.$/);
  });

  test.each([
    [2, 2, 60_000],
    [11, 3, 34_000],
    [50, 10, 20_000],
  ])("and %i people with %i devices each are told a number that is true", async (people, each, size) => {
    const devices = devicesOf(people, each);
    const named = 1_000 * Number(/about (\d+(?:\.\d)?) kB/.exec(wordsOf(says(size, devices)) ?? "")?.[1]);
    expect([await fits(named - 400, devices), await fits(named + 400, devices)]).toEqual([true, false]);
  });
});
