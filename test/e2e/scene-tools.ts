/** Tool servers, queues and rules: what stands behind a press, or behind a value that few teams have. */
import type { Page } from "@playwright/test";
import { told } from "#bridge/told.ts";
import type { PolicyView } from "#bridge/policy.ts";
import type { ServerView, ToolsView, ToolView } from "#bridge/tool.ts";
import { answers, WID } from "../fixtures/renderer-values.ts";
import type { RendererHost } from "../fixtures/renderer-host.ts";
import { leave, lookAt, press } from "./crawl.ts";
import { beginning, button, section } from "./pseudo-team.ts";
import { of } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";

const NO = { allowed: false, why: told("no-such-thread") };
const main = (page: Page) => page.getByRole("main");
const item = (page: Page, n: number) => page.getByRole("menuitem").nth(n);

const view = () => of<ToolsView>("tools");
const serverOf = (part: Partial<ServerView>): ServerView => {
  const [server] = view().servers;
  if (server === undefined) throw new Error("no server");
  return { ...server, ...part };
};
const toolOf = (part: Partial<ToolView>): ToolView => {
  const [tool] = serverOf({}).tools;
  if (tool === undefined) throw new Error("no tool");
  return { ...tool, ...part };
};
const withServers =
  (servers: readonly ServerView[], part: Partial<ToolsView> = {}) =>
  (host: RendererHost): void =>
    host.put(`tools/${WID}`, { ...view(), ...part, servers });

/** A server before it is added: a start that takes long, one that fails, and what looks like a secret. */
export const walkNewServer = async (stage: Stage): Promise<void> => {
  const start = async (page: Page): Promise<void> => {
    await section(page, "Tools");
    await button(page, "Add server").click();
    await page.getByRole("dialog").getByRole("textbox").first().fill("1");
    await press(button(page, "Read"));
  };
  const launch = { kind: "stdio", command: "npx", args: [], env: [{ name: "HOME", secret: false }], vars: [] };
  const servers = [{ name: "filesystem", launch, values: {}, kept: [] }];
  await stage.show(
    {
      before: (host) => {
        host.answer("server.parse", { servers, ignored: [] });
        host.refuse("server.add", told("launch-secret", [told("place.argument", 1)]));
      },
    },
    async (walk) => {
      await start(walk.page);
      await press(walk.page.getByRole("dialog").locator(".boundary").first());
      await lookAt(walk, "values stay here");
      await walk.page.keyboard.press("Escape");
      await press(button(walk.page, "Start and list tools"));
      await lookAt(walk, "tools of different effects");
      await press(walk.page.getByRole("dialog").getByRole("button").last());
      await lookAt(walk, "what looks like a secret");
    },
  );
  await stage.show({ before: (host) => void host.hold("server.probe") }, async (walk) => {
    await start(walk.page);
    await press(button(walk.page, "Start and list tools"));
    await lookAt(walk, "a start that takes long");
  });
  await stage.show({ before: (host) => host.refuse("server.probe", told("stopped")) }, async (walk) => {
    await start(walk.page);
    await press(button(walk.page, "Start and list tools"));
    await lookAt(walk, "a start that failed");
    await press(button(walk.page, "Show output"));
    await lookAt(walk, "its output");
  });
};

/** Servers in each state, their menus, and tools that are not as they were accepted. */
export const walkServers = async (stage: Stage): Promise<void> => {
  const launch = { ...serverOf({}).launch, env: [{ name: "HOME", secret: false }] } as ServerView["launch"];
  const [, review] = view().servers;
  const change = { kind: "changed", schema: "1", before: null, now: "1" } as const;
  const before = (host: RendererHost): void => {
    withServers(
      [
        serverOf({ id: "s3", launch, tools: [toolOf({ change })] }),
        serverOf({ id: "s4", tools: [toolOf({ description: "" })] }),
        serverOf({ id: "s5", tools: [] }),
        serverOf({ id: "s6", state: "starting", tools: [] }),
        ...(review === undefined ? [] : [review]),
      ],
      { queues: view().queues.map((queue) => ({ ...queue, practice: false })) },
    )(host);
    host.answer("server.log", { lines: [] });
  };
  await stage.show({ before }, async (walk) => {
    const { page } = walk;
    await section(page, "Tools");
    await lookAt(walk, "servers in each state");
    const menus = main(page).locator(".server-head").getByRole("button");
    for (let n = 0; n < (await menus.count()); n++) {
      await press(menus.nth(n));
      await lookAt(walk, `menu of server ${n}`);
      await page.keyboard.press("Escape");
    }
    for (const entry of [1, 2, 3]) {
      await press(menus.first());
      await press(item(page, entry));
      await lookAt(walk, `server, entry ${entry}`);
      await leave(page);
    }
  });
  await stage.show(
    { before: withServers([serverOf({ tools: [toolOf({ change })] })], { mayAccept: NO }) },
    async (walk) => {
      await section(walk.page, "Tools");
      await lookAt(walk, "a changed tool that others accept");
    },
  );
};

