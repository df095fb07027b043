/** From an invite link to the first message, and what a hostile link shows. */
import { spawnSync } from "node:child_process";
import { addFilesystem, found, invite } from "../../scripts/apps/team.ts";
import type { App } from "../../scripts/apps/app.ts";
import { startModelServer } from "../helpers/model-server.ts";
import type { ModelServer } from "../helpers/model-server.ts";
import { linkVia } from "../helpers/world.ts";
import type { Person, World } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { newThread, openPage, statusLine } from "./pages.ts";
import type { Page } from "@playwright/test";

/** Starts Ben's app. `minute`: one on a computer that starts it within three seconds, and on a slower one as much more. */
const startBen = async (world: World): Promise<{ ben: Person; minute: number }> => {
  const begun = performance.now();
  const ben = await world.person("Ben");
  return { ben, minute: 60_000 * Math.max(1, (performance.now() - begun) / 3_000) };
};

const openHarbour = async (world: World) => {
  const ada = await world.person("Ada");
  const wid = await found(ada.rpc, "Ada", "Harbour", ada.net.url);
  await addFilesystem(ada.rpc, wid, world.folder);
  return { ada, wid };
};

/** The app link as the operating system hands it on, over Ben's own network. */
const appLinkFor = async (ada: Person, ben: Pick<Person, "net">, wid: string): Promise<string> =>
  `bulkhead://join#${linkVia((await invite(ada.rpc, wid)).link, ben.net).split("#")[1] ?? ""}`;

/** What the operating system does on a click when the app runs: starts it again with the link. */
const click = (app: App, link: string): void => {
  const second = spawnSync(
    process.execPath,
    ["electron/browser-shell/main.ts", "--no-open", "--data", app.dataDir, link],
    { encoding: "utf8" },
  );
  expect(second.status).toBe(0);
};

const model = (): Promise<ModelServer> => startModelServer(() => [{ text: "Welcome aboard." }]);
const addModel = (person: Person, server: ModelServer) =>
  person.rpc.call("model.add", {
    kind: "openai-compatible",
    name: "Local",
    model: "scripted",
    baseUrl: `${server.url}/v1`,
    key: null,
  });

const firstMessage = async (page: Page): Promise<void> => {
  await newThread(page);
  await page.getByLabel("Message", { exact: true }).fill("Hello everybody");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("log", { name: "Messages" })).toContainText("Welcome aboard.");
};

test("[T16] [T28] the app is running: click, confirm, first message in under a minute; a double click opens one confirm screen", async ({
  world,
  browser,
}) => {
  const { ada, wid } = await openHarbour(world);
  const { ben, minute } = await startBen(world);
  const server = await model();
  await addModel(ben, server);
  const page = await openPage(browser, ben.app);
  await expect(page.getByRole("textbox", { name: "Your name" })).toBeVisible();
  const link = await appLinkFor(ada, ben, wid);
  const begun = performance.now();
  click(ben.app, link);
  click(ben.app, link);
  await page.getByRole("textbox", { name: "Your name" }).fill("Ben");
  await page.getByRole("button", { name: "Join with a link" }).click();
  await expect(page.getByRole("heading", { name: "Join this workspace?" })).toHaveCount(1);
  expect((await ben.rpc.when("app", null, () => true)).workspaces).toEqual([]);
  await page.getByRole("button", { name: "Join workspace" }).click();
  await expect(statusLine(page)).toContainText("In sync");
  await firstMessage(page);
  expect(performance.now() - begun).toBeLessThan(minute);
  expect((await ada.rpc.when("team", wid, (team) => team.members.length > 1)).members).toHaveLength(2);
  await server.close();
});

