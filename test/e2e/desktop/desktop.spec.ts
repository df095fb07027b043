/** The story's desktop half on real Electron: windows, preload, the approval popup, links, and a clean end. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { callBecomes, callInNewThread, invite } from "../../../scripts/apps/team.ts";
import { isAlive } from "../../../scripts/apps/processes.ts";
import { expect, test } from "./fixtures.ts";
import { startBeside, startDesktop } from "./desktop-app.ts";
import type { Desktop } from "./desktop-app.ts";

const close = async ({ electron }: Desktop) => {
  const pid = electron.process().pid ?? 0;
  await electron.evaluate(({ app }) => app.quit()).catch(() => undefined);
  await expect.poll(() => isAlive(pid)).toBe(false);
};

test("the page runs sandboxed and has of the system only its wire", async ({ world }, info) => {
  const desktop = await startDesktop(join(world.dir, "cleo"));
  await expect(desktop.main.getByLabel("Your name")).toBeVisible();
  expect(await desktop.main.evaluate(() => [typeof Reflect.get(globalThis, "require"), typeof Reflect.get(globalThis, "process"), Object.keys(Reflect.get(globalThis, "bulkhead") as object).sort(), location.href])).toEqual(["undefined", "undefined", ["connect", "copy", "kind", "openLink"], "bulkhead-app://main/index.html"]);
  const [refusedWindow, refusedFetch] = await desktop.main.evaluate(async () => [window.open("https://example.org") === null, await fetch("https://example.org").then(() => false, () => true)]);
  expect([refusedWindow, refusedFetch]).toEqual([true, true]);
  await desktop.main.screenshot({ path: info.outputPath("first-run.png") });
  await close(desktop);
});

test("[T18] [T20] [T21] [T27] a card opens by itself in the popup, without the focus, and one click there runs the call once", async ({ team: { ada, ben, wid, tool }, world }, info) => {
  ada.rpc.close();
  await ada.app.stop();
  const desktop = await startDesktop(ada.app.dataDir);
  await expect(desktop.main.getByText("Harbour").first()).toBeVisible();
  const path = join(world.folder, "approved.txt");
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", { path, content: "written once" });
  const popup = await desktop.popup();
  await expect(popup.getByRole("main")).toContainText("write_file");
  for (const fact of ["Ben", "filesystem", path, "written once", /private/i]) await expect(popup.getByRole("main")).toContainText(fact);
  expect(await desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => [window.webContents.getURL().includes("popup.html"), window.isAlwaysOnTop()]))).toContainEqual([true, true]);
  await popup.screenshot({ path: info.outputPath("popup.png") });
  await desktop.main.screenshot({ path: info.outputPath("main.png") });
  expect(await popup.evaluate(() => [typeof Reflect.get(globalThis, "require"), Object.keys(Reflect.get(globalThis, "bulkhead") as object).sort()])).toEqual(["undefined", ["connect", "copy", "kind", "openLink"]]);

  expect(existsSync(path)).toBe(false);
  // The popup came without the focus: the first click only gives it, so that a click meant for what lay below decides nothing.
  await popup.getByRole("heading", { name: "write_file" }).click();
  await popup.getByRole("button", { name: "Approve and run" }).click();
  const call = await callBecomes(ben.rpc, thread, ["done"]);
  expect(call.decidedBy).toContain("Ada");
  expect(readFileSync(path, "utf8")).toBe("written once");
  await expect.poll(() => desktop.electron.windows().length).toBe(1);
  await close(desktop);
});

test("[T16] [T28] a link starts the app or reaches the running one, and shows the confirm screen before anything happens", async ({ team: { ada, wid }, world }, info) => {
  const { appLink } = await invite(ada.rpc, wid, { uses: 2 });
  const confirm = async ({ main }: Desktop) => {
    await main.getByRole("textbox", { name: "Your name" }).fill("Cleo");
    await main.getByRole("button", { name: "Join with a link" }).click();
    await expect(main.getByRole("heading", { name: "Join this workspace?" })).toHaveCount(1);
    for (const fact of ["Harbour", "Ada", "Member"]) await expect(main.getByRole("main")).toContainText(fact);
  };
  const cold = await startDesktop(join(world.dir, "cold"), appLink);
  await confirm(cold);
  await cold.main.screenshot({ path: info.outputPath("confirm.png") });
  await close(cold);

  const warm = join(world.dir, "warm");
  const running = await startDesktop(warm);
  await expect(running.main.getByRole("textbox", { name: "Your name" })).toBeVisible();
  expect(await startBeside(warm, "bulkhead://approve#x")).toBe(0);
  expect(await startBeside(warm, appLink)).toBe(0);
  await confirm(running);
  const team = await ada.rpc.when("team", wid, () => true);
  expect(team.members).toHaveLength(2);
  await close(running);
});
