/** People, their devices and models, this computer's settings: what a press opens, and what only some teams have. */
import type { Page } from "@playwright/test";
import type { InviteView } from "#bridge/invite.ts";
import type { TeamView } from "#bridge/member.ts";
import { told } from "#bridge/told.ts";
import type { PolicyView } from "#bridge/policy.ts";
import { pseudoText as p } from "#text/pseudo.ts";
import { answers, WID } from "../fixtures/renderer-values.ts";
import type { RendererHost } from "../fixtures/renderer-host.ts";
import { leave, lookAt, press } from "./crawl.ts";
import { beginning, button, field, section } from "./pseudo-team.ts";
import { asMessages, call, message, of } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";

const main = (page: Page) => page.getByRole("main");

/** A role of one's own, an invite made elsewhere, somebody in whose place one decides. */
export const walkPeople = async (stage: Stage): Promise<void> => {
  const team = of<TeamView>("team");
  const members = team.members.map((each) => (each.me ? { ...each, role: "role-1" as typeof each.role } : each));
  const elsewhere = { ...(answers("full", "invite.create", {}) as InviteView), link: null, appLink: null };
  const before = (host: RendererHost): void => {
    host.put(`team/${WID}`, { ...team, members });
    host.answer("invite.create", elsewhere);
    host.put(`invites/${WID}`, [{ ...elsewhere, oldAddress: "http://10.0.0.1:7000" }]);
  };
  await stage.show({ before }, async (walk) => {
    const { page } = walk;
    await section(page, "Team");
    await page.getByRole("tab", { name: p("Roles") }).click();
    await press(main(page).getByRole("button").filter({ hasText: "Release crew" }));
    await press(button(page, "Change role"));
    await lookAt(walk, "one's own role");
    await leave(page);
    await page.getByRole("tab", { name: p("Invites") }).click();
    await lookAt(walk, "an invite with an old address");
    await press(button(page, "Revoke invite"));
    await lookAt(walk, "an invite is revoked");
    await leave(page);
    await press(button(page, "Create invite"));
    await press(button(page.getByRole("dialog"), "Create link"));
    await lookAt(walk, "an invite made elsewhere");
    await leave(page);
    await section(page, "Waiting");
    await press(button(page, "Let somebody decide in your place"));
    await page.getByRole("dialog").getByRole("combobox").selectOption("at");
    await lookAt(walk, "until when somebody decides");
  });
};

/** What is removed, forgotten and left, and a device that is in the workspace no more. */
export const walkEndings = async (stage: Stage): Promise<void> => {
  const team = of<TeamView>("team");
  const print = { at: 7, newest: 9, words: ["1", "2", "3", "4", "5", "6", "7", "8"] };
  await stage.show({ before: (host) => host.answer("workspace.fingerprint", print) }, async (walk) => {
    const { page } = walk;
    await section(page, "Settings");
    const menus = main(page)
      .locator(".model-row")
      .getByRole("button", { name: beginning("Actions for") });
    for (let n = 0; n < (await menus.count()); n++) {
      await press(menus.nth(n));
      await lookAt(walk, `menu of model ${n}`);
      await press(page.getByRole("menuitem").last());
      await lookAt(walk, `model ${n} is removed`);
      await leave(page);
    }
    await press(button(page, "Forget this workspace"));
    await lookAt(walk, "a workspace is forgotten");
    await leave(page);
    await section(page, "Team");
    await press(button(page, "Compare with a teammate"));
    await press(button(page, "They differ"));
    await lookAt(walk, "the words differ");
  });
  const members = team.members.map((each) => ({
    ...each,
    devices: each.devices.map((device) => ({ ...device, revokedAt: 1, ended: "revoked" })),
  }));
  await stage.show({ before: (host) => host.put(`team/${WID}`, { ...team, members }) }, async (walk) => {
    await section(walk.page, "Settings");
    await lookAt(walk, "a device that was revoked");
  });
};

/** What calls get that no rule names, where somebody else can approve now and where nobody can. */
export const walkUnnamed = async (stage: Stage): Promise<void> => {
  const policy = of<PolicyView>("policy");
  await stage.show({ before: (host) => host.put(`policy/${WID}`, { ...policy, unnamed: "confirm" }) }, async (walk) => {
    const { page } = walk;
    await section(page, "Waiting");
    await lookAt(walk, "somebody else can approve");
    await press(button(page, "Ask others instead"));
    await lookAt(walk, "others are asked");
  });
  const alone = { ...policy, unnamed: "confirm", others: [] };
  await stage.show(
    {
      before: (host) => {
        host.put(`policy/${WID}`, alone);
        host.refuse("policy.preview", told("stopped"));
      },
    },
    async (walk) => {
      const { page } = walk;
      await section(page, "Tools");
      await press(page.getByRole("radio", { name: p("Other people approve them") }));
      await lookAt(walk, "others would be asked, and nobody can");
      await press(button(page.getByRole("alertdialog"), "Ask others"));
      await lookAt(walk, "it holds");
    },
  );
};

/** An own call that is changed while it waits, while it begins, and while its server does not run. */
export const walkEdits = async (stage: Stage): Promise<void> => {
  const waiting = call("waiting", { asked: '{"path":"/2"}' });
  const before = (host: RendererHost): void => {
    asMessages(host, [message(1, "agent", [{ kind: "call", call: waiting }])]);
    host.answer("call.present", { before: { argument: "content", path: "/1", text: "1 2", cut: false } });
  };
  const begins = (host: RendererHost): void =>
    host.send({
      f: "thread",
      n: 1,
      event: { kind: "put", message: message(1, "agent", [{ kind: "call", call: { ...waiting, state: "running" } }]) },
    });
  await stage.show({ before }, async (walk, host) => {
    await lookAt(walk, "a call and its file");
    await press(walk.page.getByRole("button", { name: p("Edit") }).first());
    await field(walk.page.getByRole("dialog"), "").first().fill("9");
    begins(host);
    await lookAt(walk, "a call that began while it was changed");
  });
  const tools = of<{ servers: object[] }>("tools");
  const stopped = { ...tools, servers: tools.servers.map((each) => ({ ...each, state: "stopped" })) };
  await stage.show(
    {
      before: (host) => {
        before(host);
        host.put(`tools/${WID}`, stopped);
      },
    },
    async (walk, host) => {
      await press(walk.page.getByRole("button", { name: p("Edit") }).first());
      await lookAt(walk, "a call whose server does not run");
      begins(host);
      await lookAt(walk, "a call that began, and its server does not run");
    },
  );
};
