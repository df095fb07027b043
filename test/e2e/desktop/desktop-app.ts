/** The app in real Electron, on a data folder. */
import { execFileSync, spawn } from "node:child_process";
import { resolve } from "node:path";
import { _electron, test } from "@playwright/test";
import type { ElectronApplication, Page } from "@playwright/test";
import { isAlive } from "../../../scripts/apps/processes.ts";
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
const envFor = (dataDir: string, more: Record<string, string> = {}): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  BULKHEAD_DATA: dataDir,
  ...more,
});

export interface Desktop {
  readonly electron: ElectronApplication;
  readonly main: Page;
  readonly pid: number;
  readonly dataDir: string;
  /** The approval window, once it is there. */
  popup(): Promise<Page>;
  /** The main window that is open now, once there is one. */
  mainAgain(): Promise<Page>;
  output(): string;
  /** Every process that the app started, and theirs. */
  children(): Process[];
  /** Quits as a person does and resolves with the processes of the app that are left: there should be none. */
  quit(): Promise<Process[]>;
  /** Resolves with what is left once the app has ended by itself. */
  ended(of: readonly Process[]): Promise<Process[]>;
}

export interface Process {
  readonly pid: number;
  readonly line: string;
}

export interface StartOptions {
  readonly link?: string;
  readonly env?: Record<string, string>;
}

const isPopup = (page: Page) => page.url().includes("popup.html");
const isMain = (page: Page) => page.url().includes("index.html");

export const startDesktop = async (dataDir: string, { link, env }: StartOptions = {}): Promise<Desktop> => {
  const electron = await launched([APP, ...(link === undefined ? [] : [link])], envFor(dataDir, env));
  let output = "";
  for (const stream of [electron.process().stdout, electron.process().stderr])
    stream?.on("data", (chunk) => (output += String(chunk)));
  const main = await electron.firstWindow({ timeout: 60_000 }).catch((error: unknown) => {
    electron.process().kill("SIGKILL");
    throw new Error(`No window came:\n${output}`, { cause: error });
  });
  const pid = electron.process().pid ?? 0;
  test.info().annotations.push({
    type: SHELL,
    description: await electron.evaluate(
      () => `Electron ${process.versions.electron} (Chromium ${process.versions["chrome"]?.split(".", 1)[0] ?? ""})`,
    ),
  });
  const children = () => descendants(pid);
  const ended = async (of: readonly Process[]) => {
    await gone(pid);
    return left(of);
  };
  const window = async (wanted: (page: Page) => boolean): Promise<Page> =>
    electron.windows().find(wanted) ?? (await electron.waitForEvent("window", { predicate: wanted, timeout: 60_000 }));
  return {
    electron,
    main,
    pid,
    dataDir,
    popup: () => window(isPopup),
    mainAgain: () => window(isMain),
    output: () => output,
    children,
    quit: async () => {
      const before = children();
      await electron.evaluate(({ app }) => app.quit()).catch(() => undefined);
      return ended(before);
    },
    ended,
  };
};

/**
 * Now and then Playwright's two connections to an app that is up miss each other, and it waits for ever: it is started
 * again then. An app that does not come up is told by the window that does not come.
 */
const launched = async (
  args: readonly string[],
  env: Record<string, string>,
  tries = 3,
): Promise<ElectronApplication> => {
  try {
    return await _electron.launch({ executablePath: program(), args: [...FLAGS, ...args], env, timeout: 40_000 });
  } catch (error) {
    if (tries === 1) throw error;
    return launched(args, env, tries - 1);
  }
};

/** A second start beside a running one, as the operating system does when a link is clicked. Answers its exit code. */
export const startBeside = (dataDir: string, ...args: string[]): Promise<number | null> =>
  new Promise((done, fail) => {
    const child = spawn(program(), [...FLAGS, APP, ...args], { env: envFor(dataDir), stdio: "ignore" });
    const patience = setTimeout(() => child.kill("SIGKILL"), 120_000);
    child.once("error", fail);
    child.once("exit", (code) => {
      clearTimeout(patience);
      done(code);
    });
  });

/** The popup came without the focus: the first click only gives it, so that a click meant for what lay below decides nothing. */
export const approve = async (popup: Page): Promise<void> => {
  await popup.getByRole("heading", { name: "write_file" }).click();
  await popup.getByRole("button", { name: "Approve and run" }).click();
};

const descendants = (root: number): Process[] => {
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return args === undefined || args.startsWith("ps -A ")
        ? []
        : [{ pid: Number(pid), parent: Number(parent), line: args }];
    });
  const under = (pid: number): Process[] =>
    all
      .filter(({ parent }) => parent === pid)
      .flatMap((each) => [{ pid: each.pid, line: each.line }, ...under(each.pid)]);
  return under(root);
};

const PATIENCE_MS = 60_000;
const until = async (holds: () => boolean): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!holds() && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
};
const gone = async (pid: number): Promise<void> => {
  await until(() => !isAlive(pid));
  if (isAlive(pid)) throw new Error("The app did not end.");
};
/** Chromium's own helpers end a moment after their parent; what is left after that stays. */
const left = async (of: readonly Process[]): Promise<Process[]> => {
  const alive = () => of.filter(({ pid }) => isAlive(pid));
  const end = Date.now() + 10_000;
  while (alive().length > 0 && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
  return alive();
};
