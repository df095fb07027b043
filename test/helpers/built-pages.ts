/** The built pages in a real browser, on fixed values. Called once in a test file: builds, serves every scene and ends with the file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type Locator, type Page } from "@playwright/test";
import { build } from "vite";
import { afterAll, beforeAll } from "vitest";
import { needChromium } from "../../scripts/browser.ts";
import { startRendererHost, type RendererHost } from "../fixtures/renderer-host.ts";
import type { Scene } from "../fixtures/renderer-values.ts";
import { settled } from "./settled-page.ts";
import { PATIENCE_MS } from "./wait.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
/** Starting a browser, beside whatever else a machine does. */
const LAUNCH_MS = 300_000;

export interface Opened {
  readonly page: Page;
  /** What the page's console said was wrong. */
  readonly complaints: string[];
}
export interface BuiltPages {
  hostOf(scene: Scene): RendererHost;
  /** Opens a page of its own, and closes it after `use`. */
  opened(
    scene: Scene,
    use: (opened: Opened) => Promise<void>,
    path?: string,
    prepare?: (page: Page) => Promise<void>,
  ): Promise<void>;
}

export const builtPages = (): BuiltPages => {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-pages-"));
  const hosts = new Map<Scene, RendererHost>();
  let browser: Browser;

  beforeAll(async () => {
    await build({
      configFile: new URL("../../vite.config.ts", import.meta.url).pathname,
      build: { outDir: folder },
      logLevel: "error",
    });
    for (const scene of ["first-run", "fresh", "full"] as const)
      hosts.set(scene, await startRendererHost(folder, scene));
    browser = await chromium.launch({ executablePath: needChromium(), args: FLAGS, timeout: LAUNCH_MS });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
    await Promise.all([...hosts.values()].map((host) => host.close()));
  });

  const hostOf = (scene: Scene): RendererHost => {
    const host = hosts.get(scene);
    if (host === undefined) throw new Error(`no host for ${scene}`);
    return host;
  };
  const opened: BuiltPages["opened"] = async (scene, use, path = "/#token=one", prepare = () => Promise.resolve()) => {
    const context = await browser.newContext({
      colorScheme: "light",
      viewport: { width: 1_280, height: 800 },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    try {
      await prepare(page);
      await page.goto(hostOf(scene).origin + path);
      await use({ page, complaints });
    } finally {
      await context.close();
    }
  };
  return { hostOf, opened };
};

export const SEARCH = "Search threads and messages, or type a command";
export const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name }).first();

/** Chooses a file of this name on the page that verifies audits. */
export const chooseAudit = async (page: Page, name: string): Promise<void> => {
  await button(page, "Audit").click();
  await button(page, "Verify a file").click();
  await page
    .getByLabel("File", { exact: true })
    .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from("line\n".repeat(60_000)) });
};

/** What axe finds and what the console complained of. Only colours differ between the themes, so dark is judged by contrast alone. */
export const wrongIn = async ({ page, complaints }: Opened, theme: "light" | "dark" = "light"): Promise<string[]> => {
  await settled(page, theme);
  const axe = new AxeBuilder({ page });
  const { violations } = await (theme === "light" ? axe : axe.withRules(["color-contrast"])).analyze();
  return [
    ...violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`),
    ...complaints,
  ];
};
