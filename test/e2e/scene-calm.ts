/** What stands in a window only while something else is waited for, or until it is asked for. */
import type { CardView } from "#bridge/card.ts";
import { told } from "#bridge/told.ts";
import { answers, WID } from "../fixtures/renderer-values.ts";
import { lookAt, press } from "./crawl.ts";
import { button, section } from "./pseudo-team.ts";
import { of } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";

export const walkCalm = async (stage: Stage): Promise<void> => {
  const reasons = { reason: told("host-failing"), also: [told("host-restarting")] };
  await stage.show(
    { before: (host) => host.put(`status/${WID}`, { ...of<object>("status"), link: "offline", ...reasons }) },
    async (walk) => {
      for (const name of ["Show all", "Show less"]) {
        await lookAt(walk, "a status with much to say");
        await press(button(walk.page, name));
      }
    },
  );
  await stage.show({}, async (walk, host) => {
    const release = host.hold("member.setRole");
    await section(walk.page, "Team");
    await press(walk.page.getByRole("combobox", { disabled: false }).first());
    await press(walk.page.getByRole("option").first());
    await button(walk.page, "Show the window").waitFor();
    await lookAt(walk, "a window that waits for another");
    release();
  });
  const card = answers("full", "card.get", { wid: WID, request: "r1" }) as CardView;
  const changed = { ...card, args: '{"1":"2\\n","2":""}', replaces: { request: "r0", args: '{"1":"2\\n\\n "}' } };
  await stage.show({ before: (host) => host.answer("card.get", changed) }, async (walk) => {
    await section(walk.page, "Waiting");
    await lookAt(walk, "a difference of nothing but blanks");
  });
};
