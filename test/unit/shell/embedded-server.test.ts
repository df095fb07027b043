import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tells } from "../../helpers/worded.ts";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createEmbeddedServer } from "../../../electron/shell/embedded-server.ts";
import { freePort } from "../../../electron/shell/free-port.ts";
import { forkServer } from "../../../electron/shell/node-server.ts";
import { tempDir } from "../../helpers/temp.ts";

const entry = fileURLToPath(new URL("../../fixtures/tiny-server.mjs", import.meta.url));
interface Health {
  pid: number;
  args: string[];
}
const health = async (url: string): Promise<Health> => (await (await fetch(`${url}/healthz`)).json()) as Health;

const serverIn = (folder: string, hosts?: readonly string[]) => {
  let starts = 0;
  const server = createEmbeddedServer({
    memory: join(folder, "memory.json"),
    dataFolder: join(folder, "data"),
    ...(hosts === undefined
      ? {}
      : { addresses: () => hosts.map((host) => ({ host, name: "test", kind: "local" as const })) }),
    start: (args) => {
      if (!args.includes("--new-store")) starts++;
      return forkServer(entry, join(folder, "server.log"), args, { PATH: process.env["PATH"] ?? "" });
    },
  });
  onTestFinished(() => server.stop());
  return { server, starts: () => starts };
};

test("the server listens on this computer alone, and its address is the same after a restart", async () => {
  const folder = tempDir();
  const first = serverIn(folder);
  const url = await first.server.start("computer");
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+$/);
  expect((await health(url)).args).toEqual([
    "--port",
    new URL(url).port,
    "--data",
    join(folder, "data"),
    "--create",
    "open",
    "--host",
    "127.0.0.1",
  ]);
  await first.server.stop();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  expect(await serverIn(folder).server.start("computer")).toBe(url);
  expect(readFileSync(join(folder, "server.log"), "utf8")).toContain("listening");
});

test("asking twice at once starts one server", async () => {
  const { server, starts } = serverIn(tempDir());
  const [one, two] = await Promise.all([server.start("computer"), server.start("computer")]);
  expect(one).toBe(two);
  expect(starts()).toBe(1);
});

test("a server that died is started again on its port", async () => {
  const { server } = serverIn(tempDir());
  const url = await server.start("computer");
  const before = (await health(url)).pid;
  await fetch(`${url}/crash`).catch(() => undefined);
  await expect
    .poll(() =>
      health(url)
        .then(({ pid }) => pid)
        .catch(() => before),
    )
    .not.toBe(before);
});

test("a server that falls again and again is waited for ever longer, and one that stood for a minute not longer than at first", async () => {
  const folder = tempDir();
  const pauses: number[] = [];
  let at = 0;
  let fall: () => void = () => undefined;
  const server = createEmbeddedServer({
    memory: join(folder, "memory.json"),
    dataFolder: join(folder, "data"),
    clock: {
      now: () => at,
      after: (ms, work) => {
        pauses.push(ms);
        work();
      },
    },
    start: (args) => {
      const site = createServer((_, response) => void response.end("here")).listen(
        args.includes("--new-store") ? 0 : Number(args[args.indexOf("--port") + 1]),
        "127.0.0.1",
      );
      const listeners: (() => void)[] = [];
      const end = () => void site.close(() => listeners.forEach((listener) => listener()));
      if (args.includes("--new-store")) end();
      // Its port may be in nobody's hands for a moment: what follows is only told of the fall.
      fall = () => void listeners.splice(0).forEach((listener) => listener());
      onTestFinished(() => void site.close());
      site.on("error", () => undefined);
      return { onExit: (listener) => void listeners.push(listener), stop: end, kill: end };
    },
  });
  onTestFinished(() => server.stop());
  await server.start("computer");
  for (let i = 0; i < 7; i += 1) fall();
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  at += 59_999;
  fall();
  at += 60_000;
  fall();
  fall();
  expect(pauses.slice(7)).toEqual([15_000, 500, 1_000]);
});

