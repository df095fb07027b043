/** Opens an address in the person's default browser, where there is a screen to show it on. */
import { spawn } from "node:child_process";

type Environment = Readonly<Record<string, string | undefined>>;

export interface OpenCommand {
  readonly command: readonly [string, ...string[]];
  /** What it reads, or null. */
  readonly input: string | null;
}

/**
 * The command that opens `url`, or null where there is no screen. A command line can be read by every account of a
 * computer, and the address holds a token: macOS is told it on the input. Windows shows command lines to their own
 * account alone. On Linux the browser itself gets it as an argument, so there another account is not let in (peer.ts).
 */
export const openCommand = (url: string, platform: NodeJS.Platform, env: Environment): OpenCommand | null => {
  if (platform === "darwin") return { command: ["osascript", "-"], input: `open location ${JSON.stringify(url)}\n` };
  // `start` would read the address's & as a second command; this one takes it whole.
  if (platform === "win32") return { command: ["rundll32", "url.dll,FileProtocolHandler", url], input: null };
  return (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== ""
    ? { command: ["xdg-open", url], input: null }
    : null;
};

/** Whether it was tried. A missing opener is no failure: the address is printed as well. */
export const openBrowser = (url: string): boolean => {
  const opener = openCommand(url, process.platform, process.env);
  if (opener === null) return false;
  const [program, ...args] = opener.command;
  const child = spawn(program, args, {
    stdio: [opener.input === null ? "ignore" : "pipe", "ignore", "ignore"],
    detached: true,
  });
  child.on("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(opener.input);
  child.unref();
  return true;
};
