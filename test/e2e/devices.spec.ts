/** A new key for this computer, and a lost device that comes back, as people see them. */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { callBecomes, callInNewThread } from "../../scripts/apps/team.ts";
import { linkVia } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { look } from "./look.ts";
import { forHere, lookAtInvite, openCard, openPage, section, statusLine } from "./pages.ts";

const lookInBoth = async (page: Page, name: string): Promise<void> => {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await look(page, name, theme);
  }
};
const member = (page: Page, name: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("button", { name: new RegExp(`Details of ${name}`) }) });
const openMember = async (page: Page, name: string) => {
  await section(page, "Team").click();
  await page.getByRole("button", { name: new RegExp(`Details of ${name}`) }).click();
  return member(page, name);
};

test("[T24] [T19] a replaced key: the call that waits is approved afterwards and runs", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path: join(world.folder, "after.txt"),
    content: "under a new key",
  });
  await callBecomes(ben.rpc, thread, ["waiting"]);
  const bens = await openPage(browser, ben.app);
  await section(bens, "Settings").click();
  const device = bens.getByRole("region", { name: "This device" });
  await expect(device).toContainText("Added");
  await device.getByRole("button", { name: "Replace key" }).click();
  const question = bens.getByRole("alertdialog", { name: "Replace this device's key?" });
  await lookInBoth(bens, "replace-key");
  await question.getByRole("button", { name: "Replace key" }).click();
  await expect(question).toBeHidden();
  await expect(device).toContainText("key replaced");
  await expect(statusLine(bens)).toContainText("In sync");
  const row = await openMember(bens, "Ben");
  await expect(row.getByText("this device")).toBeVisible();
  await expect(row).toContainText("key replaced");
  await expect(row.getByText("Device 2")).toHaveCount(0);

  const adas = await openPage(browser, ada.app);
  const popup = await openCard(adas, "write_file");
  await popup.getByRole("button", { name: "Approve and run" }).click();
  await callBecomes(ben.rpc, thread, ["done"]);
});

test("[T24] a lost device comes back: a link, a confirm screen that says as whom, and everybody is told", async ({
  team: { ada, ben, wid },
  world,
  browser,
}) => {
  const [adas, lost] = [await openPage(browser, ada.app), await openPage(browser, ben.app)];
  await expect(statusLine(lost)).toContainText("In sync");
  const row = await openMember(adas, "Ben");
  await row.getByRole("button", { name: "Let back in with a new device" }).click();
  const dialog = adas.getByRole("dialog", { name: "Let Ben back in with a new device?" });
  await forHere(dialog);
  await expect(dialog).toContainText(
    "All older devices of Ben are closed the moment the link is used, and nobody stands in for Ben any more.",
  );
  await lookInBoth(adas, "let-back");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const ready = adas.getByRole("dialog", { name: "The link for Ben is ready" });
  await lookInBoth(adas, "let-back-link");
  const link = await ready.getByRole("textbox", { name: "Invite link" }).inputValue();
  await ready.getByRole("button", { name: "Done" }).click();

  const laptop = await world.person("Laptop");
  const page = await openPage(browser, laptop.app);
  await lookAtInvite(page, "Ben", linkVia(link, laptop.net));
  await expect(page.getByRole("heading", { name: "Come back as Ben?" })).toBeVisible();
  await expect(page.getByText("You come back as Ben; your older devices are closed")).toBeVisible();
  await expect(statusLine(lost)).toContainText("In sync");
  await lookInBoth(page, "come-back");
  await page.getByRole("button", { name: "Come back", exact: true }).click();
  await expect(statusLine(page)).toContainText("In sync");

  await expect(statusLine(lost)).toContainText("You came back with a new device, and this one was closed");
  await expect(adas.getByRole("region", { name: "Notices" })).toContainText(
    "Ben came back with a new device, let in by Ada.",
  );
  await expect(row).toContainText("came back, let in by Ada");
  await expect(row.getByText("closed as lost", { exact: true })).toBeVisible();
  await lookInBoth(adas, "came-back");
  await lookInBoth(lost, "lost-device");
  const team = await laptop.rpc.when("team", wid, (view) => view.members.some((each) => each.me));
  expect(team.members.map(({ name, role, me }) => [name, role, me])).toEqual([
    ["Ada", "owner", false],
    ["Ben", "member", true],
  ]);

  // The same link again, on yet another computer.
  const thief = await world.person("Thief");
  const other = await openPage(browser, thief.app);
  await lookAtInvite(other, "Ben", linkVia(link, thief.net));
  await expect(other.getByRole("alert")).toContainText("This invite has been used up.");
});
