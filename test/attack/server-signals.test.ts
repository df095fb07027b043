/** Signals that an administrator sends by habit or by a slip, and a log that nobody reads any more: none ends the server or opens it. */
import { expect, test } from "vitest";
import { LOG } from "#core/protocol/ids.ts";
import { startProcess } from "../helpers/sync-process.ts";
import { foundAt } from "../helpers/sync-world.ts";
import { tempDir } from "../helpers/temp.ts";
import { dial } from "../helpers/wire-client.ts";

const posix = process.platform !== "win32";
const start = (...flags: string[]) => startProcess(["--port", "0", "--data", tempDir(), ...flags]);
const healthy = async (url: string): Promise<boolean> =>
  (await fetch(`${url}/healthz`).catch(() => undefined))?.ok === true;

test.runIf(posix)(
  "[SV48] a reload, and the signal beside the one for a backup, are logged and change nothing; no debugger opens",
  async () => {
    const server = start();
    const url = await server.url;
    for (const signal of ["SIGHUP", "SIGUSR1", "SIGHUP"] as const) {
      const before = server.errors().split("\n").length;
      server.child.kill(signal);
      await expect.poll(() => server.errors().split("\n").length).toBeGreaterThan(before);
      expect(server.errors()).toContain(`"event":"signal-ignored","code":"${signal}"`);
      expect(await healthy(url)).toBe(true);
    }
    expect(server.errors()).not.toContain("Debugger");
    server.child.kill("SIGTERM");
    expect(await server.exit).toBe(0);
  },
);

test.runIf(posix)("[SV48] whoever asks twice to stop gets the same clean end", async () => {
  const server = start();
  await server.url;
  server.child.kill("SIGINT");
  server.child.kill("SIGTERM");
  server.child.kill("SIGINT");
  expect(await server.exit).toBe(0);
});

test("[SV48] a log whose reader went away does not end the server", async () => {
  const server = start("--until-stdin-ends");
  const url = await server.url;
  server.child.stderr?.destroy();
  server.child.stdout?.destroy();
  const world = await foundAt(url);
  // A refusal, which is logged.
  const shut = dial(url, world.wid, LOG);
  await shut.hello;
  shut.ws.send("text");
  expect(await shut.closed).toMatchObject({ code: 4400 });
  expect(await healthy(url)).toBe(true);
  server.child.stdin?.end();
  expect(await server.exit).toBe(0);
});
