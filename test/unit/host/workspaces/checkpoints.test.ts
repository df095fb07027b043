/** When an app signs a checkpoint by itself, who may, and what a race does. */
import { describe, expect, test } from "vitest";
import { stateHashOf } from "#core/rules/checkpoint.ts";
import { LOG } from "#core/protocol/ids.ts";
import { CHECKPOINT_EVERY, checkpointDue, maySign, signCheckpoint } from "#client/upkeep/checkpoints.ts";
import { platform } from "../../../../electron/host/ways/platform.ts";
import { checkpointView } from "../../../../electron/host/team/checkpoint-view.ts";
import type { Live } from "#client/live.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { crypto } from "../../../helpers/node-crypto.ts";
import { createTeam } from "../../../helpers/people.ts";
import type { Person, Team } from "../../../helpers/people.ts";
import { worded } from "../../../helpers/worded.ts";

const grow = (team: Team, length: number): void => {
  while (team.log.seq < length) team.given(team.ada, LOG, "server.key", { x: team.ada.key.x });
};
/** An app of that person over the team's own fold; `sends` are its attempts. */
const appOf = (team: Team, who: Person, behind: { have: number; of: number } | null = null) => {
  const sends: string[] = [];
  /** What happens at the server just before a command of this app arrives. */
  let before = (): void => undefined;
  const live = {
    log: team.log,
    me: who.member,
    history: () => behind,
    reached: async () => true,
    replica: { timeOf: () => 7 },
    outbox: {
      now: async (kind: string, doc: typeof LOG, body: unknown) => {
        before();
        const taken = team.send(who, doc, kind, body);
        sends.push(taken.ok ? "taken" : taken.code);
        if (!taken.ok) throw new Refusal({ code: taken.code, args: [] });
      },
    },
  } as unknown as Live;
  return { live, sends, meanwhile: (work: () => void) => void (before = work) };
};

describe("[CK2] a checkpoint", () => {
  test("is due for an Owner when the log has grown by so many entries, and not again before it has", async () => {
    const team = createTeam();
    const admin = team.member("Ben", "admin");
    const { live } = appOf(team, team.ada);
    grow(team, CHECKPOINT_EVERY - 1);
    expect(checkpointDue(live)).toBe(false);
    grow(team, CHECKPOINT_EVERY);
    expect([checkpointDue(live), checkpointDue(appOf(team, admin).live)]).toEqual([true, false]);
    await signCheckpoint(platform, live);
    expect([checkpointDue(live), checkpointView(live)]).toEqual([
      false,
      { last: { at: 7, by: "Ada" }, since: 0, behind: null, sign: { allowed: true, why: worded(/./) } },
    ]);
    grow(team, 2 * CHECKPOINT_EVERY);
    expect(checkpointDue(live)).toBe(false);
    grow(team, 2 * CHECKPOINT_EVERY + 1);
    expect(checkpointDue(live)).toBe(true);
  });

  test("is not signed by an app that has not verified the history behind its own beginning", async () => {
    const team = createTeam();
    const { live, sends } = appOf(team, team.ada, { have: 3, of: 9 });
    grow(team, CHECKPOINT_EVERY);
    expect([checkpointDue(live), maySign(live).allowed]).toEqual([false, false]);
    await expect(signCheckpoint(platform, live)).rejects.toMatchObject({ code: "checkpoint.verifying" });
    expect(sends).toEqual([]);
  });

  test("that somebody was faster than is looked at again, a few times", async () => {
    const team = createTeam();
    const { live, sends, meanwhile } = appOf(team, team.ada);
    let faster = 1;
    meanwhile(() => {
      if (faster-- > 0) grow(team, team.log.seq + 1);
    });
    await signCheckpoint(platform, live);
    expect(sends).toEqual(["stale", "taken"]);
    faster = 10;
    await expect(signCheckpoint(platform, live)).rejects.toMatchObject({ code: "stale" });
    expect(sends.slice(2)).toEqual(["stale", "stale", "stale"]);
    // Two Owners at once: one more than needed, and both true.
    faster = 0;
    team.given(team.ada, LOG, "checkpoint", {
      v: 2,
      at: [team.log.seq, team.log.head],
      stateHash: stateHashOf(crypto, team.log),
    });
    await signCheckpoint(platform, live);
    expect(sends.at(-1)).toBe("taken");
  });
});
