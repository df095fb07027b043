/** Tools that a call cannot use, servers that give none, and places that nobody can take. */
import type { TeamView } from "#bridge/member.ts";
import { told } from "#bridge/told.ts";
import type { ToolsView, ToolView } from "#bridge/tool.ts";
import { pseudoText as p } from "#text/pseudo.ts";
import { WID } from "../fixtures/renderer-values.ts";
import { leave, lookAt, press } from "./crawl.ts";
import { button, field, section } from "./pseudo-team.ts";
import { asMessages, call, message, of } from "./scene-values.ts";
import type { Stage } from "./scenes.ts";

const NO = { allowed: false, why: told("no-such-thread") };

/** What nobody could decide, and small windows. */
export const walkLast = async (stage: Stage): Promise<void> => {
  const tools = of<ToolsView>("tools");
  const [server, ...others] = tools.servers;
  if (server === undefined) throw new Error("no server");
  const effects: readonly ToolView["effect"][] = [{ kind: "deny" }, { kind: "allow" }, { kind: "confirm" }];
  for (const [n, effect] of effects.entries())
    await stage.show(
      {
        before: (host) => {
          const app = of<{ settings: object }>("app");
          host.put("app", { ...app, settings: { ...app.settings, enclose: "message-and-file" } });
          const free = { ...server.tools[0], effect, inputSchema: n === 0 ? { type: "string" } : { type: "object" } };
          host.put(`tools/${WID}`, { ...tools, servers: [{ ...server, tools: [free] }, ...others] });
        },
      },
      async (walk) => {
        await field(walk.page, "Message").fill("/");
        await press(walk.page.getByRole("option").first());
        await lookAt(walk, `a tool that is ${effect.kind}`);
        await walk.page.setViewportSize({ width: 599, height: 800 });
        await lookAt(walk, "a small window");
      },
    );
  await stage.show(
    {
      before: (host) => {
        host.put(`status/${WID}`, { ...of<object>("status"), mayApprove: 0 });
        host.put(`tools/${WID}`, { ...tools, servers: tools.servers.map((each) => ({ ...each, state: "starting" })) });
        const refused = call("refused", { tool: "write_file" });
        asMessages(host, [
          message(1, "agent", [
            { kind: "call", call: refused },
            { kind: "call", call: call("waiting") },
          ]),
        ]);
      },
    },
    async (walk) => {
      await walk.page.getByRole("article").nth(1).waitFor();
      await lookAt(walk, "nobody may decide");
      await press(button(walk.page, "Confirm such calls yourself"));
      await lookAt(walk, "to confirm by oneself");
      await leave(walk.page);
      await press(walk.page.getByRole("button", { name: p("Edit") }).first());
      await lookAt(walk, "a change while a server starts");
      await leave(walk.page);
      await field(walk.page, "Message").fill("/");
      await lookAt(walk, "no tool is ready");
    },
  );
  await stage.show(
    {
      before: (host) => {
        host.answer("server.parse", { servers: [], ignored: [told("stopped")] });
        host.answer("server.probe", { tools: [], left: [] });
      },
    },
    async (walk) => {
      await section(walk.page, "Tools");
      await button(walk.page, "Add server").click();
      await walk.page.getByRole("dialog").getByRole("textbox").first().fill("1");
      await button(walk.page, "Read").click();
      await lookAt(walk, "no server in the text");
    },
  );
  const launch = server.launch;
  const found = ["1", "2"].map((name) => ({ name, launch, values: {}, kept: [] }));
  await stage.show(
    {
      before: (host) => {
        host.answer("server.parse", { servers: found, ignored: [] });
        host.answer("server.probe", { tools: [], left: [] });
      },
    },
    async (walk) => {
      await section(walk.page, "Tools");
      await button(walk.page, "Add server").click();
      await walk.page.getByRole("dialog").getByRole("textbox").first().fill("1");
      await button(walk.page, "Read").click();
      await lookAt(walk, "two servers in the text");
      await button(walk.page, "Start and list tools").click();
      await lookAt(walk, "a server without tools");
    },
  );
};

/** Who decides in whose place, and a level that every device knows. */
export const walkPlaces = async (stage: Stage): Promise<void> => {
  const team = of<TeamView>("team");
  await stage.show(
    {
      before: (host) => {
        const standIns = [{ member: team.me, to: "m3", until: Date.now() + 86_400_000 }];
        const members = team.members.map((each) => ({
          ...each,
          canStandIn: NO,
          devices: each.devices.map((device) => ({ ...device, behind: false })),
        }));
        host.put(`team/${WID}`, { ...team, members, standIns });
      },
    },
    async (walk) => {
      await section(walk.page, "Waiting");
      await lookAt(walk, "somebody decides in my place");
      await press(button(walk.page, "End now"));
      await lookAt(walk, "nobody decides in my place");
      await section(walk.page, "Team");
      await press(button(walk.page, "Raise to level 2"));
      await lookAt(walk, "nobody is behind");
    },
  );
  await stage.show(
    {
      before: (host) =>
        host.put(`team/${WID}`, {
          ...team,
          members: team.members.map((each) => ({ ...each, canStandIn: NO })),
          standIns: [],
        }),
    },
    async (walk) => {
      await section(walk.page, "Waiting");
      await press(button(walk.page, "Let somebody decide in your place"));
      await lookAt(walk, "nobody can decide in my place");
    },
  );
};
