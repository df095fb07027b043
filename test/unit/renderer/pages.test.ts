/** The built pages in a real browser, on fixed values: every screen, both themes, what axe finds, and what a hostile text may do. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Page } from "@playwright/test";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { needChromium } from "../../../scripts/browser.ts";
import { startRendererHost, type RendererHost } from "../../fixtures/renderer-host.ts";
import { WID, type Scene } from "../../fixtures/renderer-values.ts";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const folder = mkdtempSync(join(tmpdir(), "bulkhead-pages-"));
const hosts = new Map<Scene, RendererHost>();
let browser: Browser;

beforeAll(async () => {
  await build({ configFile: new URL("../../../vite.config.ts", import.meta.url).pathname, build: { outDir: folder }, logLevel: "error" });
  for (const scene of ["first-run", "fresh", "full"] as const) hosts.set(scene, await startRendererHost(folder, scene));
  browser = await chromium.launch({ executablePath: needChromium(), args: FLAGS });
}, 90_000);

afterAll(async () => {
  await browser.close();
  for (const host of hosts.values()) await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const hostOf = (scene: Scene): RendererHost => {
  const host = hosts.get(scene);
  if (host === undefined) throw new Error(`no host for ${scene}`);
  return host;
};

interface Opened {
  readonly page: Page;
  /** What the page's console said was wrong. */
  readonly complaints: string[];
}

const opened = async (scene: Scene, use: (opened: Opened) => Promise<void>, path = "/#token=one"): Promise<void> => {
  const context = await browser.newContext({ colorScheme: "light", viewport: { width: 1_280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    await page.goto(hostOf(scene).origin + path);
    await use({ page, complaints });
  } finally {
    await context.close();
  }
};

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();

const screens: readonly (readonly [string, Scene, (page: Page) => Promise<unknown>])[] = [
  ["first run", "first-run", (page) => button(page, "Create a workspace").waitFor()],
  ["joining", "first-run", async (page) => {
    await page.getByLabel("Your name").fill("Ben");
    await button(page, "Join with a link").click();
    await page.getByLabel("Invite link").fill("https://sync.example.com/join#x");
    await button(page, "Look at the invite").click();
    await page.getByRole("heading", { name: "Join this workspace?" }).waitFor();
  }],
  ["no threads", "fresh", (page) => page.getByRole("heading", { name: "No thread is open" }).waitFor()],
  ["no tools", "fresh", async (page) => {
    await button(page, "Tools").click();
    await page.getByRole("heading", { name: "No tool servers yet" }).waitFor();
  }],
  ["thread", "full", (page) => page.getByText("Unknown, not repeated").waitFor()],
  ["tool form with problems", "full", async (page) => {
    await page.getByRole("textbox", { name: "Message" }).fill("/write");
    await page.getByRole("textbox", { name: "Message" }).press("Enter");
    await button(page, "Call tool").click();
    await page.getByText("This is needed.").first().waitFor();
  }],
  ["waiting", "full", async (page) => {
    await button(page, /^Waiting/).click();
    await button(page, "Review and decide").waitFor();
    await page.getByText("Matches the ticket.").waitFor();
  }],
  ["team", "full", async (page) => {
    await button(page, "Team").click();
    await button(page, "Details of Ben").click();
    await button(page, "What can they do, and why?").click();
    await page.getByText("Write private threads").waitFor();
  }],
  ["invite", "full", async (page) => {
    await button(page, "Team").click();
    await page.getByRole("tab", { name: "Invites" }).click();
    await button(page, "Show link").click();
    await page.getByRole("img", { name: "QR code of the invite link" }).waitFor();
  }],
  ["tools", "full", async (page) => {
    await button(page, "Tools").click();
    await button(page, "Accept and start").waitFor();
  }],
  ["queue editor", "full", async (page) => {
    await button(page, "Tools").click();
    await button(page, "Edit queue Approvers").click();
    await page.getByRole("textbox", { name: "Queue name" }).waitFor();
  }],
  ["settings", "full", async (page) => {
    await button(page, "Settings").click();
    await page.getByRole("switch", { name: "Work offline" }).waitFor();
  }],
  ["palette", "full", async (page) => {
    await page.getByRole("textbox", { name: "Message" }).press("Control+k");
    await page.keyboard.type("upload");
    await page.getByText("so uploads over").waitFor();
  }],
];

/** What axe finds and what the console complained of. Only colours differ between the themes, so dark is judged by contrast alone. */
const wrongIn = async ({ page, complaints }: Opened, theme: "light" | "dark" = "light"): Promise<string[]> => {
  const axe = new AxeBuilder({ page });
  const { violations } = await (theme === "light" ? axe : axe.withRules(["color-contrast"])).analyze();
  return [...violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`), ...complaints];
};

test.each(screens)("%s: axe finds nothing in either theme, and the security policy is never broken", async (_, scene, reach) => {
  await opened(scene, async (view) => {
    await reach(view.page);
    expect(await wrongIn(view)).toEqual([]);
    await view.page.emulateMedia({ colorScheme: "dark" });
    await view.page.waitForFunction(() => document.documentElement.dataset["theme"] === "dark");
    expect(await wrongIn(view, "dark")).toEqual([]);
  });
}, 60_000);

test("[T27] the popup is accessible, holds the whole arguments, and decides nothing in its first half second", async () => {
  await opened("full", async (view) => {
    const { page } = view;
    const { calls } = hostOf("full");
    const decisions = () => calls.filter((call) => call.method === "card.decide").length;
    const approve = button(page, "Approve and run");
    await approve.waitFor();
    // Somebody types in another window while this one appears over it.
    if (await approve.isDisabled()) await page.keyboard.press("a");
    expect(decisions()).toBe(0);
    await page.waitForFunction(() => document.querySelector<HTMLButtonElement>(".decide .primary")?.disabled === false);
    expect(await page.getByRole("region", { name: "content" }).textContent()).toContain("server_59");
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
    expect(await wrongIn(view)).toEqual([]);
    await page.getByRole("textbox", { name: "Reason" }).fill("a reason with r and a");
    expect(decisions()).toBe(0);
    await page.getByRole("textbox", { name: "Reason" }).press("Escape");
    await page.keyboard.press("r");
    await page.getByRole("status").getByText("You rejected this").waitFor();
    expect(calls.findLast((call) => call.method === "card.decide")?.params).toEqual({ wid: WID, request: "r1", vote: "reject", note: "a reason with r and a" });
  }, `/popup.html#token=one&wid=${WID}&request=r1`);
});

test("a model's text can run no script, load no picture, and open no link by itself", async () => {
  await opened("full", async ({ page }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.getByRole("log").evaluate((list) => list.scrollTo(0, 0));
    await page.getByText("<script>").waitFor();
    expect(await page.title()).not.toBe("owned");
    expect(await page.locator(".markdown img, .markdown script, .markdown a").count()).toBe(0);
    await button(page, "the shared host").click();
    await page.getByRole("dialog").getByText("https://logs.example.com/nginx").waitFor();
    expect(asked.filter((url) => !url.startsWith(hostOf("full").origin))).toEqual([]);
  });
});

test("the one-time token leaves the address at once, and the page comes back with the one it was given", async () => {
  await opened("fresh", async ({ page }) => {
    await button(page, "Team").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    expect(await page.evaluate(() => sessionStorage.getItem("bulkhead-token:/"))).toBe("again");
    await page.reload();
    await button(page, "Team").waitFor();
  });
});
