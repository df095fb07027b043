/** The main screens: nothing that keeps somebody out (axe), nothing that breaks the page's own rules, and their pictures. */
import { join } from "node:path";
import { callBecomes, callInNewThread, cardFor } from "../../scripts/apps/team.ts";
import { startModelServer } from "../helpers/model-server.ts";
import { talk } from "../helpers/talk.ts";
import { expect, test } from "./fixtures.ts";
import { complaintsOf, look } from "./look.ts";
import { newThread, openCard, openPage, section, sidebar } from "./pages.ts";

for (const theme of ["light", "dark"] as const) {
  test(`the main screens in ${theme} have no violation and no complaint`, async ({
    team: { ada, ben, wid, tool },
    world,
    browser,
  }) => {
    const model = await startModelServer(() => [
      {
        text: "The harbour folder holds **two files**:\n\n| file | size |\n|---|---|\n| `notes.txt` | 1.2 kB |\n| `plan.md` | 4.8 kB |\n\n```sh\nls -la /srv/harbour\n```\n\nShall I add the tide table?",
      },
    ]);
    await ben.rpc.call("model.add", {
      kind: "openai-compatible",
      name: "Local model",
      model: "scripted",
      baseUrl: `${model.url}/v1`,
      key: null,
    });
    const chat = await ben.rpc.call("thread.create", { wid });
    await talk(ben.rpc, wid, chat.id, "What is in the harbour folder?");
    await ben.rpc.call("thread.rename", { thread: chat.id, title: "Harbour folder" });
    const asked = await callInNewThread(ben.rpc, wid, tool, "write_file", {
      path: join(world.folder, "nginx.conf"),
      content:
        "server {\n  listen 80;\n  server_name harbour.example;\n  location / {\n    proxy_pass http://127.0.0.1:8080;\n  }\n}\n",
    });
    await ben.rpc.call("thread.rename", { thread: asked, title: "Reverse proxy" });
    await callBecomes(ben.rpc, asked, ["waiting"]);
    await cardFor(ada.rpc, wid);

    const bens = await openPage(browser, ben.app, { colorScheme: theme });
    const adas = await openPage(browser, ada.app, { colorScheme: theme });
    const complaints = [bens, adas].map(complaintsOf);
    await sidebar(bens)
      .getByRole("button", { name: /^Harbour folder/ })
      .click();
    await expect(bens.getByRole("log", { name: "Messages" })).toContainText("tide table");
    await look(bens, "thread", theme);
    await sidebar(bens)
      .getByRole("button", { name: /^Reverse proxy/ })
      .click();
    await expect(bens.getByRole("article", { name: /Waiting for approval/ })).toBeVisible();
    await look(bens, "thread-waiting", theme);
    await newThread(bens);
    await bens.getByLabel("Message", { exact: true }).fill("/");
    await expect(bens.getByRole("listbox", { name: "Tools you can call" })).toBeVisible();
    await look(bens, "tool-list", theme);

    const popup = await openCard(adas, "write_file");
    await expect(popup.getByRole("button", { name: "Approve and run" })).toBeEnabled();
    await popup.setViewportSize({ width: 440, height: 560 });
    await look(popup, "card", theme);
    await popup.close();
    for (const name of ["Waiting", "Team", "Tools", "Audit", "Settings"] as const) {
      await section(adas, name).click();
      await expect(adas.getByRole("heading", { level: 1 }).first()).toBeVisible();
      if (name === "Audit") await expect(adas.getByRole("button", { name: /founded the workspace/ })).toBeVisible();
      await look(adas, name.toLowerCase(), theme);
    }
    await section(adas, "Team").click();
    await adas.getByRole("button", { name: /Details of Ben/ }).click();
    await adas.getByRole("button", { name: "What can they do, and why?" }).click();
    await expect(
      adas
        .getByRole("dialog", { name: "What Ben can do, and why" })
        .getByRole("region", { name: "People whose role they can change" }),
    ).toBeVisible();
    await look(adas, "why", theme);
    await adas.keyboard.press("Escape");
    await expect(adas.getByRole("button", { name: "What can they do, and why?" })).toBeFocused();
    await adas.getByRole("tab", { name: "Roles" }).click();
    await adas
      .getByRole("button", { name: /Approver/ })
      .first()
      .click();
    await look(adas, "roles", theme);
    await adas
      .getByRole("navigation", { name: "Workspace" })
      .getByRole("button", { name: /^Search/ })
      .click();
    await expect(adas.getByRole("dialog", { name: "Search and commands" })).toBeVisible();
    await look(adas, "search", theme);
    expect(complaints.flat()).toEqual([]);
    await model.close();
  });
}

test("the first screen, in both themes and on a narrow window, has no violation", async ({ world, browser }) => {
  const ada = await world.person("Ada");
  for (const [theme, width] of [
    ["light", 1_280],
    ["dark", 1_280],
    ["light", 400],
  ] as const) {
    const page = await openPage(browser, ada.app, { colorScheme: theme, viewport: { width, height: 800 } });
    const complaints = complaintsOf(page);
    await expect(page.getByRole("textbox", { name: "Your name" })).toBeVisible();
    await look(page, width === 400 ? "first-run-narrow" : "first-run", theme);
    expect(complaints).toEqual([]);
    await page.context().close();
  }
});
