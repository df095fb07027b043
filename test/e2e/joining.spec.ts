/** Joining as an approver, and inviting from a server that only this computer reaches. */
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { callInNewThread, cardFor, invite } from "../../scripts/apps/team.ts";
import { linkVia } from "../helpers/world.ts";
import type { Person, Team, World } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { look } from "./look.ts";
import { approve, confirmJoin, forHere, lookAtInvite, openCard, openPage, section, statusLine } from "./pages.ts";
import type { Browser, Page } from "@playwright/test";

/** Cleo opens an invite for the role in her own windows, and joins. */
const joins = async (
  browser: Browser,
  world: World,
  { ada, wid }: Team,
  role = "approver",
): Promise<{ cleo: Person; page: Page }> => {
  const cleo = await world.person("Cleo");
  const page = await openPage(browser, cleo.app);
  await lookAtInvite(page, "Cleo", linkVia((await invite(ada.rpc, wid, { role })).link, cleo.net));
  await expect(
    page.getByText("You join as Guest. Ada, or somebody else who may, then gives you the role Approver."),
  ).toBeVisible();
  await look(page, "join-preview", "light");
  await confirmJoin(page);
  return { cleo, page };
};
const WAITS = "You are a Guest until Ada gives you the role Approver.";

test("[T37] Cleo reads what she waits for and from whom, Ada gives it in the card's window, and Cleo decides within seconds", async ({
  team,
  world,
  browser,
}) => {
  const { ada, ben, wid, tool } = team;
  const at = await openPage(browser, ada.app);
  const { cleo, page } = await joins(browser, world, team);
  await expect(page.getByText(WAITS)).toBeVisible();
  await expect(statusLine(page)).toContainText("Guest until Ada gives the role Approver");
  await look(page, "own-promise", "light");
  await section(page, "Team").click();
  await expect(page.getByText(WAITS)).toBeVisible();

  await expect(section(at, "Waiting")).toContainText("1");
  await section(at, "Team").click();
  const row = at.getByRole("list", { name: "Members" }).getByRole("listitem").filter({ hasText: "Cleo" });
  await expect(row).toContainText("waits to become Approver");
  await expect(row.getByRole("button", { name: "Give the role Approver" })).toBeEnabled();
  await look(at, "team-promised", "light");
  await section(at, "Waiting").click();
  await at
    .getByRole("region", { name: "To let in" })
    .getByRole("button", { name: "Cleo waits to become Approver" })
    .click();
  await expect(at.getByRole("region", { name: "What Approver may do" })).toContainText("Decide approvals");
  await look(at, "arrival", "light");
  await at.emulateMedia({ colorScheme: "dark" });
  await look(at, "arrival", "dark");
  await at.emulateMedia({ colorScheme: "light" });
  const [popup] = await Promise.all([
    at.waitForEvent("popup"),
    at.getByRole("button", { name: "Review and decide" }).click(),
  ]);
  await expect(popup.getByRole("heading", { level: 1 })).toHaveText("Cleo waits to become Approver");
  // No key decides, whatever somebody was typing.
  await expect(popup.getByRole("button", { name: "Give the role Approver" })).toBeEnabled();
  await look(popup, "arrival-popup", "light");
  await popup.keyboard.type("agree, yes \n r");
  await expect(popup.getByRole("button", { name: "Refuse" })).toBeEnabled();
  expect((await ada.rpc.when("arrivals", wid, () => true)).map(({ outcome }) => outcome)).toEqual([null]);

  await popup.getByRole("button", { name: "Give the role Approver" }).click();
  await expect(page.getByText("Ada gave you the role Approver")).toBeVisible();
  await expect(page.getByText(WAITS)).toBeHidden();
  await expect(section(at, "Waiting")).not.toContainText("1");
  await cleo.rpc.when("team", wid, (view) => view.members.some(({ me, role }) => me && role === "approver"));
  await ben.rpc.when("team", wid, (view) =>
    view.members.some(({ name, role }) => name === "Cleo" && role === "approver"),
  );

  await callInNewThread(ben.rpc, wid, tool, "write_file", { path: join(world.folder, "x.txt"), content: "hello" });
  const card = await cardFor(cleo.rpc, wid);
  await approve(await openCard(page, "write_file"));
  await ben.rpc.when("cards", wid, (cards) =>
    cards.some(({ request, state }) => request === card.request && state !== "pending"),
  );
});