/** Queues: tried, and removed where nothing stands in the way. */
export const walkQueues = async (stage: Stage): Promise<void> => {
  const before = (host: RendererHost): void => {
    const can = { allowed: true, why: told("stopped") };
    host.answer("policy.queueRemoval", { base: 7, can, rules: [], waiting: 2, instead: null });
    host.answer("practice.ask", { request: "r6" });
  };
  await stage.show({ before }, async (walk) => {
    const { page } = walk;
    await section(page, "Tools");
    await press(main(page).getByRole("button", { name: beginning("Remove queue") }));
    await lookAt(walk, "a queue is removed");
    await leave(page);
    await press(main(page).getByRole("button", { name: beginning("Try queue") }));
    await press(button(page, "Send practice request"));
    await lookAt(walk, "practice was sent");
    await press(button(page, "Withdraw"));
    await lookAt(walk, "practice was withdrawn");
  });
};

/** Rules: written, tried and published, also where somebody else changed them meanwhile. */
export const walkRules = async (stage: Stage): Promise<void> => {
  const policy = of<PolicyView>("policy");
  const [server] = policy.servers;
  const names = Array.from({ length: 14 }, (_, n) => `${n}`);
  const many = server === undefined ? [] : [{ ...server, tools: names }];
  const before = (host: RendererHost): void => {
    host.put(`policy/${WID}`, { ...policy, servers: many });
    host.answer("policy.arguments", { args: [], known: 0, unknown: [] });
    host.answer("policy.preview", { ...(answers("full", "policy.preview", {}) as object), everything: true });
  };
  await stage.show({ before }, async (walk, host) => {
    const { page } = walk;
    await section(page, "Tools");
    await button(page, "Add rule").click();
    const dialog = page.getByRole("dialog");
    await press(button(dialog, "Add condition"));
    await lookAt(walk, "a condition on an argument that is not known");
    const [on, which] = [dialog.getByRole("combobox").nth(0), dialog.getByRole("combobox").nth(1)];
    await on.selectOption("*");
    await lookAt(walk, "a rule for every server");
    await on.selectOption(server?.id ?? "");
    await lookAt(walk, "a rule for a server");
    await which.selectOption("only");
    await lookAt(walk, "a rule for some tools of many");
    await leave(page);
    if (await page.getByRole("alertdialog").isVisible()) await button(page, "Discard").click();
    await press(
      main(page)
        .getByRole("button", { name: beginning("Edit rule") })
        .first(),
    );
    await lookAt(walk, "a rule that is changed");
    await press(button(page, "Save rule"));
    await lookAt(walk, "a rule for everything, before it is published");
    await page.keyboard.press("Escape");
    host.put(`policy/${WID}`, { ...policy, base: 8 });
    await lookAt(walk, "rules that changed meanwhile");
  });
  await stage.show({}, async (walk) => {
    await section(walk.page, "Tools");
    await press(button(walk.page, "Which rule decides?"));
    await press(button(walk.page, "Find the rule"));
    await lookAt(walk, "which rule decides");
  });
  await stage.show({ before: (host) => host.put(`policy/${WID}`, { ...policy, servers: [] }) }, async (walk) => {
    await section(walk.page, "Tools");
    await press(button(walk.page, "Which rule decides?"));
    await lookAt(walk, "no tool to try");
  });
};
