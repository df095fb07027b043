/** What the shell is asked to show before it signs: who is named is told by facts, and the window words them. */
import { expect, test } from "vitest";
import { AskedAct, LIKE_MAX } from "#bridge/act.ts";
import { createClicks } from "../../../../electron/host/team/clicks.ts";
import { createActs } from "../../../../electron/shell/acts.ts";
import { actFacts } from "../../../../renderer/pages/acts/act-facts.ts";
import { createTeam } from "../../../helpers/people.ts";

const world = (names: readonly string[]) => {
  const team = createTeam();
  const people = names.map((name) => team.member(name));
  const asked: unknown[] = [];
  const clicks = createClicks({ request: async (_, params) => (asked.push(params), {}) as never });
  const acts = createActs(() => () => undefined);
  /** The title of the window in which that person's role is confirmed. */
  const title = async (nth: number): Promise<string> => {
    await clicks(team.log, "member.role", {
      member: people[nth]?.member ?? team.ada.member,
      from: "member",
      to: "owner",
    } as never);
    const read = AskedAct.parse(asked.at(-1));
    const shown = acts.shown(acts.ask(read).name);
    return shown === undefined ? "" : actFacts(shown, 0).title;
  };
  return { asked, title };
};

test("[T31] [SG1] who could be taken for another is told apart by the window, which got no sentence", async () => {
  const { asked, title } = world(["Ada!", "Ben"]);
  expect(await title(0)).toMatch(/^Give Ada! \(Member, joined .*; not Ada, Owner\) the role Owner\?$/);
  expect(await title(1)).toBe("Give Ben the role Owner?");
  expect(JSON.stringify(asked)).not.toMatch(/joined |; not |no longer/);
});

test("[T31] [SG1] however many there are, some are named and the act can be confirmed", async () => {
  const { title } = world(Array.from({ length: LIKE_MAX + 3 }, (_, n) => `Ada${"!".repeat(n + 1)}`));
  expect((await title(0)).match(/; not /g)).toHaveLength(LIKE_MAX);
});
