/**
 * Composition root of the Electron shell.
 *
 * BULKHEAD_HOST_NODE names a Node 24 that runs host and sync server as plain child processes instead of Electron's
 * utility processes: a way to run on an Electron that is older than the one the app is written against.
 */
// First: see there.
import "../shell/signals.ts";
import * as remote from "@electron/remote/main/index.js";
import * as electron from "electron";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startApp } from "./app.ts";
import type { App } from "./app.ts";
import { utilityHost, utilityServer } from "./electron-children.ts";
import { sayItRuns, sayNotStarted } from "./error-boxes.ts";
import { createEmbeddedServer } from "../shell/embedded-server.ts";
import { hostEnvironment } from "../shell/host-env.ts";
import type { HostState } from "../shell/host-process.ts";
import { claimInstance } from "../shell/instance.ts";
import { declarePageScheme } from "./navigation.ts";
import { openLogFile } from "../shell/log-file.ts";
import { forkHost } from "../shell/node-host.ts";
import { forkServer } from "../shell/node-server.ts";
import { dataFolder, placesIn } from "../shell/places.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { createShellLog } from "../shell/shell-log.ts";
import { claimElectronInstance } from "./single-instance.ts";

const { app } = electron;
const built = join(dirname(fileURLToPath(import.meta.url)), "..");
const data = dataFolder(process.env);
const places = placesIn(data);
const env = hostEnvironment(process.env, {
  data,
  kind: "electron",
  detail: `Electron ${process.versions.electron ?? ""}, Chromium ${process.versions["chrome"] ?? ""}`,
});
const node = process.env["BULKHEAD_HOST_NODE"];
const smoke = process.argv.includes("--smoke");

const startServer = (args: string[]) => {
  const entry = join(built, "sync-server/main.js");
  return node === undefined
    ? utilityServer(electron.utilityProcess, entry, places.serverLog, args, env)
    : forkServer(entry, places.serverLog, args, env, node);
};

const log = createShellLog(openLogFile(places.log), "main", Date.now);
// Without this Electron would show the error's own text in a box that stops everything until it is clicked.
process.on("uncaughtException", (error) => log.fault("uncaught.exception", error));
process.on("unhandledRejection", (error) => log.fault("unhandled.rejection", error));

const hostEntry = join(built, "host/main.js");
const server = createEmbeddedServer({
  memory: places.embeddedServer,
  dataFolder: places.embeddedServerData,
  start: startServer,
});
const startHost = () =>
  node === undefined
    ? utilityHost(electron.utilityProcess, hostEntry, env, log.hostLine)
    : forkHost(hostEntry, env, log.hostLine, node);

/** One line of JSON for programs that start the app, when they ask for it. */
const onHostState = (state: HostState): void => {
  if (state.state === "starting") return;
  if (process.env["BULKHEAD_ANNOUNCE"] === "1")
    process.stdout.write(
      `${JSON.stringify({ ready: state.state === "ready", pid: process.pid, error: state.error })}\n`,
    );
  if (smoke) app.quit();
};

const run = async (links: string[], started: (app: App) => void): Promise<void> => {
  let shell: App | null = null;
  const claim = await claimInstance(data, links[0] ?? null, (link) => {
    if (link !== null) shell?.link(link);
    shell?.showMain();
    return null;
  });
  if (!claim.first) {
    // The browser shell has this data folder; it was given the link.
    sayItRuns(electron);
    return app.exit(0);
  }
  shell = startApp(electron, {
    remote,
    built,
    keyFile: places.keys,
    startHost,
    directPorts: node === undefined,
    server,
    onHostState,
    log,
  });
  for (const link of links.splice(0)) shell.link(link);
  started(shell);
  let ending = false;
  app.on("before-quit", (event) => {
    event.preventDefault();
    if (ending) return;
    ending = true;
    void Promise.resolve(shell?.close())
      .then(() => claim.release())
      .finally(() => app.exit(0));
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => app.quit());
};

const start = (): void => {
  app.setPath("userData", join(data, "electron"));
  declarePageScheme(electron.protocol);
  let shell: App | null = null;
  const links: string[] = [];
  const onLink = (url: string) => (shell === null ? void links.push(url) : shell.link(url));
  if (!claimElectronInstance(app, process.argv, onLink, () => shell?.showMain())) return app.exit(0);
  void app
    .whenReady()
    .then(() => run(links, (started) => (shell = started)))
    .catch((error: unknown) => {
      if (!(error instanceof Refusal)) log.fault("start.failed", error);
      sayNotStarted(electron, error);
      app.exit(1);
    });
};

start();
