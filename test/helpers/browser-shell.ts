import { mkdirSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createEmbeddedServer } from "../../electron/shell/embedded-server.ts";
import { hostEnvironment } from "../../electron/shell/host-env.ts";
import type { HostState } from "../../electron/shell/host-process.ts";
import { forkHost } from "../../electron/shell/node-host.ts";
import { openLogFile } from "../../electron/shell/log-file.ts";
import { createShellLog } from "../../electron/shell/shell-log.ts";
import { startBrowserShell } from "../../electron/browser-shell/shell.ts";
import { tempDir } from "./temp.ts";
import { PATIENCE_MS } from "./wait.ts";

export const echoHost = fileURLToPath(new URL("../fixtures/echo-host.mjs", import.meta.url));

/** A folder that looks like a built interface. */
export const fakeRenderer = (): string => {
  const folder = tempDir();
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>main page</title>");
  writeFileSync(join(folder, "popup.html"), "<!doctype html><title>popup page</title>");
  writeFileSync(join(folder, "assets/a.js"), "export {};");
  writeFileSync(join(folder, "secret.env"), "not an asset");
  return folder;
};

/** A running browser shell over a host that only echoes, gone when the test ends. */
export const runningShell = async () => {
  const data = tempDir();
  const opened: string[] = [];
  const states: HostState[] = [];
  let ready: () => void = () => undefined;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  const env = hostEnvironment(process.env, { data, kind: "browser", detail: "test" });
  const shell = await startBrowserShell({
    rendererFolder: fakeRenderer(),
    keyFile: join(data, "device-keys.json"),
    port: 0,
    popupPort: 0,
    startHost: () => forkHost(echoHost, env, () => undefined),
    server: createEmbeddedServer({
      memory: join(data, "memory.json"),
      dataFolder: join(data, "sync"),
      start: () => {
        throw new Error("no server in this test");
      },
    }),
    openAddress: (url) => opened.push(url),
    log: createShellLog(openLogFile(join(data, "logs/bulkhead.log")), "browser-shell", Date.now),
    onHostState: (state) => {
      states.push(state);
      if (state.state === "ready") ready();
    },
  });
  onTestFinished(() => shell.close());
  await isReady;
  const address = new URL(shell.address());
  return {
    shell,
    data,
    opened,
    states,
    origin: address.origin,
    popupOrigin: shell.popupOrigin,
    token: tokenIn(shell.address()),
  };
};

export const tokenIn = (address: string): string =>
  new URLSearchParams(new URL(address).hash.slice(1)).get("token") ?? "";

/** Sends exactly these bytes and gives back everything that came until the other side closed or a response was whole. */
export const rawRequest = (origin: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const socket = createConnection(Number(port), hostname, () => socket.write(text));
    let got = "";
    const patience = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      got += chunk;
      if (got.startsWith("HTTP/1.1 101")) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(patience);
      resolve(got);
    });
  });

export interface Upgrade {
  readonly to: string;
  readonly host?: string;
  readonly origin?: string | null;
  readonly protocols?: string | null;
  readonly path?: string;
}
/** Status code that a WebSocket handshake of exactly this form gets. */
export const upgradeStatus = async ({
  to,
  host = new URL(to).host,
  origin = to,
  protocols = null,
  path = "/port",
}: Upgrade): Promise<number> => {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  ];
  if (origin !== null) lines.push(`Origin: ${origin}`);
  if (protocols !== null) lines.push(`Sec-WebSocket-Protocol: ${protocols}`);
  return Number((await rawRequest(to, `${lines.join("\r\n")}\r\n\r\n`)).slice(9, 12));
};

export type Frame = Record<string, unknown> & { f: string };
/** A window as the interface opens it, without the interface. */
export const openWindow = async (origin: string, token: string) => {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/port`, ["bulkhead", `token.${token}`], { origin });
  onTestFinished(() => socket.terminate());
  const frames: Frame[] = [];
  const looks = new Set<() => void>();
  socket.on("message", (bytes) => {
    frames.push(JSON.parse((bytes as Buffer).toString("utf8")) as Frame);
    for (const look of looks) look();
  });
  const closed = new Promise<number>((resolve) => socket.on("close", (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  const next = (wanted: (frame: Frame) => boolean): Promise<Frame> =>
    new Promise((resolve) => {
      const look = () => {
        const found = frames.find(wanted);
        if (found === undefined) return;
        looks.delete(look);
        resolve(found);
      };
      looks.add(look);
      look();
    });
  let id = 0;
  return {
    socket,
    frames,
    closed,
    next,
    call: (method: string, params: unknown): Promise<Frame> => {
      const mine = ++id;
      socket.send(JSON.stringify({ f: "call", id: mine, method, params }));
      return next((frame) => (frame.f === "ok" || frame.f === "error") && frame["id"] === mine);
    },
  };
};