test("[T37] who is refused stays a Guest and reads by whom, and the list of invites says what became of it", async ({
  team,
  world,
  browser,
}) => {
  const { ada, wid } = team;
  const at = await openPage(browser, ada.app);
  const { cleo, page } = await joins(browser, world, team);
  await section(at, "Team").click();
  await at.getByRole("tab", { name: "Invites" }).click();
  await expect(at.getByText("used by Cleo, who waits to become Approver")).toBeVisible();
  await at.getByRole("tab", { name: "Members" }).click();
  await at.getByRole("button", { name: "Refuse", exact: true }).click();
  await expect(at.getByText("You refused Cleo the role Approver")).toBeVisible();
  await expect(page.getByText("Ada refused you the role Approver. You stay a Guest.").first()).toBeVisible();
  await cleo.rpc.when("team", wid, (view) => view.members.some(({ me, role }) => me && role === "guest"));
  await look(page, "own-refusal", "light");
});

const network = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family, address }) => !internal && family === "IPv4" && !address.startsWith("169.254."))?.address;

test("[T37] an invite from a server that only this computer reaches says so before there is a link, and the link then leads to an address that others reach", async ({
  world,
  browser,
}) => {
  const ada = await world.person("Ada");
  const page = await openPage(browser, ada.app);
  await page.getByRole("textbox", { name: "Your name" }).fill("Ada");
  await page.getByRole("button", { name: "Create a workspace" }).click();
  await page.getByRole("textbox", { name: "Workspace name" }).fill("Harbour");
  await page.getByRole("radio", { name: "Just me for now" }).click();
  await page.getByRole("button", { name: "Create workspace" }).click();
  await expect(statusLine(page)).toContainText("In sync");
  await section(page, "Team").click();
  await page.getByRole("tab", { name: "Invites" }).click();
  await page.getByRole("button", { name: "Create invite" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await expect(dialog).toContainText("Only this computer reaches this workspace");
  await expect(dialog.getByRole("button", { name: "Create link" })).toBeHidden();
  await look(page, "reach", "light");
  await forHere(dialog);
  await expect(dialog.getByRole("button", { name: "Create link" })).toBeVisible();
  if (network === undefined) {
    await expect(dialog).toContainText("This computer has no address in a network now");
    return;
  }
  await dialog.getByRole("button", { name: "Let others reach it there" }).click();
  await expect(dialog).not.toContainText("Only this computer reaches this workspace");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(statusLine(page)).toContainText("In sync");
  await section(page, "Settings").click();
  await expect(page.getByText(`Others reach it at http://${network}:`)).toBeVisible();
  await look(page, "reach-setting", "light");

  await section(page, "Team").click();
  await page.getByRole("tab", { name: "Invites" }).click();
  await page.getByRole("button", { name: "Create invite" }).first().click();
  await dialog.getByRole("combobox", { name: "Role" }).selectOption("approver");
  await expect(dialog).toContainText("whoever uses it joins as Guest");
  await look(page, "invite-promise", "light");
  await dialog.getByRole("button", { name: "Create link" }).click();
  const link = await page
    .getByRole("dialog", { name: "The invite is ready" })
    .getByRole("textbox", { name: "Invite link" })
    .inputValue();
  expect(new URL(link).hostname).toBe(network);
  const ben = await world.person("Ben");
  await ben.rpc.call("profile.set", { name: "Ben" });
  const { wid } = await ben.rpc.call("invite.join", { link });
  await ben.rpc.when("status", wid, (status) => status.link === "in-sync");
});
