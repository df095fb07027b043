/** What a Linux desktop sees of the app: its tray, its notifications, and a screen that changes under it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { callBecomes, callInNewThread } from "../../../scripts/apps/team.ts";
import { approve } from "./desktop-app.ts";
import { cardOnDesk } from "./card-on-desk.ts";
import type { Desktop } from "./desktop-app.ts";
import { expect, test } from "./fixtures.ts";

const popupBounds = ({ electron }: Desktop) =>
  electron.evaluate(({ BrowserWindow, screen }) => ({
    popup: BrowserWindow.getAllWindows()
      .find((window) => window.webContents.getURL().includes("popup.html"))
      ?.getBounds(),
    area: screen.getPrimaryDisplay().workArea,
  }));

test("[T27] the popup stays through a reload and a smaller screen, whole on it, and decides after both", async ({
  team,
  world,
  start,
}) => {
  const { desktop, popup, path, thread } = await cardOnDesk({ team, world, start }, "later.txt", "later");
  await popup.reload();
  await expect(popup.getByRole("main")).toContainText("write_file");
  await using screen = smallerScreen();
  await expect.poll(async () => (await popupBounds(desktop)).area).toMatchObject({ width: 900, height: 600 });
  const inside = async () => {
    const { popup: bounds, area } = await popupBounds(desktop);
    return (
      bounds !== undefined &&
      bounds.x >= area.x &&
      bounds.y >= area.y &&
      bounds.x + bounds.width <= area.x + area.width &&
      bounds.y + bounds.height <= area.y + area.height
    );
  };
  await expect.poll(inside).toBe(true);
  await approve(popup);
  await callBecomes(team.ben.rpc, thread, ["done"]);
  expect(readFileSync(path, "utf8")).toBe("later");
  expect(await desktop.quit()).toEqual([]);
  await screen[Symbol.asyncDispose]();
});

test("[T23] a card makes one notification without private text, and a click on it brings the card back", async ({
  team,
  world,
  start,
  bus,
}) => {
  const { desktop, popup, thread } = await cardOnDesk(
    { team, world, start },
    "canary-in-arguments.txt",
    "canary in arguments",
  );
  await expect(popup.getByRole("main")).toContainText("canary in arguments");
  await expect.poll(() => bus.notices().length).toBe(1);
  const [notice] = bus.notices();
  if (notice === undefined) throw new Error("There is no notification.");
  expect(`${notice.title} ${notice.body}`).toContain("Ben");
  expect(`${notice.title} ${notice.body}`).not.toMatch(/canary|shared-folder/);
  // The person puts the card away and comes back to it later, by its notification.
  await popup.close();
  await expect.poll(() => desktop.electron.windows().length).toBe(1);
  await desktop.electron.evaluate(() => {
    // A module's own `require` is not at hand in here.
    const { require: load } = process.mainModule as {
      require(name: string): { setFlagsFromString(flag: string): void; runInNewContext(code: string): unknown };
    };
    load("node:v8").setFlagsFromString("--expose-gc");
    load("node:vm").runInNewContext("gc()");
  });
  bus.click(notice);
  const again = await desktop.popup();
  await approve(again);
  await callBecomes(team.ben.rpc, thread, ["done"]);
  expect(bus.notices()).toHaveLength(1);
  expect(await desktop.quit()).toEqual([]);
});

test("[T21] the tray says how many cards wait, keeps the app when its window is closed, opens it again, and quits it whole", async ({
  team: { ada, ben, wid, tool },
  world,
  start,
  bus,
}) => {
  await ada.app.stop();
  const desktop = await start(ada.app.dataDir);
  await expect(desktop.main.getByText("Harbour").first()).toBeVisible();
  await desktop.electron.evaluate(({ app }) => {
    const asked: number[] = [];
    Reflect.set(globalThis, "badges", asked);
    const real = app.setBadgeCount.bind(app);
    app.setBadgeCount = (count) => (asked.push(count ?? 0), real(count));
  });
  const badges = () => desktop.electron.evaluate(() => Reflect.get(globalThis, "badges") as number[]);
  const shown = async () => (await bus.tray())?.tip;
  await expect.poll(shown).toBe("Bulkhead");
  expect(await bus.menu()).toEqual(["Bulkhead", "", "Open Bulkhead", "Quit"]);
  const calm = (await bus.tray())?.icon;

  await desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => desktop.electron.windows().length).toBe(0);
  const path = join(world.folder, "from-the-tray.txt");
  const thread = await callInNewThread(ben.rpc, wid, tool, "write_file", { path, content: "tray" });
  const popup = await desktop.popup();
  await expect.poll(shown).toBe("Bulkhead: 1 card waits for you");
  expect((await bus.menu())[0]).toBe("Bulkhead: 1 card waits for you");
  expect((await bus.tray())?.icon).not.toBe(calm);
  await approve(popup);
  await callBecomes(ben.rpc, thread, ["done"]);
  expect(readFileSync(path, "utf8")).toBe("tray");
  await expect.poll(shown).toBe("Bulkhead");
  expect((await bus.tray())?.icon).toBe(calm);
  // How many a launcher shows is its own affair; the shell asks for it.
  expect((await badges()).filter((count, at, all) => count !== all[at - 1])).toEqual([1, 0]);
  await expect.poll(() => desktop.electron.windows().length).toBe(0);

  await bus.choose("Open Bulkhead");
  await expect((await desktop.mainAgain()).getByRole("status", { name: "Status" })).toContainText("In sync");
  await desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => desktop.electron.windows().length).toBe(0);
  await bus.clickTray();
  await expect((await desktop.mainAgain()).getByRole("status", { name: "Status" })).toContainText("In sync");
  const before = desktop.children();
  expect(before.filter(({ line }) => /server-filesystem/.test(line))).not.toEqual([]);
  await bus.choose("Quit");
  expect(await desktop.ended(before)).toEqual([]);
});

/** Really another size of the screen, as when a laptop is taken from its dock; the old one comes back at the end. */
const smallerScreen = (): AsyncDisposable => {
  const xrandr = (...args: string[]) => execFileSync("xrandr", args, { stdio: "pipe" });
  const [, output = ""] = /^(\S+) connected/m.exec(xrandr().toString()) ?? [];
  xrandr("--newmode", "small", "43.0", "900", "940", "1030", "1160", "600", "601", "604", "621");
  xrandr("--addmode", output, "small");
  xrandr("--output", output, "--mode", "small");
  return { [Symbol.asyncDispose]: () => Promise.resolve(void xrandr("--output", output, "--mode", "1400x900")) };
};
