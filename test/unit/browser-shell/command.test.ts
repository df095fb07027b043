/** The browser shell as a command: real processes, ended as a person or a crash ends them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { fakeRenderer, openWindow, tokenIn } from "../../helpers/browser-shell.ts";
import { isAlive } from "../../../scripts/apps/processes.ts";
import { tempDir } from "../../helpers/temp.ts";

const entry = fileURLToPath(new URL("../../fixtures/browser-shell.ts", import.meta.url));

const start = (data: string, ...args: string[]) => {
  const child = spawn(process.execPath, [entry, "--data", data, "--no-open", ...args], {
    env: {
      PATH: process.env["PATH"],
      BULKHEAD_ANNOUNCE: "1",
      BULKHEAD_TEST_RENDERER: fakeRenderer(),
      SECRET_CANARY: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (out += String(chunk)));
  // Not "exit": what was printed last may still be in the pipe then.
  const ended = once(child, "close").then(([code]) => code as number | null);
  const ready = expect
    .poll(() => out)
    .toContain('"ready":true')
    .then(
      () =>
        JSON.parse(out.split("\n").find((line) => line.startsWith("{")) ?? "") as {
          url: string;
          popupOrigin: string;
          pid: number;
        },
    );
  ready.catch(() => undefined);
  return { child, ended, ready, out: () => out };
};
const insideHost = async (url: string) => {
  const window = await openWindow(new URL(url).origin, tokenIn(url));
  await window.next((frame) => frame.f === "host" && frame["state"] === "ready");
  return {
    window,
    look: async () =>
      (await window.call("search", {}))["result"] as { env: string[]; links: string[]; pid: number; data: string },
  };
};

test("it says where it is, and a signal ends it and its host", async () => {
  const data = tempDir();
  const shell = start(data);
  const { url, popupOrigin } = await shell.ready;
  expect(new URL(popupOrigin).port).not.toBe(new URL(url).port);
  const { look } = await insideHost(url);
  const host = await look();
  expect(host.data).toBe(data);
  expect(host.env).not.toContain("SECRET_CANARY");
  shell.child.kill("SIGTERM");
  expect(await shell.ended).toBe(0);
  await expect.poll(() => isAlive(host.pid)).toBe(false);
});

test.runIf(process.platform !== "win32")(
  "no signal opens a debugger in the shell or in its host, and both go on",
  async () => {
    const shell = start(tempDir());
    const { look } = await insideHost((await shell.ready).url);
    const { pid } = await look();
    shell.child.kill("SIGUSR1");
    process.kill(pid, "SIGUSR1");
    expect((await look()).pid).toBe(pid);
    shell.child.kill("SIGTERM");
    expect(await shell.ended).toBe(0);
    expect(shell.out()).not.toContain("Debugger");
  },
);

test("killed without a word, it leaves no host behind", async () => {
  const shell = start(tempDir());
  const { look } = await insideHost((await shell.ready).url);
  const { pid } = await look();
  shell.child.kill("SIGKILL");
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("a host that dies comes back, and open windows are told", async () => {
  const shell = start(tempDir());
  const { window, look } = await insideHost((await shell.ready).url);
  const { pid } = await look();
  window.socket.send(JSON.stringify({ f: "call", id: 900, method: "run.stop", params: {} }));
  await window.next((frame) => frame.f === "host" && frame["state"] === "starting");
  await expect.poll(() => window.frames.filter((frame) => frame.f === "host").at(-1)?.["state"]).toBe("ready");
  expect((await look()).pid).not.toBe(pid);
});

test("[T16] a link reaches the host from a cold start and from a second start, which then ends", async () => {
  const data = tempDir();
  const first = start(data, "bulkhead://join#cold");
  const { look } = await insideHost((await first.ready).url);
  const second = start(data, "bulkhead://join/#second");
  expect(await second.ended).toBe(0);
  expect(second.out()).toContain("already running");
  expect((await look()).links).toEqual(["bulkhead://join#cold", "bulkhead://join#second"]);
  // The address that the second start was given opens the running app.
  const address = /http:\S+/.exec(second.out())?.[0] ?? "";
  expect((await (await insideHost(address)).look()).links).toHaveLength(2);
});

test("[T28] a hostile link starts nothing", async () => {
  for (const link of ["bulkhead://approve#x", "bulkhead://join#<script>", `bulkhead://join#${"a".repeat(100_000)}`]) {
    const shell = start(tempDir(), link);
    expect(await shell.ended).toBe(2);
    expect(shell.out()).toMatch(/^The (link|code in the link) .*\.\n$/);
  }
});

test("--smoke ends once the host is ready", async () => {
  const shell = start(tempDir(), "--smoke");
  await shell.ready;
  expect(await shell.ended).toBe(0);
});

test("a port that is taken is said in words", async () => {
  const first = start(tempDir());
  const { port } = new URL((await first.ready).url);
  const second = start(tempDir(), "--port", port);
  expect(await second.ended).toBe(1);
  expect(second.out()).toContain("Choose another with --port");
});
