/**
 * The sync server inside the app, for a team without one of its own. It keeps its port across restarts, because the
 * address is part of every invite, and runs only while the app runs.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { oneByOne } from "#core/protocol/one-by-one.ts";
import { fallsNow, pauseBefore } from "#core/protocol/pauses.ts";
import type { NetworkAddress } from "#bridge/workspace.ts";
import { networkAddresses } from "./addresses.ts";
import { readWhole, writeWhole } from "./atomic-file.ts";
import { canListen, freePort } from "./free-port.ts";
import { refused } from "#bridge/refused.ts";
import type { Refusal } from "#core/facts/refusal.ts";

export type Reach = "computer" | "network";

/** A started server. */
export interface ServerChild {
  onExit(listener: () => void): void;
  /** Asks it to end. */
  stop(): void;
  kill(): void;
}

export interface EmbeddedServerParts {
  /** File that remembers the port. */
  readonly memory: string;
  readonly dataFolder: string;
  readonly start: (args: string[]) => ServerChild;
  /** This computer's addresses in networks, the likeliest first. */
  readonly addresses?: () => NetworkAddress[];
  readonly clock?: FallClock;
}
/** What the pauses between falls go by. */
export interface FallClock {
  /** Own monotonic time, ms. */
  readonly now: () => number;
  readonly after: (ms: number, work: () => void) => void;
}

export interface Wanted {
  /** The address that others dial. Without one it is the last that was wanted, or the likeliest. */
  readonly address?: string | undefined;
  /** Where this computer is in no network now, the origin of this computer alone is better than none. */
  readonly orHere?: boolean | undefined;
}

export interface EmbeddedServer {
  /** Resolves with the server's origin once it answers. Rejects with `Refusal`. */
  start(reach: Reach, wanted?: Wanted): Promise<string>;
  addresses(): NetworkAddress[];
  stop(): Promise<void>;
}

interface Running {
  readonly port: number;
  /** What it listens on. */
  readonly host: string;
  child: ServerChild | null;
  /** Set once the server is meant to end. */
  ending: boolean;
  gone: Promise<void>;
}

/** A server that ended is known at once, so this is only how long a busy computer may take to start one. */
const ANSWER_MS = 60_000;
const STOP_MS = 8_000;
/** One that stood so long fell for another reason than the last time, so it waits no longer than the first time. */
const STEADY_AFTER_MS = 60_000;
const OWN_CLOCK: FallClock = { now: () => performance.now(), after: (ms, work) => void setTimeout(work, ms) };
const Memory = z.strictObject({
  v: z.literal(1),
  port: z.number().int().min(1).max(65_535),
  reach: z.enum(["computer", "network"]),
  address: z.string().max(64).optional(),
});

export const createEmbeddedServer = (parts: EmbeddedServerParts): EmbeddedServer => {
  const addresses = parts.addresses ?? networkAddresses;
  let running: Running | null = null;
  // One at a time: two workspaces that ask at once must not start two servers.
  const inTurn = oneByOne();

  const start = async (asked: Reach, { address, orHere }: Wanted): Promise<string> => {
    const memory = readMemory(parts.memory);
    await storeIn(parts, memory !== undefined);
    // A workspace that teammates reach over the network stays reachable when another one is only for this computer.
    const reach: Reach = memory?.reach === "network" ? "network" : asked;
    const found = reach === "network" ? choose(addresses(), address, memory?.address) : undefined;
    // Said before anything is stopped: what runs goes on as it is.
    if (address !== undefined && found !== address) throw refused("address-gone", address);
    if (reach === "network" && found === undefined && orHere !== true) throw refused("not-in-network");
    const host = reach === "computer" ? "127.0.0.1" : found?.includes(":") === true ? "::" : "0.0.0.0";
    const before = running;
    if (running !== null && running.host !== host) await end();
    if (running === null) {
      try {
        running = run(parts, memory === undefined ? await freePort() : await bindable(memory.port), host);
        await answers(running);
      } catch (error) {
        await end();
        // Whoever was served goes on being served as before.
        if (before !== null) await answers((running = run(parts, before.port, before.host))).catch(() => undefined);
        throw error;
      }
    }
    const kept = address ?? memory?.address;
    writeWhole(
      parts.memory,
      `${JSON.stringify({ v: 1, port: running.port, reach, ...(kept === undefined ? {} : { address: kept }) })}\n`,
    );
    return originOf(found ?? "127.0.0.1", running.port);
  };

  const end = async (): Promise<void> => {
    const going = running;
    running = null;
    if (going === null) return;
    going.ending = true;
    going.child?.stop();
    const patience = setTimeout(() => going.child?.kill(), STOP_MS);
    await going.gone;
    clearTimeout(patience);
  };

  return { start: (reach, wanted = {}) => inTurn(() => start(reach, wanted)), addresses, stop: () => inTurn(end) };
};

