/** The approval window in real Electron, and a host that goes away under it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { callBecomes, callInNewThread, cardFor, decide } from "../../../scripts/apps/team.ts";
import { callCard, callTool, newThread } from "../pages.ts";
import { approve } from "./desktop-app.ts";
import { cardOnDesk } from "./card-on-desk.ts";
import type { Desktop } from "./desktop-app.ts";
import { expect, test } from "./fixtures.ts";

const windows = ({ electron }: Desktop) =>
  electron.evaluate(({ BrowserWindow }) =>
    Object.fromEntries(
      BrowserWindow.getAllWindows().map((window) => [
        window.webContents.getURL().includes("popup.html") ? "popup" : "main",
        { focused: window.isFocused(), visible: window.isVisible(), above: window.isAlwaysOnTop() },
      ]),
    ),
  );

test("[T18] [T20] [T21] [T27] a card opens by itself in the popup, without the focus, and one click there runs the call once", async ({
  team: { ada, ben, wid, tool },
  world,
  start,
}, info) => {
  ada.rpc.close();
  await ada.app.stop();
  const desktop = await start(ada.app.dataDir);
  await expect(desktop.main.getByText("Harbour").first()).toBeVisible();
  await expect.poll(() => windows(desktop)).toEqual({ main: { focused: true, visible: true, above: false } });
  const path = join(world.folder, "approved.txt");
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", { path, content: "written once" });
  const popup = await desktop.popup();
  await expect(popup.getByRole("main")).toContainText("write_file");
  for (const fact of ["Ben", "filesystem", path, "written once", /private/i])
    await expect(popup.getByRole("main")).toContainText(fact);
  await expect
    .poll(() => windows(desktop))
    .toEqual({
      main: { focused: true, visible: true, above: false },
      popup: { focused: false, visible: true, above: true },
    });
  await popup.screenshot({ path: info.outputPath("popup.png") });
  await desktop.main.screenshot({ path: info.outputPath("main.png") });
  expect(
    await popup.evaluate(() => [
      typeof Reflect.get(globalThis, "require"),
      Object.keys(Reflect.get(globalThis, "bulkhead") as object).sort(),
    ]),
  ).toEqual(["undefined", ["connect", "copy", "kind", "openLink"]]);

  expect(existsSync(path)).toBe(false);
  await approve(popup);
  const call = await callBecomes(ben.rpc, thread, ["done"]);
  expect(JSON.stringify(call.decidedBy)).toContain("Ada");
  expect(readFileSync(path, "utf8")).toBe("written once");
  await expect.poll(() => desktop.electron.windows().length).toBe(1);
  expect(await desktop.quit()).toEqual([]);
});

test("[T19] [T26] an own gated call waits without a popup, through a restart of the app, while another thread goes on", async ({
  team: { ada, ben, wid },
  world,
  start,
}) => {
  await ben.app.stop();
  const path = join(world.folder, "mine.txt");
  const first = await start(ben.app.dataDir);
  await newThread(first.main);
  await callTool(first.main, "write_file", { path, content: "mine" });
  await expect(callCard(first.main, "write_file", "Waiting for approval")).toBeVisible();
  await newThread(first.main);
  await callTool(first.main, "list_directory", { path: world.folder });
  await expect(callCard(first.main, "list_directory", "Done")).toBeVisible();
  expect(first.electron.windows()).toHaveLength(1);
  expect(await first.quit()).toEqual([]);

  const again = await start(ben.app.dataDir);
  await expect(again.main.getByRole("status", { name: "Status" })).toContainText("In sync");
  expect(existsSync(path)).toBe(false);
  const card = await cardFor(ada.rpc, wid);
  await decide(ada.rpc, wid, card.request, "approve");
  await expect.poll(() => existsSync(path) && readFileSync(path, "utf8")).toBe("mine");
  expect(await again.quit()).toEqual([]);
});

test("[T19] a host that is killed comes back by itself, in the same windows, and the open card still decides", async ({
  team,
  world,
  start,
}) => {
  const { desktop, popup, path, thread } = await cardOnDesk({ team, world, start }, "after.txt", "after");
  const hosts = () =>
    desktop
      .children()
      .filter(({ line }) => /host[/\\]main/.test(line))
      .map(({ pid }) => pid);
  const [killed] = hosts();
  process.kill(killed ?? 0, "SIGKILL");
  await expect.poll(hosts).not.toContain(killed);
  await expect.poll(() => hosts().length).toBe(1);
  await expect(desktop.main.getByRole("status", { name: "Status" })).toContainText("In sync");
  await expect(popup.getByRole("button", { name: "Approve and run" })).toBeEnabled();
  await approve(popup);
  await callBecomes(team.ben.rpc, thread, ["done"]);
  expect(readFileSync(path, "utf8")).toBe("after");
  expect(await desktop.quit()).toEqual([]);
});
