/** How the app starts in real Electron: the first time, a second time, and where something of it cannot be had. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nameAndCreate, section } from "../pages.ts";
import { expect, test } from "./fixtures.ts";
import { startBeside } from "./desktop-app.ts";

test("the page runs sandboxed and has of the system only its wire", async ({ world, start }) => {
  const desktop = await start(join(world.dir, "cleo"));
  await expect(desktop.main.getByLabel("Your name")).toBeVisible();
  expect(
    await desktop.main.evaluate(() => [
      typeof Reflect.get(globalThis, "require"),
      typeof Reflect.get(globalThis, "process"),
      Object.keys(Reflect.get(globalThis, "bulkhead") as object).sort(),
      location.href,
    ]),
  ).toEqual(["undefined", "undefined", ["connect", "copy", "kind", "openLink"], "bulkhead-app://main/index.html"]);
  const preferences = await desktop.electron.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .map((contents) =>
        (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences(),
      ),
  );
  expect(preferences).toMatchObject([
    { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true },
  ]);
  expect(await desktop.quit()).toEqual([]);
});

test("the first run founds a workspace with the server inside the app, and quitting ends host, server and every other child", async ({
  world,
  start,
}, info) => {
  const desktop = await start(join(world.dir, "first"));
  await desktop.main.screenshot({ path: info.outputPath("first-run.png") });
  await nameAndCreate(desktop.main, "Ada", "Harbour", null);
  await expect(desktop.main.getByText("Harbour").first()).toBeVisible();
  const children = desktop.children();
  for (const part of [/host[/\\]main/, /sync-server[/\\]main/])
    expect(children.filter(({ line }) => part.test(line))).not.toEqual([]);
  const origin = readFileSync(join(desktop.dataDir, "embedded-server.json"), "utf8");
  expect(await desktop.quit()).toEqual([]);

  const again = await start(desktop.dataDir);
  await expect(again.main.getByRole("status", { name: "Status" })).toContainText("In sync");
  expect(readFileSync(join(desktop.dataDir, "embedded-server.json"), "utf8")).toBe(origin);
  expect(await again.quit()).toEqual([]);
});

test("a second start ends at once and brings back the window of the first", async ({ world, start }) => {
  const desktop = await start(join(world.dir, "cleo"));
  await expect(desktop.main.getByLabel("Your name")).toBeVisible();
  const shown = () =>
    desktop.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => [window.isMinimized(), window.isVisible(), window.isFocused()]),
    );
  await desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await expect.poll(shown).toEqual([[false, false, false]]);
  expect(await startBeside(desktop.dataDir)).toBe(0);
  await expect.poll(shown).toEqual([[false, true, true]]);
  expect(desktop.children().filter(({ line }) => /host[/\\]main/.test(line))).toHaveLength(1);
  expect(await desktop.quit()).toEqual([]);
});

test("a key file that cannot be read is named on the screen, is left as it is, and its return is enough", async ({
  world,
  start,
}) => {
  const dataDir = join(world.dir, "cleo");
  const first = await start(dataDir);
  await expect(first.main.getByLabel("Your name")).toBeVisible();
  expect(await first.quit()).toEqual([]);
  const file = join(dataDir, "device-keys.json");
  const whole = readFileSync(file, "utf8");
  const cut = whole.slice(0, whole.length / 2);
  writeFileSync(file, cut);

  const broken = await start(dataDir);
  await expect(broken.main.getByText(/device's keys is damaged. Nothing was changed/)).toBeVisible();
  expect(readFileSync(file, "utf8")).toBe(cut);
  // The host is tried again by itself: no new start is needed once the file is back.
  writeFileSync(file, whole);
  await expect(broken.main.getByLabel("Your name")).toBeVisible();
  expect(await broken.quit()).toEqual([]);
  expect(readFileSync(file, "utf8")).toBe(whole);
});

test("a data folder that cannot be used ends the start with its reason, not with a window that never fills", async ({
  world,
  start,
}) => {
  const dataDir = join(world.dir, "cleo");
  mkdirSync(join(dataDir, "device-keys.json"), { recursive: true });
  const desktop = await start(dataDir);
  await expect(desktop.main.getByText(/device's keys could not be read or written/)).toBeVisible();
  expect(statSync(join(dataDir, "device-keys.json")).isDirectory()).toBe(true);
  expect(await desktop.quit()).toEqual([]);
});

test("[T29] without a keychain the keys rest in a file of this account alone, and Settings says so", async ({
  team: { ada },
  start,
}) => {
  await ada.app.stop();
  const desktop = await start(ada.app.dataDir);
  expect(await desktop.electron.evaluate(({ safeStorage }) => safeStorage.getSelectedStorageBackend())).toBe(
    "basic_text",
  );
  await section(desktop.main, "Settings").click();
  await expect(desktop.main.getByRole("main")).toContainText(
    "Keys are in a file that only your account can read, because no keychain answered.",
  );
  const file = join(ada.app.dataDir, "device-keys.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ storage: "file" });
  expect(await desktop.quit()).toEqual([]);
});
