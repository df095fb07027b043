/** A screen for Electron: the one that is there, or on Linux a virtual one (Xvfb), installed where that is possible. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export interface Display {
  readonly env: Record<string, string>;
  close(): void;
}

const SIZE = "1400x900x24";
const ANSWER_MS = 30_000;

/** Null where there is no screen and none can be made. A person's own one is not taken on Linux: the specs change its size. */
export const openScreen = async (): Promise<Display | null> => {
  if (process.platform !== "linux") return { env: {}, close: () => undefined };
  if (!has("Xvfb") || !has("xrandr")) install();
  return has("Xvfb") && has("xrandr") ? startXvfb() : null;
};

const startXvfb = async (): Promise<Display | null> => {
  const child = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const number = await new Promise<string | null>((done) => {
    let text = "";
    const patience = setTimeout(() => done(null), ANSWER_MS);
    const end = (found: string | null) => (clearTimeout(patience), done(found));
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("\n")) end(text.trim());
    });
    child.once("error", () => end(null));
    child.once("exit", () => end(null));
  });
  const close = () => void child.kill();
  process.once("exit", close);
  if (number === null) return (close(), null);
  return { env: { DISPLAY: `:${number}`, WAYLAND_DISPLAY: "" }, close };
};

const has = (program: string): boolean => spawnSync(program, ["-help"], { stdio: "ignore" }).error === undefined;

const install = (): void => {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const options = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
  spawnSync("apt-get", ["update"], options);
  spawnSync(
    "apt-get",
    ["install", "-y", "--no-install-recommends", "xvfb", "x11-xserver-utils", "libgtk-3-0", "libnotify4"],
    options,
  );
};
