/** Links from outside, as the operating system hands them to real Electron, and what the pages may not do. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { found, invite } from "../../../scripts/apps/team.ts";
import type { Page } from "@playwright/test";
import { linkVia } from "../../helpers/world.ts";
import { expect, test } from "./fixtures.ts";
import { startBeside } from "./desktop-app.ts";
import type { Desktop } from "./desktop-app.ts";

const confirms = async (main: Page, name: string | null, facts: readonly string[]) => {
  if (name !== null) {
    await main.getByRole("textbox", { name: "Your name" }).fill(name);
    await main.getByRole("button", { name: "Join with a link" }).click();
  }
  await expect(main.getByRole("heading", { name: "Join this workspace?" })).toHaveCount(1);
  for (const fact of facts) await expect(main.locator("body")).toContainText(fact);
};

test("[T16] [T28] a link starts the app, shows the confirm screen before anything happens, and one click joins", async ({
  team: { ada, wid },
  world,
  start,
}, info) => {
  const { appLink } = await invite(ada.rpc, wid, { uses: 2 });
  const cold = await start(join(world.dir, "cold"), { link: appLink });
  await confirms(cold.main, "Cleo", ["Harbour", "Ada", "Member"]);
  await cold.main.screenshot({ path: info.outputPath("confirm.png") });
  expect((await ada.rpc.when("team", wid, () => true)).members).toHaveLength(2);
  await cold.main.getByRole("button", { name: "Join workspace" }).click();
  await expect(cold.main.getByRole("status", { name: "Status" })).toContainText("In sync");
  expect(
    (await ada.rpc.when("team", wid, ({ members }) => members.length === 3)).members.map(({ name }) => name),
  ).toContain("Cleo");
  expect(await cold.quit()).toEqual([]);
});

test("[T16] [T28] a link reaches the running app once, however often it is clicked, and one for something else does nothing", async ({
  team: { ada, wid },
  world,
  start,
}) => {
  const { appLink } = await invite(ada.rpc, wid, { uses: 2 });
  const warm = await start(join(world.dir, "warm"));
  await expect(warm.main.getByRole("textbox", { name: "Your name" })).toBeVisible();
  expect(await startBeside(warm.dataDir, "bulkhead://approve#x")).toBe(0);
  await expect(warm.main.getByRole("button", { name: "Create a workspace" })).toBeVisible();
  for (let click = 0; click < 2; click++) expect(await startBeside(warm.dataDir, appLink)).toBe(0);
  await confirms(warm.main, "Cleo", ["Harbour", "Ada", "Member"]);
  expect((await ada.rpc.when("team", wid, () => true)).members).toHaveLength(2);
  expect(await warm.quit()).toEqual([]);
});

test("[T16] [T28] a link comes up over another open workspace, from the tray too, and joining leaves both", async ({
  team: { ada, ben, wid },
  world,
  start,
}) => {
  const cleo = await world.person("Cleo");
  await found(cleo.rpc, "Cleo", "Lighthouse", cleo.net.url);
  await cleo.app.stop();
  const appLink = `bulkhead://join#${linkVia((await invite(ada.rpc, wid)).link, cleo.net).split("#")[1] ?? ""}`;
  const desktop = await start(cleo.app.dataDir);
  await expect(desktop.main.getByRole("status", { name: "Status" })).toContainText("In sync");
  await expect(desktop.main.getByText("Lighthouse").first()).toBeVisible();
  // The window is closed: the app lives on in the tray, and the link opens a new window.
  await desktop.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(() => desktop.electron.windows().length).toBe(0);
  expect(await startBeside(desktop.dataDir, appLink)).toBe(0);
  const main = await desktop.mainAgain();
  await confirms(main, null, ["Harbour", "Ada", "Member"]);
  await main.getByRole("button", { name: "Join workspace" }).click();
  expect(
    (await ben.rpc.when("team", wid, ({ members }) => members.length === 3)).members.map(({ name }) => name),
  ).toContain("Cleo");
  for (const name of ["Lighthouse", "Harbour"]) await expect(main.locator("body")).toContainText(name);
  expect(await desktop.quit()).toEqual([]);
});

test("pages go nowhere, open nothing, get no permission and save nothing but their own files", async ({
  world,
  start,
}) => {
  const desktop = await start(join(world.dir, "cleo"));
  const { main, electron } = desktop;
  await expect(main.getByLabel("Your name")).toBeVisible();
  const here = main.url();
  const tries = await main.evaluate(async () => {
    const denied = (work: Promise<unknown>) =>
      work.then(
        () => "granted",
        () => "denied",
      );
    const permission = async (name: string) =>
      (await navigator.permissions.query({ name: name as PermissionName })).state;
    location.href = "https://example.org/";
    const link = Object.assign(document.createElement("a"), { href: "https://example.org/", target: "_blank" });
    link.click();
    const saved = Object.assign(document.createElement("a"), {
      href: URL.createObjectURL(new Blob(["x"])),
      download: "run-me.sh",
    });
    saved.click();
    return {
      opened: window.open("https://example.org") !== null,
      fetched: await denied(fetch("https://example.org")),
      notices: await Notification.requestPermission(),
      clipboard: await denied(navigator.clipboard.readText()),
      place: await permission("geolocation"),
      camera: await permission("camera"),
    };
  });
  expect(tries).toEqual({
    opened: false,
    fetched: "denied",
    notices: "denied",
    place: "denied",
    camera: "denied",
    clipboard: "denied",
  });
  expect(electron.windows()).toHaveLength(1);
  // Asked of the page itself: a navigation that was stopped leaves Playwright waiting for its end.
  expect(await inPage(desktop, `[location.href, document.querySelector("input") !== null]`)).toEqual([here, true]);
  expect(await desktop.quit()).toEqual([]);
});

test("only a person's click in the focused window opens a link, and only an https one", async ({ world, start }) => {
  // What the system starts to open a link is a program of this test, which notes what it was given.
  const [bin, opened] = [join(world.dir, "bin"), join(world.dir, "opened")];
  mkdirSync(bin);
  writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\necho "$1" >> ${opened}\n`, { mode: 0o755 });
  const desktop = await start(join(world.dir, "cleo"), { env: { PATH: `${bin}:${process.env["PATH"] ?? ""}` } });
  const { main } = desktop;
  await expect(main.getByLabel("Your name")).toBeVisible();
  // Playwright's own questions to the page count as a person's doing for some seconds.
  await expect.poll(() => inPage(desktop, "navigator.userActivation.isActive")).toBe(false);
  await inPage(desktop, `bulkhead.openLink("https://example.org/by-itself")`);
  const urls = [
    "http://example.org/",
    "file:///etc/passwd",
    "https://ada:secret@example.org/",
    "https://example.org/clicked",
  ];
  await main.evaluate((targets) => {
    for (const url of targets) {
      const button = Object.assign(document.createElement("button"), { textContent: url });
      button.addEventListener("click", () =>
        (Reflect.get(globalThis, "bulkhead") as { openLink(url: string): void }).openLink(url),
      );
      document.body.prepend(button);
    }
  }, urls);
  for (const url of urls) await main.getByRole("button", { name: url, exact: true }).click();
  await expect
    .poll(() => (existsSync(opened) ? readFileSync(opened, "utf8") : ""))
    .toBe("https://example.org/clicked\n");
  expect(await desktop.quit()).toEqual([]);
});

/** Runs in the page as its own code would: without the gesture that Playwright lends what it runs. */
const inPage = ({ electron }: Desktop, code: string): Promise<unknown> =>
  electron.evaluate(
    ({ webContents }, text) => webContents.getAllWebContents()[0]?.executeJavaScript(text, false) as Promise<unknown>,
    code,
  );
