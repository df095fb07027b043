/** What approvers read beside the arguments of a call: who chose it, who sees it, and that it is somebody's word. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callBecomes } from "../../scripts/apps/team.ts";
import { canary, findCanaries } from "../helpers/canary.ts";
import { startModelServer } from "../helpers/model-server.ts";
import { withModel } from "../helpers/talk.ts";
import { complaintsOf, look } from "./look.ts";
import { callCard, newThread, openCard, openPage, section } from "./pages.ts";
import { expect, test } from "./fixtures.ts";

test("[T31] [T2] Ben writes why and lets a file go along: Ada reads both as his word, and what runs is what she approved", async ({
  team: { ada, ben, wid },
  world,
  browser,
}) => {
  const why = canary("why");
  const path = join(world.folder, "site.conf");
  writeFileSync(path, "listen 80;\nserver_name harbour;\n");
  const bens = await openPage(browser, ben.app);
  await section(bens, "Settings").click();
  const choices = bens.getByRole("radiogroup", { name: "What approvers see beside the arguments" });
  await expect(choices.getByRole("radio", { name: "Only the arguments" })).toBeChecked();
  await choices.getByRole("radio", { name: "My last message, and what a file holds now" }).click();
  await expect(choices.getByRole("radio", { name: "My last message, and what a file holds now" })).toBeChecked();
  await look(bens, "approvers-see", "light");

  await newThread(bens);
  await bens.getByLabel("Message", { exact: true }).fill("/write_file");
  await bens.getByRole("option", { name: "write_file" }).first().click();
  await bens.getByRole("textbox", { name: "path" }).fill(path);
  await bens.getByRole("textbox", { name: "content" }).fill("listen 443 ssl;\nserver_name harbour;\n");
  await bens.getByRole("textbox", { name: "Why (approvers read this)" }).fill(`Approved by Ada already. ${why}`);
  await look(bens, "why-field", "light");
  await bens.getByRole("button", { name: "Call tool" }).click();
  const call = callCard(bens, "write_file", "Waiting for approval");
  await expect(call).toContainText("Approvers also read");
  await expect(call).toContainText(`what ${path} held when you asked`);
  await expect(call.getByRole("blockquote")).toContainText(why);
  await expect(call.getByRole("region", { name: `Change of ${path}` }).locator("ins")).toContainText([
    "listen 443 ssl;",
  ]);
  await expect(call).toContainText("Approvers see it as it was when you asked.");
  await look(bens, "enclosed", "light");

  const adas = await openPage(browser, ada.app);
  const popup = await openCard(adas, "write_file");
  const complaints = complaintsOf(popup);
  const quote = popup.getByRole("figure", { name: "Ben writes" });
  await expect(quote.getByRole("blockquote")).toHaveText(`Approved by Ada already. ${why}`);
  await expect(quote).toContainText("Ben's own words. Nobody checked them.");
  const change = popup.getByRole("region", { name: `Change of ${path}` });
  await expect(change.locator("del")).toHaveText([/listen 80;/]);
  await expect(change.locator("ins")).toHaveText([/listen 443 ssl;/]);
  await expect(popup.getByRole("main")).toContainText(
    "Compared with the file as it was on Ben's computer when this was asked",
  );
  await look(popup, "requester-words", "light");
  await popup.emulateMedia({ colorScheme: "dark" });
  await look(popup, "requester-words", "dark");
  expect(complaints).toEqual([]);

  const card = (await ada.rpc.when("cards", wid, (all) => all.some((each) => each.state === "pending"))).find(
    (each) => each.state === "pending",
  );
  expect(
    findCanaries(
      [
        ...world.files(world.server.dataDir),
        { path: "server log", bytes: Buffer.from(world.server.output()) },
        { path: "Ada's wire", bytes: ada.net.raw() },
      ],
      [why],
    ),
  ).toEqual([]);
  expect(await ada.rpc.call("card.get", { wid, request: card?.request ?? "" })).toMatchObject({
    why: `Approved by Ada already. ${why}`,
    before: { path, text: "listen 80;\nserver_name harbour;\n" },
  });
  expect(readFileSync(path, "utf8")).toContain("listen 80;");
});

test("[T31] [T2] what Ben tells his agent stays with him by default; by his choice Ada reads the last message, and he is told before", async ({
  team: { ada, ben, wid },
  world,
  browser,
}) => {
  const [quiet, told] = [canary("quiet"), canary("told")];
  const path = join(world.folder, "a.txt");
  const model = await startModelServer(() => [
    { call: { name: "filesystem__write_file", args: { path, content: "new" } } },
  ]);
  await withModel(ben, model);
  const ask = async (text: string) => {
    const thread = await ben.rpc.call("thread.create", { wid });
    await ben.rpc.call("thread.send", { thread: thread.id, text });
    await callBecomes(ben.rpc, thread.id, ["waiting"]);
    const cards = await ada.rpc.when("cards", wid, (all) => all.some((each) => each.state === "pending"));
    const card = cards.find((each) => each.state === "pending");
    const shown = await ada.rpc.call("card.get", { wid, request: card?.request ?? "" });
    await ben.rpc.call("run.stop", { thread: thread.id });
    await ada.rpc.when("cards", wid, (all) => all.every((each) => each.state !== "pending"));
    return shown;
  };
  expect(await ask(`Write it, ${quiet}`)).toMatchObject({ why: null, before: null });
  const bens = await openPage(browser, ben.app);
  await newThread(bens);
  await expect(bens.getByText("its approvers also read your last message")).toHaveCount(0);
  await ben.rpc.call("settings.set", { enclose: "message" });
  await expect(bens.getByText("If a call asks, its approvers also read your last message")).toBeVisible();
  await look(bens, "enclose-hint", "light");
  expect(await ask(`Write it, ${told}`)).toMatchObject({ why: `Write it, ${told}`, before: null });
  expect(findCanaries([...world.files(world.server.dataDir), ...world.files(ada.app.dataDir)], [quiet, told])).toEqual(
    [],
  );
  expect(findCanaries(world.files(ben.app.dataDir), [told])).not.toEqual([]);
  await model.close();
});
