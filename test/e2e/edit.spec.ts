/** Changing a call while it waits: what the person, the approver and the disk see. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { callBecomes, callInNewThread, cardFor } from "../../scripts/apps/team.ts";
import { approve, callCard, openCard, openPage, section, sidebar } from "./pages.ts";
import { expect, test } from "./fixtures.ts";

test("[T20] [T19] [AP15] Ben edits a waiting write: Ada's card closes, the new one shows what changed, and exactly the edited content is written, once", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const path = join(world.folder, "site.conf");
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", {
    path,
    content: "listen 80;\nserver_name harbour;\n",
  });
  await ben.rpc.call("thread.rename", { thread, title: "Site" });
  const first = await cardFor(ada.rpc, wid);
  const adas = await openPage(browser, ada.app);
  const old = await openCard(adas, "write_file");
  await expect(old.getByRole("button", { name: "Approve and run" })).toBeEnabled();
  // A card that is over leaves by itself after a moment; what it says is read here without hurry.
  await old.evaluate(() => void (window.close = () => undefined));

  const bens = await openPage(browser, ben.app);
  await sidebar(bens).getByRole("button", { name: /^Site/ }).click();
  const card = callCard(bens, "write_file", "Waiting for approval");
  await card.getByRole("button", { name: /write_file/ }).focus();
  await bens.keyboard.press("e");
  const dialog = bens.getByRole("dialog", { name: "Edit the arguments" });
  await expect(dialog).toContainText("Earlier votes no longer count; the approvers get a new card.");
  await expect(dialog.getByRole("button", { name: "Ask again with these" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "content" }).fill("listen 443 ssl;\nserver_name harbour;\n");
  await expect(dialog.getByRole("region", { name: "Change of content" })).toContainText("listen 443 ssl;");
  await dialog.getByRole("button", { name: "Ask again with these" }).click();
  await expect(dialog).toBeHidden();
  await expect(card).toContainText("What you changed");

  // The card that Ada was reading says so and takes no vote any more.
  await expect(old.getByRole("status")).toContainText("Changed by the requester, who asked again");
  await expect(old.getByRole("button", { name: "Approve and run" })).toHaveCount(0);
  const cards = await ada.rpc.when(
    "cards",
    wid,
    (all) =>
      all.some((each) => each.state === "pending") &&
      all.some((each) => each.request === first.request && each.state === "replaced"),
  );
  expect(cards.filter((each) => each.state === "pending")).toHaveLength(1);

  const popup = await openCard(adas, "write_file");
  const main = popup.getByRole("main");
  await expect(main).toContainText("Edited: takes the place of an earlier request.");
  const change = main.getByRole("region", { name: "Change of content" });
  await expect(change.locator("del")).toHaveText([/listen 80;/]);
  await expect(change.locator("ins")).toHaveText([/listen 443 ssl;/]);
  expect(existsSync(path)).toBe(false);
  await approve(popup);

  const done = await callBecomes(ben.rpc, thread, ["done"]);
  expect(JSON.parse(done.asked ?? "{}")).toEqual({ path, content: "listen 80;\nserver_name harbour;\n" });
  expect(readFileSync(path, "utf8")).toBe("listen 443 ssl;\nserver_name harbour;\n");
  expect(readdirSync(world.folder)).toEqual(["site.conf"]);
  const after = await ada.rpc.when("cards", wid, (all) => all.some((each) => each.state === "used"));
  expect(after.map((each) => each.state).toSorted()).toEqual(["replaced", "used"]);
});

test("[T20] Ben edits from the Waiting list by its key, as JSON too", async ({
  team: { ada, ben, wid, tool },
  world,
  browser,
}) => {
  const path = join(world.folder, "plan.md");
  await callInNewThread(ben.rpc, wid, tool, "write_file", { path, content: "one" });
  await cardFor(ada.rpc, wid);
  const bens = await openPage(browser, ben.app);
  await section(bens, "Waiting").click();
  await bens.getByRole("region", { name: "Asked by you" }).getByRole("button", { name: "write_file" }).click();
  await expect(bens.getByRole("button", { name: "Edit" })).toBeVisible();
  await bens.keyboard.press("e");
  const dialog = bens.getByRole("dialog", { name: "Edit the arguments" });
  await dialog.getByRole("button", { name: "Edit as JSON" }).click();
  await dialog.getByRole("textbox", { name: "Arguments as JSON" }).fill("{");
  await expect(dialog.getByRole("button", { name: "Ask again with these" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Arguments as JSON" }).fill(JSON.stringify({ path, content: "two" }));
  await dialog.getByRole("button", { name: "Ask again with these" }).click();
  await expect(dialog).toBeHidden();
  await bens.getByRole("button", { name: "Open the card that took its place" }).click();
  await expect(bens.getByRole("region", { name: "Change of content" })).toContainText("two");
  await ada.rpc.when(
    "cards",
    wid,
    (all) =>
      all
        .map((each) => each.state)
        .toSorted()
        .join() === "pending,replaced",
  );
});
