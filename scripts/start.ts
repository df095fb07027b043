/**
 * `npm start`: builds what is stale and opens the app, in Electron where its program is there or can be fetched, and
 * otherwise in the browser shell. BULKHEAD_SHELL=electron or =browser chooses.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readOptions, USAGE } from "../electron/browser-shell/args.ts";
import { runBrowserShell } from "../electron/browser-shell/main.ts";
import { freshElectron, freshRenderer } from "./build.ts";
import { obtainElectron } from "./electron-binary.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

export type Choice =
  | { readonly shell: "electron"; readonly program: string }
  | { readonly shell: "browser"; readonly because: string | null }
  | { readonly shell: "none"; readonly because: string };

/** Which shell to open. `obtain` finds or fetches Electron's program. */
export const chooseShell = async (
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  obtain: () => Promise<string | null>,
): Promise<Choice> => {
  const wish = env["BULKHEAD_SHELL"];
  if (wish === "browser") return { shell: "browser", because: null };
  const screen = platform !== "linux" || (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "";
  if (!screen && wish !== "electron")
    return {
      shell: "browser",
      because: "There is no screen for Electron here, so Bulkhead opens in the browser shell.",
    };
  const program = await obtain();
  if (program !== null) return { shell: "electron", program };
  const because = "Electron's program could not be fetched";
  return wish === "electron"
    ? { shell: "none", because: `${because}. Start without BULKHEAD_SHELL to use the browser shell.` }
    : { shell: "browser", because: `${because}, so Bulkhead opens in the browser shell.` };
};

const runElectron = (program: string, args: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(program, [root, ...args], { stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
    child.once("exit", (code) => resolve(code ?? 1));
    child.once("error", () => resolve(1));
  });

const start = async (args: readonly string[]): Promise<number> => {
  const options = readOptions(args);
  if ("problem" in options) {
    process.stderr.write(`${options.problem}\n${USAGE}\n`);
    return 2;
  }
  const choice = await chooseShell(process.env, process.platform, obtainElectron);
  if (choice.shell === "none") {
    process.stderr.write(`${choice.because}\n`);
    return 1;
  }
  if (choice.shell === "browser" && choice.because !== null) process.stdout.write(`${choice.because}\n`);
  await freshRenderer();
  if (choice.shell === "browser") return runBrowserShell(args);
  await freshElectron();
  return runElectron(choice.program, args);
};

if (import.meta.main) process.exitCode = await start(process.argv.slice(2));
