/**
 * The sync server as a command:
 *
 *   node sync-server/main.ts --port 4700 (--data ./sync-data | --postgres) [--host 0.0.0.0]
 *                            [--origin https://sync.example.org]... [--create open|link|closed] [--trust-proxy] [--until-stdin-ends]
 *
 * The first time, the store is made by a run of its own, which ends when it is:
 *
 *   node sync-server/main.ts (--data ./sync-data | --postgres) --new-store
 *
 * With `--postgres` the database's address is read from BULKHEAD_POSTGRES: an argument would show in lists of processes.
 * Prints one line, `{"event":"listening","url":...}`, when it can be dialled; logs go to standard error. Where others reach
 * the server and nothing was founded yet, a second line, `{"event":"founding-link","link":...}`, is for whoever founds the
 * first workspace. Any failure to start is one sentence and exit code 1.
 */
// First: see there.
import { logSignals, onBackupSignal } from "./server/system/signals.ts";
import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { isServerOrigin } from "#core/protocol/origin.ts";
import { makeFoundingLink } from "./server/admission/foundings.ts";
import type { Founding } from "./server/admission/foundings.ts";
import { createLog, logFaults } from "./server/system/log.ts";
import type { Log } from "./server/system/log.ts";
import { startServer } from "./server/server.ts";
import type { RunningServer } from "./server/server.ts";
import { keptKey, makeNew } from "./server/order/new-store.ts";
import { hasSqliteStore, openSqliteStore } from "./server/store/sqlite-store.ts";
import type { SqliteStore } from "./server/store/sqlite-store.ts";
import { noStore, StoreProblem } from "./server/store/store.ts";
import type { ChainStore } from "./server/store/store.ts";
import { trustSystemStore } from "./server/system/system-store.ts";

/** Where the workspaces are kept: a folder of this machine, or a database. */
type Place =
  | { readonly engine: "sqlite"; readonly folder: string }
  | { readonly engine: "postgres"; readonly url: string };

interface Flags {
  readonly port: number;
  readonly place: Place;
  readonly host: string;
  readonly origins: readonly string[];
  readonly create: Founding;
  /** Whether a founding link was asked for in so many words, also where there are workspaces. */
  readonly wantsLink: boolean;
  readonly trustProxy: boolean;
  /** Stop when the parent process closes our standard input, also by dying. */
  readonly untilStdinEnds: boolean;
  /** Make the store and end. Not the same run as serving: a flag that stays in a unit would make one wherever there is none. */
  readonly newStore: boolean;
}

/** A sentence for the person at the terminal. */
class Usage extends Error {}

const OPTIONS = {
  port: { type: "string" },
  data: { type: "string" },
  postgres: { type: "boolean", default: false },
  host: { type: "string", default: "127.0.0.1" },
  origin: { type: "string", multiple: true, default: [] as string[] },
  create: { type: "string" },
  "trust-proxy": { type: "boolean", default: false },
  "until-stdin-ends": { type: "boolean", default: false },
  "new-store": { type: "boolean", default: false },
} as const;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const first = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? "") : "";
    throw new Usage(
      `${first}. Usage: --port N (--data DIR | --postgres) [--host H] [--origin URL] [--create open|link|closed] [--trust-proxy]. Once, to make the store: (--data DIR | --postgres) --new-store.`,
    );
  }
};

const readPlace = (data: string | undefined, postgres: boolean): Place => {
  if (postgres && data !== undefined)
    throw new Usage("Choose one place: --data DIR for this machine, or --postgres for a database.");
  if (!postgres) {
    if (data === undefined || data === "")
      throw new Usage("Say where to keep the workspaces, e.g. --data ./sync-data, or --postgres.");
    return { engine: "sqlite", folder: data };
  }
  const url = process.env["BULKHEAD_POSTGRES"] ?? "";
  if (!URL.canParse(url) || !["postgres:", "postgresql:"].includes(new URL(url).protocol))
    throw new Usage(
      "Set BULKHEAD_POSTGRES to the database, e.g. postgres://bulkhead:password@db.example.org/bulkhead.",
    );
  return { engine: "postgres", url };
};

/** SIGUSR2 asks for a copy of the file; a second one while it is being made changes nothing. */
const backUpOn = (store: SqliteStore, log: Log): void => {
  let running = false;
  const backUp = async (): Promise<void> => {
    if (running) return;
    running = true;
    const start = Date.now();
    try {
      const bytes = await store.backup();
      log({ event: "backup", bytes, ms: Date.now() - start });
    } catch (error) {
      log({ event: "backup-failed", code: error instanceof StoreProblem ? error.code : "internal" });
    }
    running = false;
  };
  onBackupSignal(() => void backUp());
};

const whereIs = (place: Place): string => (place.engine === "sqlite" ? place.folder : "this database");

