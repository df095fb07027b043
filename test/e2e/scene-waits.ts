/** What stands on a screen while something is under way, and what is empty. */
import type { Page } from "@playwright/test";
import type { CardView } from "#bridge/card.ts";
import { told } from "#bridge/told.ts";
import type { Method } from "#bridge/contract.ts";
import { answers, rowOfCard, WID } from "../fixtures/renderer-values.ts";
import type { RendererHost } from "../fixtures/renderer-host.ts";
import { leave, lookAt, press } from "./crawl.ts";
import { button, section } from "./pseudo-team.ts";
import { of } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";

const hanging =
  (...of: readonly Method[]) =>
  (host: RendererHost): void => {
    for (const each of of) host.hold(each);
  };

/** A start that takes long, one to which nobody answers, and one that cannot open what is kept. */
export const walkStart = async (stage: Stage): Promise<void> => {
  await stage.show({ before: hanging("watch") }, async (walk) => {
    await walk.page.getByRole("status").first().waitFor();
    await lookAt(walk, "a start that takes long");
  });
  await stage.show({ before: (host) => host.away(true) }, async (walk) => {
    await walk.page.getByRole("status").first().waitFor();
    await lookAt(walk, "nobody answers");
  });
  await stage.show({}, async (walk, host) => {
    await walk.page.getByRole("contentinfo").waitFor();
    host.send({ f: "host", state: "failed", error: told("store-unwritable") });
    await lookAt(walk, "a host that cannot open what is kept");
  });
};

/** What is said while an answer is waited for. */
export const walkWaits = async (stage: Stage): Promise<void> => {
  const canExport = { allowed: true, why: told("stopped") };
  await stage.show(
    {
      before: (host) => {
        hanging("audit.exportNext", "policy.preview", "search", "card.get", "workspace.fingerprint")(host);
        host.answer("audit.exportStart", { export: "e1", rows: 2, file: "1.jsonl" });
        host.put(`audit/${WID}`, { ...of<object>("audit"), canExport });
        host.answer("workspace.evidence", { pieces: [] });
        host.put(`status/${WID}`, { ...of<object>("status"), link: "withheld", lie: "withheld" });
      },
    },
    async (walk) => {
      const { page } = walk;
      await press(button(page, "What happened?"));
      await lookAt(walk, "no evidence");
      await leave(page);
      await section(page, "Waiting");
      await lookAt(walk, "a card that is opened");
      await section(page, "Audit");
      await press(button(page, "Export"));
      await press(button(page.getByRole("dialog"), "Save file"));
      await lookAt(walk, "an export under way");
      await leave(page);
      await section(page, "Tools");
      await press(button(page, "Add rule"));
      await ruleForEverything(page);
      await lookAt(walk, "a preview that is asked for");
      await leave(page);
      if (await page.getByRole("alertdialog").isVisible()) await button(page, "Discard").click();
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("combobox").fill("zz");
      await lookAt(walk, "messages that are searched");
    },
  );
};

/** The least that makes a rule whose effect can be asked for. */
const ruleForEverything = async (page: Page): Promise<void> => {
  const picks = page.getByRole("dialog").getByRole("combobox");
  await picks.first().selectOption({ index: 1 });
  await picks.nth(1).selectOption("every");
  await picks.last().selectOption({ index: 1 });
};

/** A card that others decide. */
export const walkOthers = async (stage: Stage): Promise<void> => {
  const row = rowOfCard(answers("full", "card.get", { request: "r1" }) as CardView);
  const others = { ...row, canVote: { allowed: false, why: told("no-such-thread") } };
  await stage.show({ before: (host) => host.list(`cards/${WID}`, [others]) }, async (walk) => {
    await section(walk.page, "Waiting");
    await lookAt(walk, "a card that others decide");
  });
};
