/**
 * A server that turns a real app away, with every code there is. It has nothing signed to show, so the app may say what the
 * server did, and nothing of what a teammate did: nobody was removed, nothing that was asked is given up, and when the
 * server is right again the app is back by itself. The positive control is somebody who really was removed.
 */
import { worded, wordsOf } from "../helpers/worded.ts";
import { describe, expect } from "vitest";
import { CLOSE } from "#core/protocol/wire.ts";
import { main, openApp, SERVER } from "../helpers/app.ts";
import type { App } from "../helpers/app.ts";
import { lie } from "../helpers/hostile.ts";
import { evidenceOf, holdsOut, keptBy, startLiedTo } from "../helpers/lied-to.ts";
import { PATIENCE_MS, until } from "../helpers/wait.ts";
import { factWords } from "#text/facts.ts";

/** Words that say what somebody did to this person or computer. */
const ACCUSES =
  /\b(?:you were|you are no longer|you left|was closed|was removed|no longer part|came back|revoked|not a member)\b/i;
const FAST = { tickMs: 50 };
/** As long as the longest pause before it is tried again passes, as often as it takes; slowly enough that nothing expires. */
const pausesUntil = async (app: App, holds: () => boolean, what: string): Promise<void> => {
  for (let wait = 1_000; !holds() && wait < PATIENCE_MS; wait *= 2) {
    app.clock.pass(241_000);
    await until(holds, what, wait).catch(() => undefined);
  }
  await until(holds, what, 1);
};

type Stage = "hello" | "welcome" | "head";
const codes = [...new Set<number>([...Object.values(CLOSE), 4_402, 4_444, 4_499])].filter(
  (code) => code >= 4_400 && code < 4_500,
);
const rows: [number, Stage][] = [
  ...codes.map((code): [number, Stage] => [code, "hello"]),
  ...[CLOSE.memberRemoved, CLOSE.deviceClosed, CLOSE.unauthorized].flatMap((code): [number, Stage][] => [
    [code, "welcome"],
    [code, "head"],
  ]),
];

describe("[T15] [LY11] a server that closes with a code and shows nothing", () => {
  lie.for(rows)(
    "%i after %s: nobody is told that they were removed, what was asked stays, and the app is back by itself",
    async ([code, stage], { control }) => {
      const of = await startLiedTo(FAST);
      const { ben, his, wid, call } = of;
      const before = keptBy(ben);
      his.tell("", (said, on) => {
        if (said.kind !== stage) return true;
        on.close(code);
        return [];
      });
      his.drop();
      await until(() => ["refused", "update-app"].includes(ben.room.status(wid).link), `turned away with ${code}`);
      const waits = ben.call(wid, SERVER, "{}");
      await ben.room.authority.ask(waits);
      const { reason, canPair } = ben.room.status(wid);
      expect(`${wordsOf(reason)} ${factWords(canPair.why)}`).not.toMatch(ACCUSES);
      expect(ben.room.workspaces.may(wid, "tools.use").allowed).toBe(true);
      expect([ben.room.authority.standing(call.id)?.state, ben.room.authority.standing(waits.id)?.state]).toEqual([
        "approved",
        "queued",
      ]);
      holdsOut(of, before);
      expect(evidenceOf(ben)).toEqual([]);
      his.truth();
      await control(async () => {
        await pausesUntil(ben, () => ben.room.status(wid).link === "in-sync", "back by itself");
        await until(() => ben.room.authority.permit(call).ok, "the permit");
        // What was asked meanwhile was only late.
        await until(() => ben.room.authority.standing(waits.id)?.state === "waiting", "the request at the server");
      });
    },
  );
});

describe("[T15] [LY11] who was really removed", () => {
  lie.for([
    ["is shown the entry that says so"],
    ["and is shown it late, by a server that kept it back first"],
  ] as const)("%s, and is told by whom, also without any server and after a restart", async ([how], { control }) => {
    const of = await startLiedTo(FAST);
    const { ada, ben, his, wid } = of;
    const late = how.includes("late");
    // Everything but the code is swallowed: the log ends for Ben before the entry that removed him.
    if (late) his.tell("", (said) => (said.kind === "entries" ? [] : true));
    await ada.room.handlers["member.remove"]({ wid, member: ben.room.team(wid).me }, main);
    if (late) {
      await until(() => ben.room.status(wid).link === "refused", "turned away");
      expect(wordsOf(ben.room.status(wid).reason)).not.toMatch(ACCUSES);
      his.truth();
    }
    await control(() => pausesUntil(ben, () => ben.room.status(wid).link === "out", "the entry"));
    const told = {
      link: "out",
      reason: worded(/^You were removed from this workspace by Ada\./),
    };
    expect(ben.room.status(wid)).toMatchObject(told);
    await ben.close();
    his.tell("", () => []);
    his.drop();
    const again = await openApp("Ben", { dir: ben.dir, ...FAST });
    expect(again.room.status(wid)).toMatchObject(told);
    expect(again.room.workspaces.may(wid, "tools.use").allowed).toBe(false);
  });

  lie("leaves by their own will, and is not told that somebody removed them", async ({ control }) => {
    const { ben, wid } = await startLiedTo(FAST);
    await ben.room.handlers["member.remove"]({ wid, member: ben.room.team(wid).me }, main);
    await control(() => until(() => ben.room.status(wid).link === "out", "out"));
    expect(wordsOf(ben.room.status(wid).reason)).toMatch(/^You left this workspace\./);
  });
});