test("for the network it gives this computer's address there, and stays reachable for everybody", async () => {
  const folder = tempDir();
  const { server } = serverIn(folder, ["127.0.0.1"]);
  const local = await server.start("computer");
  const wide = await server.start("network");
  expect(new URL(wide).port).toBe(new URL(local).port);
  expect((await health(wide)).args.at(-1)).toBe("0.0.0.0");
  await server.start("computer");
  expect((await health(wide)).args.at(-1)).toBe("0.0.0.0");
  await expect(serverIn(tempDir(), []).server.start("network")).rejects.toMatchObject({ code: "not-in-network" });
});

test("a port that somebody else has is an error with a name, and the stranger is not taken for the server", async () => {
  const folder = tempDir();
  const stranger = createServer((_, response) => response.end("ok"));
  const port = await freePort();
  await new Promise<void>((resolve) => stranger.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void stranger.close());
  writeFileSync(join(folder, "memory.json"), JSON.stringify({ v: 1, port, reach: "computer" }));
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data", "workspaces.sqlite"), "");
  const { server } = serverIn(folder);
  await expect(server.start("computer")).rejects.toMatchObject({ code: "server-stopped" });
  stranger.closeAllConnections();
  await new Promise((resolve) => stranger.close(resolve));
  expect(await server.start("computer")).toBe(`http://127.0.0.1:${port}`);
});

test("[SV40] the store is made before the first start and never again: one that is gone is said, and nobody is served an empty one", async () => {
  const folder = tempDir();
  const { server, starts } = serverIn(folder);
  const url = await server.start("computer");
  expect(readFileSync(join(folder, "data", "workspaces.sqlite"), "utf8")).toBe("made");
  await server.stop();
  renameSync(join(folder, "data"), join(folder, "elsewhere"));
  await expect(server.start("computer")).rejects.toEqual(
    tells("server-store-gone", "Put back the folder sync-server from a backup."),
  );
  expect(starts()).toBe(1);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  renameSync(join(folder, "elsewhere"), join(folder, "data"));
  expect(await server.start("computer")).toBe(url);
});

test("a damaged memory of the port is an error with a name, not another port", async () => {
  const folder = tempDir();
  for (const bad of ["", "{", '{"v":1,"port":0,"reach":"computer"}', '{"v":1,"port":80}']) {
    writeFileSync(join(folder, "memory.json"), bad);
    await expect(serverIn(folder).server.start("computer")).rejects.toMatchObject({ code: "server-memory" });
    expect(readFileSync(join(folder, "memory.json"), "utf8")).toBe(bad);
  }
});

test("[T37] the address that others dial is chosen among those there are, kept for later starts, and never one that is gone", async () => {
  const folder = tempDir();
  const hosts = ["127.0.0.1", "127.0.0.2"];
  const { server } = serverIn(folder, hosts);
  const port = new URL(await server.start("network")).port;
  expect(await server.start("network", { address: "127.0.0.2" })).toBe(`http://127.0.0.2:${port}`);
  await server.stop();
  const again = serverIn(folder, hosts).server;
  expect(await again.start("computer")).toBe(`http://127.0.0.2:${port}`);
  await expect(again.start("network", { address: "127.0.0.9" })).rejects.toEqual(tells("address-gone", "127.0.0.9"));
  expect((await health(`http://127.0.0.2:${port}`)).args.at(-1)).toBe("0.0.0.0");
  await again.stop();
  // On a computer that is in no network now the workspace still works there, and only an explicit wish is refused.
  const alone = serverIn(folder, []).server;
  await expect(alone.start("network")).rejects.toMatchObject({ code: "not-in-network" });
  expect(await alone.start("network", { orHere: true })).toBe(`http://127.0.0.1:${port}`);
});

test("[T37] where the port is somebody else's in the network, the server goes on for this computer as before", async () => {
  const folder = tempDir();
  const { server } = serverIn(folder, ["127.0.0.2"]);
  const url = await server.start("computer");
  const stranger = createServer((_, response) => response.end("ok"));
  await new Promise<void>((resolve) => stranger.listen(Number(new URL(url).port), "127.0.0.2", resolve));
  onTestFinished(() => void stranger.close());
  await expect(server.start("network")).rejects.toMatchObject({ code: "server-stopped" });
  expect((await health(await server.start("computer"))).args.at(-1)).toBe("127.0.0.1");
});
