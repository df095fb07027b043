/** People, settings and audit on values that show many states at once, and whatever their buttons open. */
import type { Page } from "@playwright/test";
import type { ArrivalView, TeamView } from "#bridge/member.ts";
import type { AppView } from "#bridge/app.ts";
import type { ModelsView } from "#bridge/model.ts";
import { told } from "#bridge/told.ts";
import { pseudoText as p } from "#text/pseudo.ts";
import { WID } from "../fixtures/renderer-values.ts";
import type { RendererHost } from "../fixtures/renderer-host.ts";
import { leave, lookAt, press } from "./crawl.ts";
import { button, field, section } from "./pseudo-team.ts";
import { of } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";

const main = (page: Page) => page.getByRole("main");
const MEMBERS = ["Ada", "Ben", "Cleo"];
const NO = { allowed: false, why: told("no-such-thread") };
const YES = { allowed: true, why: told("no-such-thread") };

const someArrivals = (): ArrivalView[] => {
  const [arrival] = of<ArrivalView[]>("arrivals");
  if (arrival === undefined) throw new Error("no arrival");
  const parts: readonly Partial<ArrivalView>[] = [
    {},
    { back: true, invitedBy: { name: "Cleo", me: false } },
    { back: true, invitedBy: null, can: NO },
    { invitedBy: null, caps: [] },
    { back: true, invitedBy: { name: "Ada", me: true } },
    { outcome: { given: "Approver", by: "Cleo", byMe: false, at: 1 } },
    { outcome: { given: null, by: "Ada", byMe: true, at: 1 } },
    { outcome: { given: null, by: "Cleo", byMe: false, at: 1 } },
  ];
  return parts.map((part, n) => ({ ...arrival, member: `${n}`.padEnd(22, "e"), ...part }));
};

/** Whoever waits to be let in, and those who decide. */
export const walkArrivals = async (stage: Stage): Promise<void> => {
  const arrivals = someArrivals();
  for (const { member } of arrivals)
    await stage.show(
      {
        path: `/popup.html#token=one&wid=${WID}&request=${member}`,
        before: async (host, page) => {
          await page.setViewportSize({ width: 440, height: 560 });
          await page.addInitScript(() => void (window.close = () => undefined));
          host.put(`arrivals/${WID}`, arrivals);
        },
      },
      async (walk) => {
        await walk.page.getByRole("heading").first().waitFor();
        await lookAt(walk, `arrival ${member[0]}`);
      },
    );
  for (const mine of [arrivals[0], arrivals[7]])
    await stage.show(
      { before: (host) => host.put(`arrivals/${WID}`, mine === undefined ? [] : [{ ...mine, me: true, can: NO }]) },
      async (walk) => {
        await section(walk.page, "Waiting");
        await lookAt(walk, "what was promised");
      },
    );
};

/** Team, settings and audit for whoever may and for whoever may not, with what only a fault shows. */
export const walkRest = async (stage: Stage): Promise<void> => {
  const team = of<TeamView>("team");
  const app = of<AppView>("app");
  const members = team.members.map((member, n) => ({
    ...member,
    ...(n === 1 ? { active: false, alike: [{ name: "Ben", role: null }], formerly: ["Ben"] } : {}),
    ...(member.me ? { canRemove: YES } : {}),
    devices: member.devices.map((device, at) => ({
      ...device,
      kind: (["phone", "runner", "desktop"] as const)[(n + at) % 3] ?? "desktop",
      ...(n === 1 ? { revokedAt: 1, ended: (["lost", "membership"] as const)[at % 2] ?? "lost" } : {}),
    })),
  }));
  const before = (host: RendererHost) => {
    host.put(`team/${WID}`, { ...team, members });
    const models = of<ModelsView>("models");
    const [model] = models.models;
    const place = { kind: "program", host: "127.0.0.1" };
    host.put("models", {
      ...models,
      models: [
        { ...model, place },
        { ...model, id: "mo3", isDefault: false, place: { ...place, kind: "here", by: "person" }, runsHere: true },
      ],
    });
    host.put("app", { ...app, keys: { storage: "keychain", detail: "1", device: "d1" } });
    host.answer("report.get", {
      place: "/1/2.log",
      lines: [],
      about: { version: "1.0.0", shell: "1", node: "2", system: "3" },
    });
    host.answer("workspace.fingerprint", { at: 7, newest: 9, words: ["1", "2", "3", "4", "5", "6", "7", "8"] });
  };
  await stage.show({ before }, async (walk) => {
    const { page } = walk;
    await section(page, "Settings");
    await lookAt(walk, "Settings");
    await button(page, "Show the log").click();
    await lookAt(walk, "an empty log");
    for (const menu of await main(page).locator(".model-row").getByRole("button").all()) {
      await press(menu);
      await lookAt(walk, "a model");
      if (await page.getByRole("menuitem").first().isVisible()) await press(page.getByRole("menuitem").nth(1));
      await lookAt(walk, "a model that is vouched for");
      await leave(page);
    }
    await section(page, "Team");
    for (const name of MEMBERS) {
      await press(
        main(page)
          .locator(".row-main")
          .filter({ has: page.locator(".name", { hasText: name }) }),
      );
      await lookAt(walk, `Team > ${name}`);
    }
    for (const name of [
      "Raise to level 2",
      "Leave workspace",
      "Remove member",
      "Revoke device",
      "Let back in with a new device",
      "Compare with a teammate",
    ]) {
      await press(button(page, name));
      await lookAt(walk, `Team > ${name}`);
      await leave(page);
    }
    await page.getByRole("tab", { name: p("Roles") }).click();
    await press(main(page).getByRole("button").filter({ hasText: "Release crew" }));
    await press(button(page, "Change role"));
    await lookAt(walk, "a role that is changed");
    await leave(page);
    await page.getByRole("tab", { name: p("Invites") }).click();
    await button(page, "Create invite").click();
    await page
      .getByRole("dialog")
      .getByRole("spinbutton")
      .or(field(page.getByRole("dialog"), "Number of uses"))
      .first()
      .fill("900");
    await lookAt(walk, "too many uses");
  });
  await stage.show({ scene: "fresh" }, async (walk) => {
    for (const name of ["Waiting", "Team", "Tools", "Settings", "Audit"]) {
      await section(walk.page, name);
      await lookAt(walk, `${name}, nothing yet`);
    }
    for (const tab of ["Roles", "Invites"]) {
      await section(walk.page, "Team");
      await walk.page.getByRole("tab", { name: p(tab) }).click();
      await lookAt(walk, `${tab}, nothing yet`);
    }
  });
  await stage.show(
    {
      before: (host) => {
        host.put("app", { ...app, unread: 2 });
      },
    },
    async (walk) => {
      await button(walk.page, "Go on").waitFor();
      await lookAt(walk, "an unread workspace");
    },
  );
};
