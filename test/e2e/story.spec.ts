/** The main job, as two people do it in their windows. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startModelServer } from "../helpers/model-server.ts";
import { linkVia } from "../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import {
  acceptTools,
  addServer,
  approve,
  callCard,
  callTool,
  confirmJoin,
  inviteLink,
  lookAtInvite,
  nameAndCreate,
  newThread,
  openCard,
  openPage,
  section,
  sidebar,
  statusLine,
} from "./pages.ts";

const filesystem = (folder: string) =>
  `"${process.execPath}" "${resolve("node_modules/@modelcontextprotocol/server-filesystem/dist/index.js")}" "${folder}"`;

test("Ada founds a workspace, Ben joins, asks, waits, is approved and rejected, and works on without the network", async ({
  world,
  browser,
}) => {
  const [adaApp, benApp] = await Promise.all([world.person("Ada"), world.person("Ben")]);
  const ada = await openPage(browser, adaApp.app);
  const ben = await openPage(browser, benApp.app);
  const target = join(world.folder, "notes.txt");

  await test.step("Ada starts on a clean machine, founds a workspace and adds a real tool", async () => {
    await nameAndCreate(ada, "Ada", "Harbour", adaApp.net.url);
    await addServer(ada, filesystem(world.folder), "filesystem", ["write_file"], ["list_directory", "read_text_file"]);
    await expect(
      ada
        .getByRole("region", { name: "filesystem" })
        .getByRole("combobox", { name: "Policy for write_file", exact: true }),
    ).toBeVisible();
  });

  await test.step("Ben opens the link, sees who invites him to what, and joins with the tools", async () => {
    const link = await inviteLink(ada, "Ben");
    await lookAtInvite(ben, "Ben", linkVia(link, benApp.net));
    await expect(ben.getByRole("heading", { name: "Join this workspace?" })).toBeVisible();
    for (const fact of ["Harbour", "Ada", benApp.net.url, /member/i])
      await expect(ben.getByRole("main")).toContainText(fact);
    await confirmJoin(ben);
    await acceptTools(ben, "filesystem");
  });

  await test.step("Ben calls a gated tool from the composer; his thread waits and his other threads go on", async () => {
    await newThread(ben);
    await callTool(ben, "write_file", { path: target, content: "Written by Ben" });
    await expect(callCard(ben, "write_file", "Waiting for approval")).toBeVisible();
    await newThread(ben);
    await callTool(ben, "list_directory", { path: world.folder });
    await expect(callCard(ben, "list_directory", "Done")).toBeVisible();
    expect(existsSync(target)).toBe(false);
  });

  await test.step("Ada sees the whole card and approves; Ben's app runs exactly that, once", async () => {
    await expect(section(ada, "Waiting")).toHaveAccessibleName(/Waiting.*1/);
    const popup = await openCard(ada, "write_file");
    for (const fact of ["Ben", target, "Written by Ben"]) await expect(popup.getByRole("main")).toContainText(fact);
    await approve(popup);
    await expect.poll(() => existsSync(target) && readFileSync(target, "utf8")).toBe("Written by Ben");
    await expect(section(ada, "Waiting")).not.toHaveAccessibleName(/\d/);
  });

  await test.step("with a model, the agent streams, is rejected with a reason, and goes on", async () => {
    const model = await startModelServer((index) =>
      index === 0
        ? [
            { text: "I will **write** it now." },
            { call: { name: "filesystem__write_file", args: { path: target, content: "changed" } } },
          ]
        : [{ text: "I leave it as it is." }],
    );
    await benApp.rpc.call("model.add", {
      kind: "openai-compatible",
      name: "Local",
      model: "scripted",
      baseUrl: `${model.url}/v1`,
      key: null,
    });
    await newThread(ben);
    await ben.getByLabel("Message", { exact: true }).fill("Please change the notes");
    await ben.getByRole("button", { name: "Send", exact: true }).click();
    await expect(ben.getByRole("log", { name: "Messages" }).locator("strong", { hasText: "write" })).toBeVisible();
    const popup = await openCard(ada, "write_file");
    await popup.getByRole("textbox", { name: "Reason" }).fill("Keep the notes.");
    await popup.getByRole("button", { name: "Reject" }).click();
    await expect(callCard(ben, "write_file", "Rejected")).toContainText("Keep the notes.");
    await expect(ben.getByRole("log", { name: "Messages" })).toContainText("I leave it as it is.");
    expect(model.requests[1]?.body).toContain("Keep the notes.");
    await model.close();
  });

  await test.step("Ben pulls the plug: ungated work goes on, a gated call queues, and reconnecting delivers it once", async () => {
    benApp.net.cut();
    await expect(statusLine(ben)).toContainText(/Offline|Connecting/i);
    writeFileSync(join(world.folder, "local.txt"), "read without a network");
    await newThread(ben);
    await callTool(ben, "read_text_file", { path: join(world.folder, "local.txt") });
    await expect(callCard(ben, "read_text_file", "Done")).toBeVisible();
    const later = join(world.folder, "later.txt");
    await callTool(ben, "write_file", { path: later, content: "after reconnect" });
    await expect(callCard(ben, "write_file", "Queued until you are online")).toBeVisible();
    benApp.net.mend();
    await expect(statusLine(ben)).toContainText("In sync");
    const popup = await openCard(ada, "write_file");
    await approve(popup);
    await expect(callCard(ben, "write_file", "Done")).toBeVisible();
    expect(readFileSync(later, "utf8")).toBe("after reconnect");
  });

  await test.step("Ada's list shows nothing of Ben's", async () => {
    await expect(sidebar(ada)).not.toContainText("notes");
    expect(
      await adaApp.rpc.when(
        "threads",
        (await adaApp.rpc.when("app", null, () => true)).workspaces[0]?.wid ?? "",
        () => true,
      ),
    ).toEqual([]);
  });
});

test("a clean machine: the app hosts the sync server itself, and the invite's page opens in a browser without telling the server the code", async ({
  world,
  browser,
}) => {
  const adaApp = await world.person("Ada");
  const ada = await openPage(browser, adaApp.app);
  await nameAndCreate(ada, "Ada", "Harbour", null);
  const link = await inviteLink(ada, "Ben");
  const visitor = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  visitor.on("request", (request) => asked.push(request.url()));
  await visitor.goto(link);
  const code = link.split("#")[1] ?? "";
  await expect(visitor.getByText(code)).toBeVisible();
  await expect(visitor.getByRole("link", { name: "Open Bulkhead" })).toHaveAttribute("href", `bulkhead://join#${code}`);
  expect(asked.map((url) => new URL(url).pathname)).toEqual(["/join"]);
  const log = world.files(adaApp.app.dataDir).find((file) => file.path.endsWith("sync-server.log"));
  expect(log?.bytes.toString() ?? "").not.toContain(code.split(".")[5] ?? "");

  const benApp = await world.person("Ben");
  const ben = await openPage(browser, benApp.app);
  await lookAtInvite(ben, "Ben", code);
  await confirmJoin(ben);
});