/**
 * The store is made once, before the first start: a server on an empty folder would tell everybody that their workspace does
 * not exist. What is remembered of an earlier start says that there was one.
 */
const storeIn = async (parts: EmbeddedServerParts, wasStarted: boolean): Promise<void> => {
  if (existsSync(join(parts.dataFolder, "workspaces.sqlite"))) return;
  if (wasStarted) throw refused("server-store-gone");
  const making = parts.start(["--data", parts.dataFolder, "--new-store"]);
  await new Promise<void>((ended) => making.onExit(ended));
};

/** Starts the server and keeps it up until it is meant to end. */
const run = (parts: EmbeddedServerParts, port: number, host: string): Running => {
  const { now, after } = parts.clock ?? OWN_CLOCK;
  let falls = 0;
  let settle: () => void = () => undefined;
  const running: Running = {
    port,
    host,
    child: null,
    ending: false,
    gone: new Promise((resolve) => (settle = resolve)),
  };
  const begin = () => {
    if (running.ending) return settle();
    const child = parts.start(["--port", String(port), "--data", parts.dataFolder, "--create", "open", "--host", host]);
    running.child = child;
    const began = now();
    child.onExit(() => {
      running.child = null;
      if (running.ending) return settle();
      falls = fallsNow(falls, now() - began, STEADY_AFTER_MS);
      after(pauseBefore(falls, { first: 500, most: 15_000 }), begin);
    });
  };
  begin();
  return running;
};

const answers = async (running: Running): Promise<void> => {
  const until = Date.now() + ANSWER_MS;
  while (Date.now() < until) {
    // Asked only of our own child: when it has gone, whoever answers on this port is a stranger.
    if (running.child === null) throw portTaken(running.port);
    // Not listening yet.
    const response = await fetch(`http://127.0.0.1:${running.port}/healthz`, {
      signal: AbortSignal.timeout(5_000),
      redirect: "error",
    }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true && running.child !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw refused("server-silent");
};

const readMemory = (path: string): z.infer<typeof Memory> | undefined => {
  const text = readWhole(path);
  if (text === undefined) return undefined;
  try {
    return Memory.parse(JSON.parse(text));
  } catch {
    // The refusal says what is damaged and what to do.
    throw refused("server-memory");
  }
};

/**
 * This port, if nobody has it. Asked before the start: a stranger on our port would answer our question for health before
 * our own child finds out that it cannot listen.
 */
const bindable = async (port: number): Promise<number> => {
  if (await canListen(port)) return port;
  throw portTaken(port);
};

const portTaken = (port: number): Refusal => refused("server-stopped", String(port));

/** The address that is asked for, where this computer has it; else the last one, or the likeliest. */
const choose = (
  there: readonly NetworkAddress[],
  asked: string | undefined,
  last: string | undefined,
): string | undefined => {
  const has = (host: string | undefined): boolean => there.some((each) => each.host === host);
  if (asked !== undefined) return has(asked) ? asked : undefined;
  return has(last) ? last : there[0]?.host;
};

const originOf = (host: string, port: number): string =>
  new URL(`http://${host.includes(":") ? `[${host}]` : host}:${port}`).origin;
