/** The app in real Electron, on a data folder. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { _electron, test } from "@playwright/test";
import type { ElectronApplication, Page } from "@playwright/test";
import { SHELL } from "../../../scripts/desktop/line.ts";
import { findElectron } from "../../../scripts/electron-binary.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** Folder that Electron is given; another one holds a build for an older Electron. */
const APP = process.env["BULKHEAD_APP"] ?? ROOT;

const program = (): string => {
  const found = findElectron();
  if (found === null) throw new Error("These specs need Electron's program; scripts/desktop.ts looks for it first.");
  return found;
};

// Chromium's own sandbox needs a kernel feature that containers run by root do not have.
const FLAGS = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const envFor = (dataDir: string): Record<string, string> => ({ ...(process.env as Record<string, string>), BULKHEAD_DATA: dataDir });

export interface Desktop {
  readonly electron: ElectronApplication;
  readonly main: Page;
  /** The approval window, once it is there. */
  popup(): Promise<Page>;
  output(): string;
}

export const startDesktop = async (dataDir: string, link?: string): Promise<Desktop> => {
  const electron = await _electron.launch({ executablePath: program(), args: [...FLAGS, APP, ...(link === undefined ? [] : [link])], env: envFor(dataDir), timeout: 120_000 });
  let output = "";
  for (const stream of [electron.process().stdout, electron.process().stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  const isPopup = (page: Page) => page.url().includes("popup.html");
  const main = await electron.firstWindow({ timeout: 120_000 });
  test.info().annotations.push({ type: SHELL, description: await electron.evaluate(() => `Electron ${process.versions.electron} (Chromium ${process.versions["chrome"]?.split(".", 1)[0] ?? ""})`) });
  return {
    electron,
    main,
    popup: async () => electron.windows().find(isPopup) ?? (await electron.waitForEvent("window", { predicate: isPopup })),
    output: () => output,
  };
};

/** A second start beside a running one, as the operating system does when a link is clicked. Answers its exit code. */
export const startBeside = (dataDir: string, link: string): Promise<number | null> =>
  new Promise((done, fail) => {
    const child = spawn(program(), [...FLAGS, APP, link], { env: envFor(dataDir), stdio: "ignore" });
    const patience = setTimeout(() => child.kill("SIGKILL"), 120_000);
    child.once("error", fail);
    child.once("exit", (code) => {
      clearTimeout(patience);
      done(code);
    });
  });