test("[T16] cold start: the link starts the app, which shows the confirm screen, and the first message is sent in under a minute", async ({
  world,
  browser,
}) => {
  const { ada, wid } = await openHarbour(world);
  const { ben, minute } = await startBen(world);
  const server = await model();
  await addModel(ben, server);
  await ben.rpc.call("profile.set", { name: "Ben" });
  await ben.app.stop();
  const link = await appLinkFor(ada, ben, wid);
  const begun = performance.now();
  await ben.app.start(link);
  const page = await openPage(browser, ben.app);
  await expect(page.getByRole("heading", { name: "Join this workspace?" })).toBeVisible();
  await page.getByRole("button", { name: "Join workspace" }).click();
  await expect(statusLine(page)).toContainText("In sync");
  await firstMessage(page);
  expect(performance.now() - begun).toBeLessThan(minute);
  await server.close();
});

test("[T16] another workspace is open: the confirm screen comes in front of it, and both stay", async ({
  world,
  browser,
}) => {
  const { ada, wid } = await openHarbour(world);
  const { ben, minute } = await startBen(world);
  const server = await model();
  await addModel(ben, server);
  await found(ben.rpc, "Ben", "Own yard", ben.net.url);
  const page = await openPage(browser, ben.app);
  await expect(statusLine(page)).toContainText("In sync");
  const begun = performance.now();
  click(ben.app, await appLinkFor(ada, ben, wid));
  const dialog = page.getByRole("dialog", { name: "Join with a link" });
  await expect(dialog).toContainText("Harbour");
  await dialog.getByRole("button", { name: "Join workspace" }).click();
  await expect(page.getByRole("button", { name: "Switch workspace: Harbour" })).toBeVisible();
  await firstMessage(page);
  expect(performance.now() - begun).toBeLessThan(minute);
  expect(
    (await ben.rpc.when("app", null, (app) => app.workspaces.length === 2)).workspaces
      .map((one) => one.name)
      .toSorted(),
  ).toEqual(["Harbour", "Own yard"]);
  await server.close();
});

test("[T28] hostile links pasted into the window: an alert in words, the text stays text, nothing is joined", async ({
  world,
  browser,
}) => {
  const { ada, wid } = await openHarbour(world);
  const cleo = await world.person("Cleo");
  const page = await openPage(browser, cleo.app);
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await page.getByRole("textbox", { name: "Your name" }).fill("Cleo");
  await page.getByRole("button", { name: "Join with a link" }).click();
  const good = linkVia((await invite(ada.rpc, wid)).link, cleo.net);
  const revoked = await invite(ada.rpc, wid);
  await ada.rpc.call("invite.revoke", { wid, invite: revoked.id });
  const hostile = [
    "A".repeat(1_000_000),
    `bulkhead://join#<img src=x onerror=alert(1)>`,
    "javascript:alert(1)",
    good.replace(/^http:\/\/[^/]+/, "https://evil.example"),
    `${good.slice(0, -3)}AAA`,
    linkVia(revoked.link, cleo.net),
  ];
  for (const link of hostile) {
    await page.getByRole("textbox", { name: "Invite link" }).fill(link);
    await page.getByRole("button", { name: "Look at the invite" }).click();
    await expect(page.getByRole("alert").or(page.getByRole("heading", { name: "Join this workspace?" }))).toBeVisible();
    await expect(page.getByRole("alert").first()).toContainText(/[a-z]{3,}.*\./);
  }
  expect(dialogs).toBe(0);
  expect((await cleo.rpc.when("app", null, () => true)).workspaces).toEqual([]);
  expect((await ada.rpc.when("team", wid, () => true)).members).toHaveLength(1);
});

test("[T28] Not now leaves everything as it was, and the invite is still good", async ({ world, browser }) => {
  const { ada, wid } = await openHarbour(world);
  const ben = await world.person("Ben");
  await ben.rpc.call("profile.set", { name: "Ben" });
  const page = await openPage(browser, ben.app);
  const link = await appLinkFor(ada, ben, wid);
  click(ben.app, link);
  await page.getByRole("button", { name: "Not now" }).click();
  await ben.rpc.when("app", null, (app) => app.pendingLink === null);
  expect((await ada.rpc.when("team", wid, () => true)).members).toHaveLength(1);
  expect((await ben.rpc.call("invite.inspect", { link })).usesLeft).toBe(1);
});
