/** Composition root of the browser shell. One running shell per data folder; a second start hands its link over. */
// First: see there.
import "../shell/signals.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readDeepLink } from "../shell/deep-link.ts";
import { createEmbeddedServer } from "../shell/embedded-server.ts";
import { hostEnvironment } from "../shell/host-env.ts";
import type { HostState } from "../shell/host-process.ts";
import { claimInstance } from "../shell/instance.ts";
import { openLogFile } from "../shell/log-file.ts";
import { forkHost } from "../shell/node-host.ts";
import { forkServer } from "../shell/node-server.ts";
import { dataFolder, placesIn } from "../shell/places.ts";
import { toldOf } from "#bridge/refused.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { factWords } from "#text/facts.ts";
import { createShellLog } from "../shell/shell-log.ts";
import { readOptions, USAGE } from "./args.ts";
import type { Options } from "./args.ts";
import { openBrowser } from "./open-browser.ts";
import { startBrowserShell } from "./shell.ts";
import type { BrowserShell } from "./shell.ts";
import { terminalWords as words } from "#text/shells.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the parts are. Tests name others. */
export interface Entries {
  readonly renderer: string;
  readonly host: string;
  readonly server: string;
}
const entries: Entries = {
  renderer: join(root, "build/renderer"),
  host: join(root, "electron/host/main.ts"),
  server: join(root, "sync-server/main.ts"),
};

/** Runs until a signal ends it, or until the host is ready with `--smoke`. Resolves with the exit code. */
export const runBrowserShell = async (args: readonly string[], at: Entries = entries): Promise<number> => {
  const options = readOptions(args);
  if ("problem" in options) return say(`${options.problem}\n${USAGE}`, 2);
  const link = options.link === null ? null : readDeepLink(options.link);
  if (link?.ok === false) return say(factWords(link.why), 2);
  if (!existsSync(join(at.renderer, "index.html"))) return say(words.notBuilt, 1);
  try {
    return await run(options, link?.url ?? null, at);
  } catch (error) {
    return say(startProblem(error), 1);
  }
};

const run = async (options: Options, link: string | null, at: Entries): Promise<number> => {
  const data = options.data ?? dataFolder(process.env);
  let shell: BrowserShell | null = null;
  const links = link === null ? [] : [link];
  const claim = await claimInstance(data, link, (handed) => {
    if (handed !== null && shell?.link(handed) === undefined) links.push(handed);
    return shell?.address() ?? null;
  });
  if (!claim.first) {
    if (claim.address !== null) show(claim.address, options.open);
    return say(words.runs, 0);
  }
  const ending = untilSignal();
  let hostSettled: (state: HostState) => void = () => undefined;
  const settled = new Promise<HostState>((resolve) => (hostSettled = resolve));
  try {
    shell = await startBrowserShell({
      ...partsFor(data, options, at),
      onHostState: (state) => state.state !== "starting" && hostSettled(state),
    });
    for (const waiting of links) shell.link(waiting);
    const address = shell.address();
    show(address, options.open && !options.smoke);
    void settled.then((state) => announce(state, address, shell?.popupOrigin ?? ""));
    const first = options.smoke ? await Promise.race([settled, ending]) : await ending;
    return typeof first === "object" && first.state === "failed"
      ? say(first.error === null ? words.hostFailed : factWords(first.error), 1)
      : 0;
  } finally {
    await shell?.close();
    await claim.release();
  }
};

const partsFor = (data: string, options: Options, at: Entries) => {
  const places = placesIn(data);
  const log = createShellLog(openLogFile(places.log), "browser-shell", Date.now);
  const env = hostEnvironment(process.env, {
    data,
    kind: "browser",
    detail: words.shell(process.versions.node),
  });
  return {
    rendererFolder: at.renderer,
    log,
    keyFile: places.keys,
    port: options.port,
    popupPort: options.popupPort,
    startHost: () => forkHost(at.host, env, log.hostLine),
    server: createEmbeddedServer({
      memory: places.embeddedServer,
      dataFolder: places.embeddedServerData,
      start: (args) => forkServer(at.server, places.serverLog, args, env),
    }),
    openAddress: (url: string) => void (options.open && openBrowser(url)),
  };
};

const show = (address: string, open: boolean) => {
  const opened = open && openBrowser(address);
  process.stdout.write(`${opened ? words.at(address) : words.openIt(address)}\n`);
};

/** One line of JSON for programs that start the shell, when they ask for it. */
const announce = (state: HostState, url: string, popupOrigin: string) => {
  if (process.env["BULKHEAD_ANNOUNCE"] !== "1") return;
  const line =
    state.state === "ready"
      ? { ready: true, url, popupOrigin, pid: process.pid }
      : { ready: false, url, popupOrigin, pid: process.pid, error: state.error };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** A second signal does not wait for anything. */
const untilSignal = (): Promise<"signal"> =>
  new Promise((resolve) => {
    let asked = false;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve("signal");
      });
    }
  });

const startProblem = (error: unknown): string => {
  if (error instanceof Refusal) return factWords(toldOf(error));
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return words.portTaken;
  if (code === "EACCES" || code === "EROFS" || code === "EPERM") return words.mayNotWrite;
  if (code === "ENOSPC") return words.diskFull;
  return words.notHere;
};

const say = (text: string, code: number): number => {
  process[code === 0 ? "stdout" : "stderr"].write(`${text}\n`);
  return code;
};

if (import.meta.main) process.exitCode = await runBrowserShell(process.argv.slice(2));
