/** Opens an address in the person's default browser, where there is a screen to show it on. */
import { spawn } from "node:child_process";

type Environment = Readonly<Record<string, string | undefined>>;

/** The command that opens `url`, or null where there is no screen. */
export const openCommand = (url: string, platform: NodeJS.Platform, env: Environment): readonly [string, ...string[]] | null => {
  if (platform === "darwin") return ["open", url];
  // `start` would read the address's & as a second command; this one takes it whole.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  return (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "" ? ["xdg-open", url] : null;
};

/** Whether it was tried. A missing opener is no failure: the address is printed as well. */
export const openBrowser = (url: string): boolean => {
  const command = openCommand(url, process.platform, process.env);
  if (command === null) return false;
  const child = spawn(command[0], command.slice(1), { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
  return true;
};
