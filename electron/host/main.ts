/**
 * The agent host's process: a utility process of Electron, or a child of Node. It speaks to its parent alone, and ends
 * with it: on `stop`, when the channel closes, or on a polite signal.
 */
import { HOST_ENV } from "#bridge/shell-port.ts";
import { openHost, type Host } from "./host.ts";
import { createLog, unexpectedIn } from "./log.ts";
import { LOCAL_ENDPOINTS, type LocalEndpoints } from "./models/endpoints.ts";
import { channelOf, createShellLink, type ShellLink } from "./rpc/shell-link.ts";
import { Refusal } from "#core/facts/refusal.ts";
import { refused, toldOf } from "#bridge/refused.ts";
import { createBackups } from "./store/backup.ts";
import { openStore, type Store } from "./store/open.ts";
import { createBeat } from "./beat.ts";
import { VERSION } from "#bridge/version.ts";
import { fetchOverDial } from "./ways/connectors.ts";
import { useRoutes } from "./ways/dial.ts";
import { createFindRoute } from "./ways/proxies.ts";

const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const beat = createBeat();
const log = createLog((line) => void process.stderr.write(line), clock.now);
/** Starting again changes nothing about these: the host stays, so that the shell goes on showing what to do. */
const STAYS = new Set(["store-corrupt", "store-newer", "store-above"]);

/** How often it is looked whether a backup is due. */
const BACKUP_LOOK_MS = 3_600_000;

const start = async (link: ShellLink): Promise<void> => {
  let store: Store | null = null;
  let host: Host | null = null;
  let stopping = false;

  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await host?.close().catch((error: unknown) => log.fault("host.close", error));
    beat.close();
    store?.close();
    process.exit(0);
  };
  // Links that come while the rooms open are kept: a cold start by a link is the usual way to join.
  const early: string[] = [];
  link.serve({
    window: (port, kind) => host?.rpc.attach(port, kind),
    link: (url) => (host === null ? void early.push(url) : host.link(url)),
    stop: () => void stop(),
  });
  // Not once: a second Ctrl-C, or the terminal that is closed, would otherwise end it in the middle.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop());

  useRoutes(createFindRoute(process.env, (origin) => link.request("proxy.of", { origin }).then(String)));
  if (!fetchOverDial()) log.note("ways.fetch", { code: "own" });

  try {
    const dir = process.env[HOST_ENV.dataDir];
    if (dir === undefined || dir === "") throw refused("no-folder");
    store = openStore({ dir });
    const kind = process.env[HOST_ENV.shellKind] === "electron" ? "electron" : "browser";
    host = await openHost({
      store,
      dir,
      shell: link,
      about: { kind, detail: process.env[HOST_ENV.shellDetail] ?? "" },
      clock,
      log,
      local: endpoints(),
      beat,
    });
    for (const url of early) host.link(url);
    link.tell({ s: "ready", version: VERSION });
    log.note("host.ready", { ms: Math.round(performance.now()) });
    const backups = createBackups(store, clock.now);
    const look = (): void =>
      void backups
        .look()
        .catch((error: unknown) =>
          error instanceof Refusal
            ? log.note("backup.unmade", { code: error.code })
            : log.fault("backup.failed", error),
        );
    look();
    beat.each(look, BACKUP_LOOK_MS);
    beat.each(store.drainJournal);
  } catch (error) {
    const refusal = error instanceof Refusal ? error : refused("host-broken");
    if (unexpectedIn(error) !== undefined) log.fault("host.failed", unexpectedIn(error));
    else log.note("host.failed", { code: refusal.code });
    link.tell({ s: "failed", error: toldOf(refusal) });
    store?.close();
    // Otherwise the shell starts us again after a pause, which helps against a lock, a full disk and a slow keychain.
    if (!STAYS.has(refusal.code)) setTimeout(() => process.exit(1), 200);
  }
};

/** Other ports of the local model servers, for computers where they were moved. */
const endpoints = (): LocalEndpoints => ({
  ollama: process.env["BULKHEAD_OLLAMA_URL"] ?? LOCAL_ENDPOINTS.ollama,
  lmStudio: process.env["BULKHEAD_LMSTUDIO_URL"] ?? LOCAL_ENDPOINTS.lmStudio,
});

// The terminal that read the log may be gone; the reason must not be that a line was written for it.
process.stderr.on("error", () => undefined);
// What Node prints by itself holds the error's message, which can quote content.
process.on("unhandledRejection", (error) => log.fault("unhandled.rejection", error));
process.on("uncaughtException", (error) => {
  log.fault("uncaught.exception", error);
  process.exit(1);
});

const channel = channelOf(process);
if (channel === null) {
  process.stderr.write("The agent host is started by Bulkhead itself. Use: npm start\n");
  process.exitCode = 2;
} else {
  await start(createShellLink(channel));
}
