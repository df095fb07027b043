/** Runs one command of the project to its end, showing its output as it comes. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
/** The JavaScript entry of a tool in node_modules, so that every tool runs on this very Node. */
export const tool = (path: string): string => resolve(ROOT, "node_modules", path);

export interface StepEnd {
  readonly code: number;
  /** What was printed, when it was asked for; otherwise empty. */
  readonly output: string;
}

export interface StepOptions {
  readonly env?: Record<string, string>;
  /** Also keep what is printed. */
  readonly keep?: boolean;
}

export const step = async (command: string, args: readonly string[], options: StepOptions = {}): Promise<StepEnd> => {
  const keep = options.keep === true;
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", keep ? "pipe" : "inherit", "inherit"],
  });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code) => done({ code: code ?? 1, output }));
  });
};

export const nodeStep = (script: string, args: readonly string[] = [], options: StepOptions = {}): Promise<StepEnd> =>
  step(process.execPath, [script, ...args], options);

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
