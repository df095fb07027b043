/** The sync server as a process of its own. Ends with the test. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { newStoreIn } from "./new-store.ts";

const MAIN = fileURLToPath(new URL("../../sync-server/main.ts", import.meta.url));

export interface SyncProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly exit: Promise<number | null>;
  /** Rejects with what it wrote to standard error when it ends first. */
  readonly url: Promise<string>;
  /** `kill -9`. */
  kill(): Promise<void>;
}

/** `made`: a folder that is named gets its store first. */
export const startProcess = (
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
  made = true,
): SyncProcess => {
  const folder = flags[flags.indexOf("--data") + 1];
  if (made && flags.includes("--data") && folder !== undefined) newStoreIn(folder);
  const child = spawn(process.execPath, [MAIN, ...flags], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let [output, errors] = ["", ""];
  const url = Promise.withResolvers<string>();
  url.promise.catch(() => undefined);
  child.stdout.on("data", (bytes: Buffer) => {
    output += bytes.toString();
    if (output.includes("\n")) url.resolve((JSON.parse(output.split("\n")[0] ?? "") as { url: string }).url);
  });
  child.stderr.on("data", (bytes: Buffer) => {
    errors += bytes.toString();
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  void exit.then(() => url.reject(new Error(errors)));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exit;
  };
  onTestFinished(kill);
  return { child, output: () => output, errors: () => errors, exit, url: url.promise, kill };
};