/** `make`: a store that is not there is made, and nothing else is done with it. */
const openStore = async (place: Place, log: Log, make: boolean): Promise<ChainStore> => {
  if (place.engine === "sqlite") {
    if (!make && !hasSqliteStore(place.folder)) throw noStore(place.folder);
    const store = openSqliteStore(place.folder);
    if (!make) backUpOn(store, log);
    return store;
  }
  onBackupSignal(() => log({ event: "backup-failed", code: "not-sqlite" }));
  trustSystemStore();
  // The driver is loaded only where it is used.
  const { openPostgresStore } = await import("./server/store/postgres-store.ts");
  return openPostgresStore({ url: place.url, make });
};

/** Apps sign the address in one spelling, and that is what must be given. */
const notOrigin = (bad: string): string => {
  const url = URL.canParse(bad) ? new URL(bad) : undefined;
  const meant = url?.origin ?? "";
  return isServerOrigin(meant) && url?.href === `${meant}/`
    ? `--origin ${JSON.stringify(bad)} must be written as apps write it: ${meant}`
    : `--origin ${JSON.stringify(bad)} is not an origin such as https://sync.example.org, without a path.`;
};

/** Whether others than this computer's own people may come: then a workspace is not for everybody to found. */
const isReached = ({
  host,
  origin,
  trustProxy,
}: {
  host: string;
  origin: readonly string[];
  trustProxy: boolean;
}): boolean => trustProxy || !isHere(host) || origin.some((each) => !isHere(new URL(each).hostname));
const isHere = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));

const readFlags = (args: string[]): Flags => {
  const {
    port,
    data,
    postgres,
    host,
    origin,
    create,
    "trust-proxy": trustProxy,
    "until-stdin-ends": untilStdinEnds,
    "new-store": newStore,
  } = parse(args);
  if (newStore)
    return {
      port: 0,
      place: readPlace(data, postgres),
      host,
      origins: [],
      create: "closed",
      wantsLink: false,
      trustProxy,
      untilStdinEnds,
      newStore,
    };
  if (port === undefined || !/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Usage("Say which port to listen on, from 0 (any free one) to 65535, e.g. --port 4700.");
  const place = readPlace(data, postgres);
  if (create !== undefined && create !== "open" && create !== "link" && create !== "closed")
    throw new Usage(
      "--create is open (anybody who can connect may make a workspace), link (only with a link that is printed here) or closed.",
    );
  const bad = origin.find((item) => !isServerOrigin(item));
  if (bad !== undefined) throw new Usage(notOrigin(bad));
  return {
    port: Number(port),
    place,
    host,
    origins: origin,
    create: create ?? (isReached({ host, origin, trustProxy }) ? "link" : "open"),
    wantsLink: create === "link",
    trustProxy,
    untilStdinEnds,
    newStore,
  };
};

const sentence = (error: unknown, flags: Flags | undefined): string => {
  if (error instanceof Usage || error instanceof StoreProblem) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  if (code === "EADDRINUSE")
    return `Port ${flags?.port ?? ""} is already in use. Choose another one with --port, or stop what is using it.`;
  if (code === "EACCES")
    return `This account may not listen on port ${flags?.port ?? ""}. Choose one above 1023 with --port.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `${flags?.host ?? "That address"} is not an address of this computer. Choose another one with --host.`;
  return `The sync server could not start (${code}).`;
};

const stopOn = (server: RunningServer, flags: Flags): void => {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (!flags.untilStdinEnds) return;
  process.stdin.on("end", stop).on("close", stop).on("error", stop).resume();
};

const tellLink = async (store: ChainStore, url: string, wanted: boolean): Promise<void> => {
  if (!wanted && (await store.workspaces()).length > 0) return;
  const { link, until } = await makeFoundingLink(store, url, Date.now());
  process.stdout.write(
    `${JSON.stringify({ event: "founding-link", link, until: new Date(until).toISOString(), use: "Paste it in Bulkhead as the server's address when you create a workspace. It works once." })}\n`,
  );
};

const madeNew = async (store: ChainStore, place: Place): Promise<void> => {
  try {
    await makeNew(store, whereIs(place));
  } finally {
    await store.close();
  }
  process.stdout.write(`${JSON.stringify({ event: "store-made" })}\n`);
};

const run = async (): Promise<void> => {
  let flags: Flags | undefined;
  try {
    flags = readFlags(process.argv.slice(2));
    const log = createLog((line) => process.stderr.write(line), Date.now);
    logFaults(log);
    logSignals(log);
    const store = await openStore(flags.place, log, flags.newStore);
    if (flags.newStore) return await madeNew(store, flags.place);
    await keptKey(store, whereIs(flags.place));
    const server = await startServer({
      store,
      host: flags.host,
      port: flags.port,
      origins: flags.origins,
      create: flags.create,
      trustProxy: flags.trustProxy,
      now: Date.now,
      monotonic: () => performance.now(),
      log,
    });
    stopOn(server, flags);
    process.stdout.write(`${JSON.stringify({ event: "listening", url: server.url, port: server.port })}\n`);
    if (flags.create === "link") await tellLink(store, server.url, flags.wantsLink);
  } catch (error) {
    process.stderr.write(`${sentence(error, flags)}\n`);
    process.exitCode = 1;
    process.exit();
  }
};

await run();
