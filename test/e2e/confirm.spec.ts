/** One person alone: what no rule names they confirm on their own screen, with and without the server, until others can approve. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { filesystemServer, invite, join as joinTeam } from "../../scripts/apps/team.ts";
import { linkVia } from "../helpers/world.ts";
import { complaintsOf, look } from "./look.ts";
import { callCard, callTool, newThread, openPage, section, sidebar, statusLine } from "./pages.ts";
import { expect, test } from "./fixtures.ts";

/** The window of the card, from the button beside the call. */
const openOwn = async (page: Page, context: BrowserContext, tool: string): Promise<Page> => {
  const [popup] = await Promise.all([
    context.waitForEvent("page"),
    callCard(page, tool, "Waits for you to confirm").getByRole("button", { name: "Review and confirm" }).click(),
  ]);
  await expect(popup.getByRole("heading", { level: 1 })).toContainText(tool);
  return popup;
};
const confirmIn = async (popup: Page): Promise<void> => {
  const [read, yes] = [
    popup.getByRole("button", { name: "Read to the end" }),
    popup.getByRole("button", { name: "Confirm and run" }),
  ];
  await expect(read.or(yes)).toBeEnabled();
  if (await read.isVisible()) await read.click();
  // A decided card leaves by itself; the next one opens in a window of its own.
  await Promise.all([popup.waitForEvent("close"), yes.click()]);
};

test("[T32] Ada founds alone, adds a tool and confirms her own calls, also without the server, until an approver joins", async ({
  world,
  browser,
}) => {
  const ada = await world.person("Ada");
  const page = await openPage(browser, ada.app);
  await page.getByRole("textbox", { name: "Your name" }).fill("Ada");
  await page.getByRole("button", { name: "Create a workspace" }).click();
  await page.getByRole("textbox", { name: "Workspace name" }).fill("Harbour");
  await page.getByRole("button", { name: "Create workspace" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose who says yes to tool calls.");
  await look(page, "found-who", "light");
  await page.getByRole("radio", { name: "Just me for now" }).click();
  await page.getByRole("radio", { name: "At an address" }).click();
  await page.getByRole("textbox", { name: "Server address" }).fill(ada.net.url);
  await page.getByRole("button", { name: "Create workspace" }).click();
  await expect(statusLine(page)).toContainText("In sync");

  await section(page, "Tools").click();
  await expect(
    page
      .getByRole("radiogroup", { name: "Calls that no rule names" })
      .getByRole("radio", { name: "Whoever runs them confirms" }),
  ).toBeChecked();
  await look(page, "unnamed", "light");
  const { workspaces } = await ada.rpc.when("app", null, (app) => app.workspaces.length > 0);
  const wid = workspaces[0]?.wid ?? "";
  // Without a choice for single tools they get what calls get that no rule names.
  await ada.rpc.call("server.add", {
    wid,
    name: "filesystem",
    launch: filesystemServer(world.folder),
    values: {},
    effects: {},
  });
  await expect(page.getByRole("region", { name: "filesystem" })).toContainText("Ready");

  const path = join(world.folder, "alone.txt");
  writeFileSync(path, "before\n");
  await newThread(page);
  await callTool(page, "write_file", { path, content: "first" });
  const call = callCard(page, "write_file", "Waits for you to confirm");
  await expect(call).toContainText("Nothing has run.");
  await expect(section(page, "Waiting")).toContainText("1");
  await look(page, "confirming", "light");
  await section(page, "Waiting").click();
  await expect(page.getByRole("region", { name: "To confirm" })).toContainText("write_file");
  await look(page, "to-confirm", "light");
  const [popup] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("button", { name: "Review and confirm" }).click(),
  ]);
  const complaints = complaintsOf(popup);
  await expect(popup.getByRole("main")).toContainText("You run this on this computer · confirm");
  await expect(popup.getByRole("main")).toContainText(
    "Compared with the file as it is now on this computer. Only you see this.",
  );
  // Before it was seen for half a second its buttons are pale, and change while they are looked at.
  await expect(popup.getByRole("button", { name: "Do not run" })).toBeEnabled();
  // Its button is off for the first half second, and is looked at as it stays.
  await expect(popup.getByRole("button", { name: "Confirm and run" })).toBeEnabled();
  await look(popup, "confirm-card", "light");
  await popup.emulateMedia({ colorScheme: "dark" });
  await look(popup, "confirm-card", "dark");
  expect(readFileSync(path, "utf8")).toBe("before\n");
  await confirmIn(popup);
  await expect.poll(() => readFileSync(path, "utf8")).toBe("first");
  expect(complaints).toEqual([]);
  await expect(section(page, "Waiting")).not.toContainText("1");

  // No network, and a no with a reason.
  ada.net.cut();
  await expect(statusLine(page)).toContainText("Offline");
  const offline = join(world.folder, "offline.txt");
  await sidebar(page)
    .getByRole("button", { name: /write_file/ })
    .click();
  await callTool(page, "write_file", { path: offline, content: "second" });
  const second = await openOwn(page, page.context(), "write_file");
  await confirmIn(second);
  await expect.poll(() => existsSync(offline) && readFileSync(offline, "utf8")).toBe("second");
  await callTool(page, "write_file", { path: join(world.folder, "never.txt"), content: "third" });
  const third = await openOwn(page, page.context(), "write_file");
  await third.getByRole("textbox", { name: "Reason" }).fill("Not this one.");
  await Promise.all([third.waitForEvent("close"), third.getByRole("button", { name: "Do not run" }).click()]);
  await expect(callCard(page, "write_file", "Rejected")).toContainText("Not this one.");
  expect(existsSync(join(world.folder, "never.txt"))).toBe(false);
  ada.net.mend();
  await expect(statusLine(page)).toContainText("In sync");

  // An approver joins: the switch is offered, and made by nobody but her.
  const cleo = await world.person("Cleo");
  const { link } = await invite(ada.rpc, wid, { role: "approver" });
  await joinTeam(cleo.rpc, "Cleo", linkVia(link, cleo.net));
  const members = (await ada.rpc.when("team", wid, ({ members: all }) => all.some(({ name }) => name === "Cleo")))
    .members;
  const member = members.find(({ name }) => name === "Cleo");
  if (member?.role !== "approver")
    await ada.rpc.call("member.setRole", { wid, member: member?.id ?? "", role: "approver" });
  await expect(page.getByRole("button", { name: "Cleo can approve: ask others?" })).toBeVisible();
  await section(page, "Team").click();
  await expect(page.getByRole("main")).toContainText(
    "Cleo can approve now. Ask others instead of confirming yourself?",
  );
  await look(page, "approver-joined", "light");
  await page.getByRole("button", { name: "Ask others instead" }).click();
  await look(page, "ask-others", "light");
  await page.getByRole("alertdialog").getByRole("button", { name: "Ask others" }).click();
  await expect(page.getByRole("button", { name: "Cleo can approve: ask others?" })).toBeHidden();
  expect((await ada.rpc.when("policy", wid, ({ unnamed }) => unnamed === "ask")).unnamed).toBe("ask");
});
